/** That a name of a design means one design: with its lock, and with its own tables. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSource } from '../../design/source.ts'
import { TrrError } from '../../errors.ts'
import { type Lock, lockPath } from '../../repository/lock.ts'
import type { Repository } from '../../repository/read.ts'
import type { SpecSource } from './locate-spec.ts'

/** Files of a design whose lock is gone would be taken for somebody else's history. */
export function requireLock({ migrations }: Repository, { design, specPath }: SpecSource, lock: Lock | null): void {
  const own = lock === null ? migrations.filter(({ sql }) => sql.includes(`\n-- Generated from ${specPath}.\n`)) : []
  const path = lockPath(design)
  if (own.length > 0)
    throw new TrrError({
      code: 'REPO_CONFIG',
      message: `"${path}" is missing, and ${own.length === 1 ? 'a migration' : `${own.length} migrations`} of the design "${design}" ${own.length === 1 ? 'is' : 'are'} there.`,
      remedy: `Take the lock from git: git checkout -- ${path}\nOr, when nothing of it was applied anywhere, delete ${own.map((file) => file.path).join(', ')}.`,
      place: { file: path },
    })
}

/** Answers that share a design's name and none of its tables are of another design. */
export async function refuseOtherDesign({ root }: Repository, source: SpecSource): Promise<void> {
  const path = join(root, source.specPath)
  if (source.design === '' || !existsSync(path)) return
  const existing = tablesOf(await readFile(path, 'utf8'), source.specPath)
  const wanted = tablesOf(source.text, source.file)
  if (existing.length === 0 || wanted.length === 0 || wanted.some((name) => existing.includes(name))) return
  throw new TrrError({
    code: 'SPEC_DUPLICATE',
    message: `There is a design "${source.design}" with other tables: ${existing.join(', ')}.`,
    remedy: `Give this one another name, for example: design: ${wanted[0] ?? `${source.design}_2`}`,
    ...parseSource({ text: source.text, file: source.file }).placeOf(['design']),
  })
}

/** As written; none when the file cannot be read as a spec. */
function tablesOf(text: string, file: string): string[] {
  try {
    const { tables } = (parseSource({ text, file }).data ?? {}) as { tables?: unknown }
    return typeof tables === 'object' && tables !== null ? Object.keys(tables) : []
  } catch (error) {
    if (error instanceof TrrError) return []
    throw error
  }
}
