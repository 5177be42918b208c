/** The phases with what they lock, scan and wait for, read from the files themselves. */
import type { Plan } from '../../design/plan.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { codes, table } from './markdown.ts'
import type { MigrationFacts } from './migration-facts.ts'
import { baseLink } from './page.ts'
import { phaseInWords } from './phase-words.ts'
import { type LockMode, feels, strongest } from './statement-locks.ts'
import { nameOf, sameTable } from '../../planner/table-indexes.ts'

export function phaseTable(migrations: readonly MigrationFacts[], plan: Plan): string {
  return table(
    ['', 'file', 'what it does', 'strongest lock on what exists', 'scans', 'lock_timeout', 'statement_timeout'],
    migrations.map((migration, place) => [
      String(place + 1),
      baseLink(migration.phase.migration),
      phaseInWords(migration.phase, plan),
      lockWords(existingLocks(migration, plan)),
      scans(migration, plan),
      timeout(migration.lockTimeout, migration),
      timeout(migration.statementTimeout, migration),
    ]),
  )
}

/** `SHARE ROW EXCLUSIVE on core.shows, core.people`. */
function lockWords(locks: readonly RelationLock[]): string {
  const modes = [...new Set(locks.map(({ mode }) => mode))]
  return modes.map((mode) => `${mode} on ${codes(locks.filter((lock) => lock.mode === mode).map(({ relation }) => nameOf(relation)))}`).join('; ') || 'none'
}

export interface RelationLock {
  relation: QualifiedName
  mode: LockMode
  by: string[]
}

/** Locks on tables that others use while the file runs. Nobody can wait for a table that did not exist before. */
export function existingLocks(migration: MigrationFacts, plan: Plan): RelationLock[] {
  const found: RelationLock[] = []
  for (const { relation, mode, by } of migration.locks) {
    if (plan.tables.some((planned) => sameTable(planned.table, relation)) || plan.views.some(({ view }) => sameTable(view, relation))) continue
    const known = found.find((one) => sameTable(one.relation, relation))
    if (!known) found.push({ relation, mode, by: [by] })
    else {
      known.mode = strongest([known.mode, mode]) ?? mode
      if (!known.by.includes(by)) known.by.push(by)
    }
  }
  return found
}

/** What each mode means for the others, once for each mode that occurs. */
export function lockMeanings(migrations: readonly MigrationFacts[], plan: Plan): string[] {
  const all = migrations.flatMap((migration) => existingLocks(migration, plan))
  const modes = [...new Set(all.map(({ mode }) => mode))]
  return modes.map((mode) => {
    const held = all.filter((lock) => lock.mode === mode)
    const tables = [...new Set(held.map((lock) => nameOf(lock.relation)))]
    const by = [...new Set(held.flatMap((lock) => lock.by))]
    return `${mode}: ${feels(mode)}. On ${codes(tables)}, by ${by.join(' and ')}; held to the end of the file.${tables.includes('auth.users') ? ' Every sign-up and sign-in writes to `auth.users`.' : ''}`
  })
}

function scans({ locks }: MigrationFacts, plan: Plan): string {
  const scanned = [...new Map(locks.filter((lock) => lock.scans).map((lock) => [nameOf(lock.relation), lock.relation])).values()]
  if (scanned.length === 0) return 'nothing'
  const existing = scanned.filter((relation) => !plan.tables.some((planned) => sameTable(planned.table, relation)))
  return existing.length === 0 ? 'the new tables, which are empty' : `all of ${codes(existing.map(nameOf))}`
}

/** The one statement of a concurrent file leaves no room for a `set`. */
function timeout(value: string | null, { phase }: MigrationFacts): string {
  return value ?? (phase.concurrent ? "the role's" : 'not set')
}
