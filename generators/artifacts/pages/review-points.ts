/** The ten points of the design review, in order. Each says what was seen; a point without evidence stays open. */
import type { ProofId } from '../../design/evidence.ts'
import type { DocumentInput } from '../define-artifact.ts'
import type { Claim } from './claim.ts'
import { code, codes, counted } from './markdown.ts'
import { bootstrap } from './membership-functions.ts'
import { hasPrivacy, readableSecrets } from './privacy-section.ts'
import { proofTitles } from './proof-table.ts'
import { isServed, openWarnings } from './query-view.ts'
import { count } from './quantity.ts'
import { nameOf, tableIndexes, coveringIndex } from '../../planner/table-indexes.ts'
import { probedPhases } from './probed-phases.ts'

export type Point = Claim & { page: string }

export function reviewPoints(input: DocumentInput): Point[] {
  return [stories(input), entities(input), keys(input), queries(input), scale(input), access(input), privacy(input), files(input), rollout(input), verification(input)]
}

function stories({ plan: { spec } }: DocumentInput): Point {
  return point('Feature and stories', 'README', [`${counted(spec.story.length, 'story', 'stories')} in the spec; ${counted(spec.tables.length, 'table')}, with a sentence for each that says what a row is.`], spec.story.length === 0 ? ['The spec has no story.'] : [])
}

function entities(input: DocumentInput): Point {
  const { tables, spec } = input.plan
  const many = tables.flatMap((table) => table.columns.filter((column) => /\[\]$|^jsonb?$/.test(column.type) && column.name !== 'external_ids').map((column) => `${table.table.name}.${column.name}`))
  return point(
    'Entities and normalisation',
    'README',
    [`${counted(tables.length, 'table')}, created on the replayed history; ${spec.decisions.length > 0 ? `${counted(spec.decisions.length, 'decision')} with ${spec.decisions.length === 1 ? 'its reason' : 'their reasons'}` : 'no decision was to be made, or none was written down'}.`],
    [...unproved(input, 'replay'), ...(many.length > 0 && spec.decisions.length === 0 ? [`${codes(many)} hold more than one value, and no decision says why.`] : [])],
  )
}

function keys(input: DocumentInput): Point {
  const { tables } = input.plan
  const sum = (size: (table: (typeof tables)[number]) => number) => tables.reduce((total, table) => total + size(table), 0)
  return point(
    'Keys and constraints',
    'README',
    [`${counted(sum((table) => table.uniques.length) + tables.length, 'key')}, ${counted(sum((table) => table.foreignKeys.length), 'foreign key')}, ${counted(sum((table) => table.checks.length), 'check')}; the server accepted all of them.`],
    unproved(input, 'replay', 'pgtap'),
  )
}

function queries(input: DocumentInput): Point {
  const { plan, evidence } = input
  const observed = (name: string) => evidence.plans.queries.find((query) => query.name === name)
  const unserved = plan.queries.filter((query) => !isServed(query, observed(query.query.name))).map((query) => query.query.name)
  const without = plan.queries.filter((query) => query.query.table !== null && query.index === null).map((query) => query.query.name)
  const warned = plan.queries.filter((query) => openWarnings(query, observed(query.query.name)).length > 0).map((query) => query.query.name)
  const advised = [...new Set((evidence.plans.advice ?? []).map(({ query }) => query))]
  const bare = plan.tables.flatMap((table) => table.foreignKeys.filter((key) => !coveringIndex(key, tableIndexes(plan, table))).map((key) => key.name))
  return point(
    'Query patterns and indexes',
    'indexes',
    [`${counted(plan.queries.length - unserved.length, 'query', 'queries')} of ${plan.queries.length} seen with the expected index, each as the role that runs it; ${counted(plan.indexes.length, 'index', 'indexes')} besides the keys.`],
    [
      ...unproved(input, 'plans'),
      ...(plan.queries.length === 0 ? ['The spec declares no query.'] : []),
      ...(unserved.length > 0 ? [`Not seen with the index that is expected: ${codes(unserved)}.`] : []),
      ...(without.length > 0 ? [`No index can serve ${codes(without)}.`] : []),
      ...(warned.length > 0 ? [`Read the warnings of ${codes(warned)}.`] : []),
      ...(advised.length > 0 ? [`Advice is open on ${codes(advised)}.`] : []),
      ...(bare.length > 0 ? [`No index for the foreign key ${codes(bare)}.`] : []),
    ],
  )
}

function scale({ plan, evidence }: DocumentInput): Point {
  const assumed = plan.tables.filter((table) => !table.table.scale.declared).map((table) => nameOf(table.table))
  const declared = new Map(plan.tables.map((table) => [`${table.table.schema}.${table.table.name}`, table.table.scale.rows]))
  const smaller = new Map<string, string>()
  for (const [name, rows] of evidence.plans.queries.flatMap((query) => Object.entries(query.rows))) {
    const wanted = declared.get(name) ?? 0
    if (rows < wanted) smaller.set(name, `${count(rows)} of ${count(wanted)} rows in ${code(name)}`)
  }
  return point(
    'Scale and growth',
    'README',
    [
      `Rows, growth and sizes after ${plan.spec.horizon.text} are stated for ${counted(plan.tables.length - assumed.length, 'table')};`,
      `${counted(evidence.plans.queries.length, 'query was', 'queries were')} planned with as many rows, at launch and at the horizon, by the planner of Postgres ${evidence.server}.`,
    ],
    [
      ...(assumed.length > 0 ? [`The spec declares no scale for ${codes(assumed)}.`] : []),
      ...(evidence.plans.queries.length === 0 ? ['No plan was seen.'] : []),
      ...(evidence.plans.queries.some((query) => !query.atScale.some(({ at }) => at === 'horizon')) ? ['No plan was seen at the horizon.'] : []),
      ...(smaller.size > 0 ? [`Plans were seen with fewer rows than declared: ${[...smaller.values()].join(', ')}.`] : []),
    ],
  )
}

function access(input: DocumentInput): Point {
  const { access: seen } = input.evidence
  const covered = input.plan.tables.filter((table) => !seen.tables.some((one) => one.schema === table.table.schema && one.table === table.table.name && one.cells.length > 0))
  return point(
    'Tenancy and access',
    'access',
    [`${counted(seen.probes, 'request')}, all answered as the spec says, under both default privileges and after each file.`, ...bootstrap(input.plan)],
    [
      ...unproved(input, 'access'),
      ...(covered.length > 0 ? [`Not probed: ${codes(covered.map((table) => nameOf(table.table)))}.`] : []),
      ...(seen.worlds.length < 2 ? ['Not run under both default privileges of Supabase.'] : []),
      ...(probedPhases(input).some((phase) => !seen.afterFiles.includes(phase.migration)) ? ['Not run after every file.'] : []),
    ],
  )
}

function privacy({ plan }: DocumentInput): Point {
  const title = 'Privacy and retention'
  if (!hasPrivacy(plan)) return { title, page: 'README', state: 'not applicable', because: ['no column is marked as personal, none refers to a user, and no retention is stated.'] }
  const columns = plan.tables.flatMap((table) => table.columns.filter((column) => column.pii !== null).map((column) => ({ name: `${table.table.name}.${column.name}`, erase: column.erase })))
  const undecided = columns.filter((column) => column.erase === null).map((column) => column.name)
  const secrets = readableSecrets(plan)
  const kept = plan.tables.filter((table) => table.table.retention !== null).map((table) => table.table.name)
  return point(
    title,
    'README',
    [`Columns marked as personal: ${columns.length}. What deleting a user does is settled by the foreign keys.`],
    [
      ...(columns.length > 0 && plan.spec.privacy === null ? ['Columns are personal, and the spec names no person and no term for erasure.'] : []),
      ...(secrets.length > 0 ? [`Clients can read the secret ${codes(secrets)}.`] : []),
      ...(undecided.length > 0 ? [`What erasure does with ${codes(undecided)} is not stated.`] : []),
      ...(plan.spec.privacy && columns.length > 0 ? ['The erasure job is not built.'] : []),
      ...(kept.length > 0 ? [`The job that ends the retention of ${codes(kept)} is not built.`] : []),
    ],
  )
}

function files(input: DocumentInput): Point {
  const { spec } = input.plan
  const title = spec.files.some(({ objects }) => objects === null) || spec.files.length === 0 ? 'Files in S3' : 'Files in Supabase Storage'
  if (spec.files.length === 0) return { title, page: 'README', state: 'not applicable', because: ['the design stores no files.'] }
  const outside = spec.files.filter(({ objects }) => objects === null)
  const inside = spec.files.filter(({ objects }) => objects !== null)
  const jobs = spec.files.filter(({ pendingExpires, afterDelete }) => pendingExpires !== null || afterDelete !== null)
  return point(title, outside.length > 0 ? 'README' : 'access', [`Buckets and policies of ${codes(inside.map(({ bucket }) => bucket))} are part of the files, and the requests of point 6 went to them.`], [
    ...(outside.length > 0 ? [`The metadata is there and its access is part of point 6. Not built: the bucket ${codes([...new Set(outside.map(({ bucket }) => bucket))])}, signed URLs, the jobs that expire uploads and remove objects.`] : []),
    ...(inside.length > 0 ? unproved(input, 'access') : []),
    ...(inside.some((file) => jobs.includes(file)) ? [`Not built: the jobs that expire uploads of ${codes(inside.filter((file) => jobs.includes(file)).map(({ name }) => name))} and remove objects.`] : []),
  ])
}

function rollout(input: DocumentInput): Point {
  const { replay, rollback } = input.evidence
  const failed = replay.modes.filter((mode) => mode.outcome === 'failed').map((mode) => mode.mode)
  const changed = replay.again.filter((one) => one.outcome === 'changed the catalog').map((one) => one.file)
  const differs = replay.interrupted.filter((one) => one.outcome === 'differs').map((one) => one.file)
  return point(
    'Rollout and rollback',
    'rollout',
    [`Applied in ${counted(replay.modes.length, 'runner mode')}, a second time, and after being cut off; down and up again compared over ${counted(rollback.compared, 'line')} of the catalog.`],
    [
      ...unproved(input, 'replay', 'rollback'),
      ...(failed.length > 0 ? [`Fails as ${failed.join(', ')}.`] : []),
      ...(changed.length > 0 ? [`Run again, it changes the catalog: ${codes(changed)}.`] : []),
      ...(differs.length > 0 ? [`Cut off and run again, it ends differently: ${codes(differs)}.`] : []),
    ],
  )
}

function verification(input: DocumentInput): Point {
  const { pgtap } = input.evidence
  return point(
    'Verification and monitoring',
    'verification',
    [`${counted(pgtap.assertions, 'pgTAP assertion')} passed and go into the repository; the staging queries, ${code('pg_stat_statements')} and the data checks are ready to paste. Times on real rows were not measured.`],
    unproved(input, 'replay', 'rollback', 'access', 'plans', 'pgtap'),
  )
}

function unproved({ evidence }: DocumentInput, ...ids: ProofId[]): string[] {
  return ids.filter((id) => evidence[id].status !== 'proved').map((id) => `The proof *${proofTitles[id]}* ${evidence[id].status === 'failed' ? '**failed**' : 'is open'}.`)
}

/** Ticked when nothing is missing; what is missing replaces the evidence. */
function point(title: string, page: string, seen: string[], missing: string[]): Point {
  return missing.length === 0 ? { title, page, state: 'proved', because: seen } : { title, page, state: 'open', because: missing }
}
