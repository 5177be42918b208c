/** A view under test: rows that it shows and rows that it leaves out, on top of those of its tables. */
import type { Plan, ViewPlan } from '../../../design/plan.ts'
import { emptyTable } from '../../../design/reading/table-draft.ts'
import type { ViewSpec } from '../../../design/view-spec.ts'
import type { Session } from '../../../postgres/session.ts'
import { type QualifiedName, qualified } from '../../../sql/identifier.ts'
import { tableConditions } from '../../../sql/table-conditions.ts'
import { type Fixtures, isOpen } from '../../fixtures/fixtures.ts'
import { refusalOf } from '../../proof-error.ts'
import type { PreparedSubject } from '../requests.ts'
import { visibility } from '../row-states.ts'
import { homes } from '../seed-rows.ts'
import type { Subject, SubjectRow } from '../subject.ts'
import type { World } from '../world.ts'
import { type ViewAnswers, expectedRows } from './expected-rows.ts'
import { viewProbes } from './view-probes.ts'
import type { ReadTable } from './visible-rows.ts'

export interface PreparedView extends PreparedSubject {
  view: ViewSpec
  /** By what the spec says, over the rows that were made. */
  answers: ViewAnswers
}

/** The rows of the tables are there. */
export async function prepareView(session: Session, fixtures: Fixtures, plan: Plan, { view }: ViewPlan, world: World): Promise<PreparedView> {
  const open = await seedView(fixtures, plan, view, world)
  const script = fixtures.takeStatements().join(';\n')
  const tables = readTables(fixtures, view, plan)
  const answers = await expectedRows(session, view, tables, world).catch((error: unknown) => {
    open.push(`${qualified(view)}: what it must show was not found out: ${refusalOf(error)}`)
    return { all: [], of: new Map() } satisfies ViewAnswers
  })
  const shows = [...answers.of.values()].some((rows) => rows !== null && rows.length > 0)
  if (open.length === 0 && !shows) open.push(`${qualified(view)}: nobody sees a row of it, so nothing is known of what it shows. Rows that it shows go under \`samples\` of the spec`)
  const [seen, hidden] = [rowOf('seen', 'rows that the caller may see'), rowOf('hidden', 'any other row')]
  const subject: Subject = { plan, table: emptyTable(view.schema, view.name), world, rows: [seen, hidden], drafts: new Map(), changes: { byRow: new Map(), blind: null }, parents: [], moves: new Map(), open }
  return {
    subject, script, strangers: [], view, answers,
    requests: {
      opens: '_views.sql',
      isThere: async (asked) => (await asked.query<{ there: boolean }>('select to_regclass($1) is not null as there', [qualified(view)])).rows[0]?.there === true,
      ask: async (asked) => {
        const now = await expectedRows(asked, view, tables, world)
        const allows = (verb: string, identity: World['identities'][number], facts: SubjectRow['facts']) => verb === 'select' && facts === seen.facts && (now.of.get(identity)?.length ?? 0) > 0
        return { context: { subject, before: new Map(), allows }, probes: viewProbes({ view, answers: now, seen, hidden }, world.identities) }
      },
    },
  }
}

function rowOf(id: string, title: string): SubjectRow {
  return { id, title, key: id, values: {}, facts: { owner: null, tenant: null, organizationDeleted: false, deleted: false, where: { own: true, any: true }, parent: null, shares: [] } }
}

/** Rows on both sides of the conditions, for every home that a row can have. What several tables decide together is left to the rows that are there. */
async function seedView(fixtures: Fixtures, plan: Plan, view: ViewSpec, world: World): Promise<string[]> {
  const conditions = view.table === null ? tableConditions(view.sql) : view.where === null ? [] : [{ ...view.table, sql: view.where }]
  const open: string[] = []
  for (const name of view.reads) {
    const of = conditions.filter((one) => one.schema === name.schema && one.name === name.name)
    if (of.length > 0) open.push(...(await seedTable(fixtures, plan, name, of.map(({ sql }) => sql), world)))
  }
  return open
}

async function seedTable(fixtures: Fixtures, plan: Plan, name: QualifiedName, conditions: readonly string[], world: World): Promise<string[]> {
  const table = plan.spec.tables.find((one) => one.schema === name.schema && one.name === name.name)
  const places = table && table.kind === 'row' ? homes(table, world).map(({ given }) => given) : [{}, {}]
  const base = table ? visibility(table, true, true) : []
  const holding = (holds: 'true' | 'not true') => conditions.map((sql) => ({ sql, holds }))
  const reasons: string[] = []
  for (const given of places) {
    const row = await fixtures.row(name, { given, must: [...base, ...holding('true')] })
    if (isOpen(row)) reasons.push(row.open)
  }
  for (const given of places.slice(0, 2)) await fixtures.row(name, { given, must: [...base, ...holding('not true')] })
  return reasons.length < places.length ? [] : [`${name.schema}.${name.name}: no row that the view shows, because ${reasons[0]}`]
}

function readTables(fixtures: Fixtures, { reads }: ViewSpec, plan: Plan): ReadTable[] {
  return reads.map((name) => {
    const table = plan.spec.tables.find((one) => one.schema === name.schema && one.name === name.name)
    return { ...name, primaryKey: table?.primaryKey ?? fixtures.shape(name).primaryKey, planned: table ? { table, plan } : null }
  })
}
