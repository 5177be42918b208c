/** A migration that others have is history. */
import { TrrError } from '../../errors.ts'
import type { FileChange } from '../../repository/changes.ts'
import { shippedPaths } from '../../repository/history.ts'
import type { Lock } from '../../repository/lock.ts'
import { isConflict } from './hand-edits.ts'
import type { SpecSource } from './locate-spec.ts'

/** Throws SPEC_HISTORY when the changes would rewrite or remove a migration of the base branch. */
export async function refuseRewrite(root: string, changes: readonly FileChange[], lock: Lock | null, source: SpecSource): Promise<void> {
  const rewritten = changes.filter((file) => file.kind === 'migration' && (file.change === 'update' || file.change === 'orphaned' || isConflict(file, lock)))
  if (rewritten.length === 0) return
  const { base, paths } = await shippedPaths(root, rewritten.map(({ path }) => path))
  const shipped = rewritten.filter(({ path }) => paths.has(path))
  if (shipped.length === 0) return
  throw new TrrError(
    shipped.map(({ path }) => ({
      code: 'SPEC_HISTORY',
      message: `"${path}" is on ${base} and is not rewritten: databases may have run it.`,
      remedy: `Take back the edits of ${source.specPath} (git checkout ${base} -- ${source.specPath}), and describe what is to change in a design of its own:\n  design: ${source.design}_2\n  changes: …`,
      place: { file: source.file },
    })),
  )
}
