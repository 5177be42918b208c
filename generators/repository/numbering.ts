/** Numbers of migration files: chosen once, in the repository's own style, and kept in the lock. */
import type { NumberedPhase, Phase } from '../design/plan.ts'
import { TrrError } from '../errors.ts'
import type { Lock } from './lock.ts'
import { type MigrationFile, byBytes, migrationsFolder } from './migrations.ts'

/** `sequence`: 0001, 0002 … · `timestamp`: yyyymmddHHMMSS in UTC, as `supabase migration new` names files. */
export type NumberingStyle = { style: 'sequence'; width: number } | { style: 'timestamp' }

const timestampWidth = 14

/** The style of the file that is applied last; timestamps when there is none. */
export function numberingStyle(migrations: readonly MigrationFile[]): NumberingStyle {
  const last = migrations.at(-1)
  if (!last || last.version.length === timestampWidth) return { style: 'timestamp' }
  return { style: 'sequence', width: last.version.length }
}

/**
 * Gives every phase its number and paths. A phase of the lock keeps its number as long as the order of the files stays
 * the order of the phases; from the first phase that would run too late on, all get new numbers.
 */
export function numberPhases(
  repository: { migrations: readonly MigrationFile[] },
  phases: readonly Phase[],
  lock: Lock | null,
  now: Date,
): NumberedPhase[] {
  const known = new Map(lock?.phases.map((phase) => [phase.id, phase]))
  const own = new Set(lock?.phases.map((phase) => phase.migration))
  const taken = repository.migrations.map((file) => file.version)
  const next = numberSource(numberingStyle(repository.migrations), [...taken, ...(lock?.phases ?? []).map((phase) => phase.version)], now)
  let previous = ''
  return phases.map((phase) => {
    const kept = known.get(phase.id)?.version
    const version = kept !== undefined && byBytes(previous, kept) < 0 ? kept : next()
    previous = version
    const migration = `${migrationsFolder}/${version}_${phase.slug}.sql`
    refuseTwin(repository.migrations, own, version, migration)
    return { ...phase, version, migration, rollback: `supabase/rollbacks/${version}_${phase.slug}.sql` }
  })
}

/** The runner keeps one row for each number: a second file with it would never be applied. */
function refuseTwin(migrations: readonly MigrationFile[], own: ReadonlySet<string>, version: string, migration: string): void {
  const twin = migrations.find((file) => file.version === version && file.path !== migration && !own.has(file.path))
  if (!twin) return
  throw new TrrError({
    code: 'REPO_CONFIG',
    message: `The number ${version} of "${migration}" is also the number of "${twin.path}".`,
    remedy: `Remove the phase with version ${version} from the lock file of the design and run again: it gets the next free number. Or rename "${twin.path}".`,
    place: { file: twin.path },
  })
}

function numberSource(style: NumberingStyle, taken: readonly string[], now: Date): () => string {
  let last = taken.toSorted(byBytes).at(-1) ?? ''
  return () => (last = style.style === 'timestamp' ? nextTimestamp(last, now) : nextInSequence(last, style.width))
}

function nextInSequence(last: string, width: number): string {
  const next = (BigInt(last) + 1n).toString().padStart(width, '0')
  if (next.length === width && byBytes(last, next) < 0) return next
  throw new TrrError({
    code: 'REPO_CONFIG',
    message: `After migration ${last} there is no further number of ${width} digits.`,
    remedy: `Files are applied in the order of their text, so ${next} would run before ${last}. Squash the history (supabase migration squash), or give the existing files wider numbers.`,
    place: { file: migrationsFolder },
  })
}

function nextTimestamp(last: string, now: Date): string {
  const current = timestamp(now)
  if (byBytes(last, current) < 0) return current
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(last) ?? []
  const following = timestamp(new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second) + 1)))
  if (byBytes(last, following) < 0) return following
  throw new TrrError({
    code: 'REPO_CONFIG',
    message: `No timestamp sorts after the migration number ${last}.`,
    remedy: 'Rename that migration: its number is no time of the form yyyymmddHHMMSS.',
    place: { file: migrationsFolder },
  })
}

function timestamp(time: Date): string {
  return Number.isNaN(time.getTime()) ? '' : time.toISOString().replace(/[-:T]/g, '').slice(0, timestampWidth)
}
