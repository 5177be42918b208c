/** The user's repository as it is on disk. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type InsertFigures, calibrationPath } from '../design/insert-figures.ts'
import { readCalibration } from '../design/read-calibration.ts'
import type { SqlFile } from '../design/sql-file.ts'
import { type Issue, TrrError } from '../errors.ts'
import { type RepositoryConfig, configPath, parseConfig } from './config.ts'
import { undoInterruptedWrite } from './journal.ts'
import { type MigrationFile, byBytes, readMigrations } from './migrations.ts'
import { findRoot, isFolder } from './root.ts'
import { readText } from './text-file.ts'

export interface Repository {
  /** Absolute path. All other paths are relative to it. */
  root: string
  config: RepositoryConfig
  /** In the order in which Supabase applies them. */
  migrations: MigrationFile[]
  seed: SqlFile | null
  /** `supabase/schema_docs` is there and is kept up to date. */
  hasSchemaDocs: boolean
  /** `supabase/calibration.yaml`; null where the shipped figures hold. */
  figures: InsertFigures | null
  designs: { design: string; spec: string; lock: string | null }[]
  /** What a person should know about the repository; nothing that stops the work. */
  notes: string[]
}

const designsFolder = 'supabase/designs'
const seedPath = 'supabase/seed.sql'

/** Reads the repository that `cwd` is in. Undoes a write that was killed half way first, so that no half of it is taken for the truth. */
export async function readRepository(cwd: string): Promise<Repository> {
  const root = await findRoot(cwd)
  const undone = await undoInterruptedWrite(root)
  const [configFile, migrations, seed, hasSchemaDocs, designs, calibration] = await Promise.all([
    readText(join(root, configPath), configPath),
    readMigrations(root),
    readText(join(root, seedPath), seedPath),
    isFolder(join(root, 'supabase/schema_docs')),
    readDesigns(root),
    readText(join(root, calibrationPath), calibrationPath),
  ])
  const issues: Issue[] = [configFile.issue, seed.issue, calibration.issue, ...migrations.issues].filter((issue) => issue !== null)
  const config = collect(issues, () => parseConfig(configFile.text))
  const figures = collect(issues, () => (calibration.text === null ? null : readCalibration(calibration.text))) ?? null
  if (config === undefined || issues.length > 0) throw new TrrError(issues)
  const notes = [...undone, ...migrations.notes]
  if (configFile.text === null) notes.push(`${configPath} is missing: Postgres ${config.major} and the schemas ${config.apiSchemas.join(', ')} are assumed.`)
  if (!config.migrations.enabled) notes.push(`${configPath} switches migrations off ("db.migrations.enabled"): supabase db reset does not apply them.`)
  return {
    root, config, hasSchemaDocs, figures, designs, notes,
    migrations: migrations.files,
    seed: seed.text === null ? null : { path: seedPath, sql: seed.text },
  }
}

async function readDesigns(root: string): Promise<Repository['designs']> {
  const names = await readdir(join(root, designsFolder)).catch(() => [] as string[])
  return names
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.lock.yaml'))
    .toSorted(byBytes)
    .map((name) => {
      const design = name.slice(0, -'.yaml'.length)
      const lock = `${design}.lock.yaml`
      return { design, spec: `${designsFolder}/${name}`, lock: names.includes(lock) ? `${designsFolder}/${lock}` : null }
    })
}

/** Adds the issues of an expected failure to the list, so that all are reported at once. */
function collect<Result>(issues: Issue[], work: () => Result): Result | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TrrError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}
