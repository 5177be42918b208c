/** The server that a design is planned and proved on. */
import type { SqlFile } from '../../design/sql-file.ts'
import { nearest } from '../../design/nearest.ts'
import { visible } from '../../design/visible.ts'
import { TrrError } from '../../errors.ts'
import { openServer } from '../../postgres/server.ts'
import type { DefaultPrivileges, ReplayedServer } from '../../postgres/server.ts'
import type { Lock } from '../../repository/lock.ts'
import type { MigrationFile } from '../../repository/migrations.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'

interface HistoryRequest {
  repository: Repository
  lock: Lock | null
  /** Of a project from before 2026-10-30, or after it. */
  privileges?: DefaultPrivileges
  /** Rows to begin with. */
  seed?: readonly SqlFile[]
  progress?: (message: string) => void
}

/** Opens a server with the history up to the design. */
export function openHistory({ options, signal }: CommandInput, { repository, lock, ...rest }: HistoryRequest): Promise<ReplayedServer> {
  checkSkipped(options.skip, repository.migrations)
  return openServer({ major: repository.config.major, history: historyBefore(repository.migrations, lock), skip: options.skip, signal, keepDatabases: 16, ...rest })
}

/** A name that skips nothing is a slip. */
export function checkSkipped(skip: readonly string[], migrations: readonly MigrationFile[]): void {
  const names = migrations.flatMap(({ path }) => path.split('/').at(-1) ?? [])
  const unknown = skip.filter((file) => !migrations.some(({ path }) => path === file) && !names.includes(file))
  if (unknown.length === 0) return
  throw new TrrError(
    unknown.map((file) => {
      const near = nearest(file, names)
      return { code: 'USAGE', message: `There is no migration "${visible(file)}" to skip.`, remedy: near === null ? 'Name a file of supabase/migrations.' : `Did you mean: --skip ${near}` }
    }),
  )
}

/** What was there before the design's own first file: later files may stand on it. */
export function historyBefore(migrations: readonly MigrationFile[], lock: Lock | null): readonly MigrationFile[] {
  const own = new Set(lock?.phases.map(({ migration }) => migration))
  const first = migrations.findIndex(({ path }) => own.has(path))
  return first === -1 ? migrations : migrations.slice(0, first)
}

/** What came behind the design's own first file, from whomever, without its own files. */
export function historyBehind(migrations: readonly MigrationFile[], lock: Lock | null, skip: readonly string[]): readonly MigrationFile[] {
  const own = new Set(lock?.phases.map(({ migration }) => migration))
  const first = migrations.findIndex(({ path }) => own.has(path))
  if (first === -1) return []
  return migrations.slice(first).filter(({ path }) => !own.has(path) && !skip.includes(path) && !skip.includes(path.split('/').at(-1) ?? ''))
}
