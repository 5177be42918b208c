/** `jobs`: the role of each, the tables that it reaches, and who may become it. */
import { findTable } from '../../catalog.ts'
import { existingTable } from '../../existing-table.ts'
import type { JobInput, JobTableInput } from '../../input-jobs.ts'
import type { JobSpec, JobTableSpec } from '../../job-spec.ts'
import type { Path } from '../../source.ts'
import { findRelation } from '../normalize-queries.ts'
import { readExpression } from '../read-expression.ts'
import { type Reading, readName } from '../reading.ts'
import type { Relation, Relations } from '../relations.ts'
import { checkExistingTable } from './check-existing-table.ts'
import { readRights } from './read-rights.ts'

export function normalizeJobs(reading: Reading, relations: Relations): JobSpec[] {
  const jobs: JobSpec[] = []
  for (const [key, input] of Object.entries(reading.input.jobs ?? {})) {
    const path = ['jobs', key]
    const role = readName(reading, path, key, { key: true })
    if (role === null || !isFree(reading, path, role, jobs)) continue
    const exists = reading.catalog.roles.some(({ name }) => name === role)
    if (input.about.trim() === '') reading.issues.add({ code: 'SPEC_VALUE', path: [...path, 'about'], message: `"about" of "${role}" says nothing.`, remedy: `Write one sentence: what does "${role}" do?` })
    jobs.push({ role, about: input.about.trim(), exists, grantTo: readGrantTo(reading, [...path, 'grant_to'], input, role), tables: readTables(reading, relations, [...path, 'tables'], input, role) })
  }
  return jobs
}

const reserved = new Set(['anon', 'authenticated', 'service_role', 'authenticator', 'postgres', 'public', 'none', 'current_user', 'session_user', 'current_role'])

/** A role of an earlier design is taken up when it is no more than a job's. */
function isFree({ issues, catalog }: Reading, path: Path, role: string, before: readonly JobSpec[]): boolean {
  const refuse = (message: string, remedy: string) => {
    issues.add({ code: 'SPEC_CONFLICT', path, key: true, message, remedy })
    return false
  }
  if (before.some((job) => job.role === role)) return refuse(`The job "${role}" stands in this design twice.`, 'Names are folded to lower case, as Postgres does it: write its tables together.')
  if (reserved.has(role) || /^(pg_|supabase_)/.test(role)) return refuse(`The role "${role}" belongs to Supabase or Postgres.`, `Name the job for what it does, for example: ${role.replace(/^(pg|supabase)_/, '')}_job`)
  const existing = catalog.roles.find(({ name }) => name === role)
  if (existing && (existing.superuser || existing.bypassRowSecurity)) return refuse(`The role "${role}" exists and passes row level security, so no policy could narrow it.`, 'Choose another name for the job.')
  return true
}

/** Whoever is granted the job may do all that it may. */
function readGrantTo(reading: Reading, path: Path, { grant_to: written = [] }: JobInput, job: string): string[] {
  const known = reading.catalog.roles.map(({ name }) => name)
  return written.flatMap((text, index) => {
    const place = [...path, index]
    const role = readName(reading, place, text)
    if (role === null) return []
    if (role === 'anon' || role === 'authenticated') {
      reading.issues.add({ code: 'SPEC_CONFLICT', path: place, message: `Every client is "${role}", so every client could become "${job}".`, remedy: 'Use authenticator, and send tokens whose role is the job; or give the verbs to clients under access.' })
      return []
    }
    if (!known.includes(role)) reading.issues.unknown({ path: place, what: 'database role', name: role, known })
    return [role]
  })
}

function readTables(reading: Reading, relations: Relations, path: Path, { tables }: JobInput, role: string): JobTableSpec[] {
  if (Object.keys(tables).length === 0) reading.issues.add({ code: 'SPEC_VALUE', path, key: true, message: `The job "${role}" reaches no table.`, remedy: 'Write for example: tables: { core.shows: [select] }' })
  const found: JobTableSpec[] = []
  for (const [key, written] of Object.entries(tables)) {
    const place = [...path, key]
    const relation = findRelation(reading, relations, place, key, { key: true })
    if (!relation) continue
    if (found.some(({ table }) => table.schema === relation.schema && table.name === relation.name)) {
      reading.issues.add({ code: 'SPEC_DUPLICATE', path: place, key: true, message: `"${role}" has "${relation.schema}.${relation.name}" twice.`, remedy: 'Write its rights in one list.' })
      continue
    }
    const access = readTable(reading, relation, place, written, role)
    if (access) found.push(access)
  }
  return found
}

function readTable(reading: Reading, relation: Relation, path: Path, written: JobTableInput, role: string): JobTableSpec | null {
  const catalogTable = relation.draft ? null : findTable(reading.catalog, relation.schema, relation.name)
  if (catalogTable && catalogTable.kind !== 'table') {
    reading.issues.add({ code: 'SPEC_CONFLICT', path, key: true, message: `"${relation.schema}.${relation.name}" is a ${catalogTable.kind}, and a job gets rights on tables.`, remedy: 'Name the table that it reads.' })
    return null
  }
  const table = relation.draft?.spec ?? (catalogTable && existingTable(catalogTable))
  if (!table) return null
  const [list, rightsPath] = Array.isArray(written) ? [written, path] : [written.may, [...path, 'may']]
  const rights = readRights(reading, rightsPath, table, list, role)
  const where = Array.isArray(written) ? null : (readExpression(reading, [...path, 'where'], { table, columns: table.columns.map(({ name }) => name) })?.sql ?? null)
  const access = { table: { schema: table.schema, name: table.name }, isNew: relation.draft !== null, rights, where }
  if (catalogTable) checkExistingTable(reading, path, catalogTable, access, role)
  return access
}
