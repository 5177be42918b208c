/** Rows, new rows and values for every table of the design, made once and replayed as SQL wherever probes are sent. */
import { sharedTableOf } from '../../design/parent-rules.ts'
import type { ForeignKeyPlan, Plan, TablePlan } from '../../design/plan.ts'
import { type TableSpec, writableColumns } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { type Fixtures, createFixtures, isOpen } from '../fixtures/fixtures.ts'
import { decidingTables, schemasOf } from '../../artifacts/pgtap-surroundings.ts'
import { schemaRights, writersOf } from '../../sql/ways-round.ts'
import { seededUuid } from '../fixtures/seeded.ts'
import { type Acting, prepareActing } from './acting/acting.ts'
import { findChanges } from './changes.ts'
import { draftRows } from './drafts.ts'
import { readFacts } from './facts.ts'
import { findMoves } from './moves.ts'
import { type Population, decidingFirst, parentRows } from './parents.ts'
import { type Promotions, promotionsOf } from './promotions.ts'
import { prepareJobs } from './prepare-jobs.ts'
import type { PreparedSubject } from './requests.ts'
import { searchCases } from './search-cases.ts'
import { seedRows } from './seed-rows.ts'
import type { Strangers } from './shapes/oracles.ts'
import type { Subject, SubjectRow } from './subject.ts'
import { type PreparedBucket, prepareBucket } from './storage/prepare-bucket.ts'
import { type PreparedView, prepareView } from './views/prepare-view.ts'
import { type World, createWorld } from './world.ts'

export interface Prepared {
  /** Inserts the people; `tables` inserts the rows of one table on top of them. */
  world: string
  tables: PreparedSubject[]
  /** What is asked after the tables: their rows stay. */
  views: PreparedView[]
  buckets: PreparedBucket[]
  /** `schemaRights` of the design's schemas. */
  schemaRights: string | null
  /** `writersOf` the organisations and memberships that were there. */
  writers: string | null
  /** The functions on memberships, where the design has them. */
  acting: Acting | null
  /** Of memberships that were there before the design. */
  promotions: Promotions | null
  /** What background jobs are asked to do with each table. */
  jobs: PreparedSubject[]
  /** Rows and values that could not be found. */
  open: string[]
}

/** Everything that requests are sent to, in the order in which its rows are made. */
export function subjectsOf({ tables, views, buckets, jobs }: Prepared): PreparedSubject[] {
  return [...tables, ...views, ...buckets, ...jobs]
}

/** Everything happens in one transaction that is rolled back. Rows of a table stay for those behind it, as in a test file. */
export async function prepare(session: Session, plan: Plan): Promise<Prepared> {
  await session.query('begin')
  try {
    const fixtures = await createFixtures(session, { samples: plan.spec.samples, seed: plan.spec.design })
    const world = await createWorld(fixtures, plan.spec)
    const { rows } = await session.query<{ rights: string | null; writers: string | null }>(`select (${schemaRights(schemasOf(plan))}) as rights, (${writersOf(decidingTables(plan))}) as writers`)
    const prepared: Prepared = { world: script(fixtures), tables: [], views: [], buckets: [], jobs: [], acting: null, promotions: null, schemaRights: rows[0]?.rights ?? null, writers: rows[0]?.writers ?? null, open: [...world.open] }
    if (world.open.length > 0) return prepared
    const rowsOf = new Map<TableSpec, SubjectRow[]>()
    for (const table of decidingFirst(plan)) {
      const made = await prepareTable(session, plan, table, { fixtures, world, spec: plan.spec, rowsOf, facts: readFacts(session, plan.spec, world) })
      rowsOf.set(table.table, made.subject.rows)
      prepared.tables.push(made)
      prepared.open.push(...made.subject.open)
    }
    for (const view of plan.views) prepared.views.push(await prepareView(session, fixtures, plan, view, world))
    for (const bucket of plan.buckets) prepared.buckets.push(prepareBucket(plan, bucket, world))
    prepared.jobs.push(...(await prepareJobs(session, fixtures, plan, world)))
    prepared.open.push(...prepared.jobs.flatMap(({ subject }) => subject.open))
    prepared.open.push(...prepared.views.flatMap(({ subject }) => subject.open))
    prepared.promotions = await promotionsOf(fixtures, plan.spec, world)
    prepared.acting = await prepareActing(fixtures, plan.spec, world)
    prepared.open.push(...(prepared.acting?.open ?? []))
    return prepared
  } finally {
    await session.query('rollback')
  }
}

async function prepareTable(session: Session, plan: Plan, { table, foreignKeys }: TablePlan, population: Population): Promise<Prepared['tables'][number]> {
  const { fixtures, world, facts } = population
  const parents = await parentRows(population, table)
  const seeded = await seedRows(population, table, parents)
  const drafts = await draftRows(population, table, parents)
  const strangers: Strangers[] = []
  for (const key of foreignKeys) strangers.push(...(await strangersOf(fixtures, table, key, world)))
  const inserts = script(fixtures)
  const rows = (await facts.rows(table)).map((row, index): SubjectRow => {
    const key = table.primaryKey.map((name) => row.values[name] ?? '').join('|')
    return { ...row, ...(seeded.titles.get(key) ?? titleOfShare(table, row.values, population) ?? anotherTitle(table, row.facts, world, index)) }
  })
  const open = [...seeded.open, ...drafts.open, ...facts.refusals().map((reason) => `${table.schema}.${table.name}: ${reason}`)]
  const partial = { plan, table, world, rows, open, parents: [...parents] }
  const changes = await findChanges(session, fixtures, partial)
  if (changes.blind === null && writableColumns(table, 'update').length > 0) open.push(`${table.schema}.${table.name}: no UPDATE without a condition was sent, because no value was found that its rows take`)
  const subject: Subject = { ...partial, drafts: drafts.byIdentity, changes, moves: await findMoves(session, partial) }
  return { subject, strangers, script: inserts, searches: await searchCases(session, subject) }
}

/** Shares stand for the people that they name. */
function titleOfShare(table: TableSpec, values: SubjectRow['values'], { spec, rowsOf, world }: Population): { id: string; title: string } | undefined {
  const shared = sharedTableOf(table, spec.tables)
  const shares = shared?.access.shares
  if (!shared || !shares) return undefined
  const row = rowsOf.get(shared)?.find(({ key }) => key === values[shares.row])
  const identity = world.identities.find(({ caller }) => caller.userId !== null && caller.userId === values[shares.user])
  return row && identity && { id: `share:${row.id}:${identity.id}`, title: `share of ${identity.title} in: ${row.title}` }
}

/** Rows that the world needed, or that are parents of others. */
function anotherTitle(table: TableSpec, facts: SubjectRow['facts'], world: World, index: number): { id: string; title: string } {
  const tenant = world.tenants.find(({ key }) => key === facts.tenant)
  const owner = world.owners.find(({ identity }) => identity.caller.userId === facts.owner) ?? world.identities.map((identity) => ({ identity })).find(({ identity }) => facts.owner !== null && identity.caller.userId === facts.owner)
  if (table.kind === 'organizations' && tenant) return { id: `organization:${tenant.id}`, title: `organisation ${tenant.title}` }
  if (table.kind === 'memberships' && tenant && owner) return { id: `membership:${owner.identity.id}:${tenant.id}`, title: `membership in ${tenant.title} of ${owner.identity.title}` }
  return { id: `other:${index + 1}`, title: `row ${index + 1}${tenant ? ` of ${tenant.title}` : ''}` }
}

async function strangersOf(fixtures: Fixtures, table: TableSpec, key: ForeignKeyPlan, world: World): Promise<Strangers[]> {
  const other = world.tenants[1]
  const links = key.columns.map((column, index) => ({ column, referenced: key.references.columns[index] ?? '' })).filter(({ column }) => column !== table.tenantColumn)
  const scope = key.columns.indexOf(table.tenantColumn ?? '')
  const writable = writableColumns(table, 'insert')
  if (!key.tenantScoped || key.deferrable || !other || scope === -1 || links.length === 0 || !links.every(({ column }) => writable.includes(column))) return []
  const parent = await fixtures.row(key.references.table, { given: { [key.references.columns[scope] ?? '']: other.key } })
  if (isOpen(parent)) return []
  const shape = fixtures.shape(key.references.table)
  const nowhere = (referenced: string) => (shape.columns.find(({ name }) => name === referenced)?.type === 'uuid' ? seededUuid('nowhere') : '987654')
  return [
    {
      key,
      tenant: other.key,
      elsewhere: Object.fromEntries(links.map(({ column, referenced }) => [column, parent.stored[referenced] ?? null])),
      nowhere: Object.fromEntries(links.map(({ column, referenced }) => [column, nowhere(referenced)])),
    },
  ]
}

function script(fixtures: Fixtures): string {
  return fixtures.takeStatements().join(';\n')
}
