/** Every table of the design, and those of the repository that a job reaches, as the jobs see them: rows on both sides of their conditions. */
import { type JobTableSpec, jobOnTable } from '../../design/job-spec.ts'
import type { Plan } from '../../design/plan.ts'
import type { TableSpec } from '../../design/spec.ts'
import { existingJobTables } from '../../planner/jobs.ts'
import { jobsSlug } from '../../planner/phases.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { type Fixtures, type Wanted, isOpen } from '../fixtures/fixtures.ts'
import { arrayText } from '../fixtures/value-text.ts'
import { type FactsReader, readFacts } from './facts.ts'
import type { Identity } from './identity.ts'
import { jobIdentities } from './job-people.ts'
import type { PreparedSubject } from './requests.ts'
import { homes } from './seed-rows.ts'
import type { RowState } from './runner.ts'
import type { ShapeContext } from './shapes/context.ts'
import { jobProbes } from './shapes/jobs.ts'
import { type NewRow, type Subject, keyExpression, may, stateQuery } from './subject.ts'
import type { World } from './world.ts'

/** End of the path of the file that gives the jobs their rights. */
export function jobsFile(plan: Pick<Plan, 'spec'>): string {
  return `${jobsSlug(plan)}.sql`
}

/** The rows of the design's own tables are there. */
export async function prepareJobs(session: Session, fixtures: Fixtures, plan: Plan, people: World): Promise<PreparedSubject[]> {
  if (plan.jobs.length === 0) return []
  const identities = jobIdentities(plan.spec.jobs)
  const world: World = { ...people, identities }
  const prepared: PreparedSubject[] = []
  for (const table of [...plan.tables.map((planned) => planned.table), ...existingJobTables(plan.jobs)]) {
    const isNew = plan.tables.some((planned) => planned.table === table)
    const open: string[] = []
    const places = table.kind === 'row' ? homes(table, people).slice(0, 2).map(({ given }) => given) : []
    const row = async (given: Record<string, unknown>, must: NonNullable<Wanted['must']>, says: string) => {
      const made = await fixtures.row(table, { given, must })
      if (isOpen(made)) open.push(`${qualified(table)}: no row ${says}, because ${made.open}`)
    }
    if (!isNew) for (const given of places) await row(given, [], 'for jobs')
    const conditions = [...new Set(identities.flatMap(({ job }) => (job ? (jobOnTable(job, table)?.where ?? []) : [])))]
    for (const sql of conditions) {
      await row(places[0] ?? {}, [{ sql, holds: 'true' }], `that meets ${sql}`)
      await row(places[1] ?? {}, [{ sql, holds: 'not true' }], `that does not meet ${sql}`)
    }
    const facts = readFacts(session, plan.spec, people)
    const drafts: Subject['drafts'] = new Map()
    for (const identity of identities) {
      const access = identity.job ? jobOnTable(identity.job, table) : null
      if (access?.rights.some(({ verb }) => verb === 'insert')) drafts.set(identity, await newRows(fixtures, table, access, identity.caller.role, facts, open))
    }
    const script = fixtures.takeStatements().join(';\n')
    const meeting = await meetingOf(session, table, identities)
    const rows = (await facts.rows(table)).map((found, index) => {
      const jobs = [...meeting].filter(([, keys]) => keys.has(found.key)).map(([role]) => role)
      return { ...found, facts: { ...found.facts, jobs }, id: `job_row:${index + 1}`, title: `row ${index + 1}${described(table, identities, jobs)}` }
    })
    const subject: Subject = { plan, table, world, rows, drafts, changes: { byRow: new Map(), blind: null }, parents: [], moves: new Map(), open, of: 'jobs' }
    prepared.push({ subject, script, strangers: [], requests: requestsOf(plan) })
  }
  return prepared
}

/** Role → keys of the rows that meet its condition. */
async function meetingOf(session: Session, table: TableSpec, identities: readonly Identity[]): Promise<Map<string, Set<string>>> {
  const meeting = new Map<string, Set<string>>()
  for (const { job } of identities) {
    const where = job ? (jobOnTable(job, table)?.where ?? null) : null
    if (!job || where === null) continue
    const { rows } = await session.query<{ key: string }>(`select ${keyExpression(table)} as key from ${qualified(table)} where (${where})`)
    meeting.set(job.role, new Set(rows.map(({ key }) => key)))
  }
  return meeting
}

/** One that meets the condition and one that does not. */
async function newRows(fixtures: Fixtures, table: TableSpec, { where }: JobTableSpec, role: string, facts: FactsReader, open: string[]): Promise<NewRow[]> {
  const wanted = where === null ? [{ id: 'new', title: 'new row', must: [], meets: false }] : ([true, false] as const).map((meets) => ({ id: meets ? 'new' : 'new:outside', title: meets ? 'new row that meets the condition' : 'new row outside of the condition', must: [{ sql: where, holds: meets ? ('true' as const) : ('not true' as const) }], meets }))
  const rows: NewRow[] = []
  for (const { id, title, must, meets } of wanted) {
    const draft = await fixtures.draft(table, { must })
    if (isOpen(draft)) open.push(`${qualified(table)}: no ${title} for ${role}, because ${draft.open}`)
    else rows.push({ id, title, ...draft, facts: { ...(await facts.of(table, draft.stored, { own: true, any: true })), jobs: meets ? [role] : [] } })
  }
  return rows
}

function described(table: TableSpec, identities: readonly Identity[], meeting: readonly string[]): string {
  const outside = identities.filter(({ job, caller }) => job && (jobOnTable(job, table)?.where ?? null) !== null && !meeting.includes(caller.role)).map(({ caller }) => caller.role)
  return outside.length === 0 ? '' : `, outside the condition of ${outside.join(' and ')}`
}

function requestsOf(plan: Plan): NonNullable<PreparedSubject['requests']> {
  return {
    opens: jobsFile(plan),
    isThere: async (session) => {
      const { rows } = await session.query<{ roles: string }>('select count(*)::text as roles from pg_roles where rolname = any ($1::text[])', [arrayText(plan.jobs.map(({ job }) => job.role))])
      return Number(rows[0]?.roles) === plan.jobs.length
    },
    ask: async (session, subject, stage) => {
      const { rows } = await session.query<RowState & { key: string }>(stateQuery(subject.table))
      const before = new Map(rows.map(({ key, ...state }) => [key, state]))
      const context: ShapeContext = { subject, before, allows: (verb, identity, facts) => stage.access === 'open' && may(subject, verb, identity, facts) }
      return { context, probes: jobProbes(context) }
    },
  }
}
