/** Generates a renumbered design again, in the scratch copy, and proves it on everything before it. */
import type { Evidence } from '../../design/evidence.ts'
import { TrrError } from '../../errors.ts'
import { type Lock, parseLock, renderLock } from '../../repository/lock.ts'
import { readRepository } from '../../repository/read.ts'
import { hashText } from '../../repository/text-file.ts'
import { writeFiles } from '../../repository/write.ts'
import type { CommandInput } from '../command.ts'
import { type Expansion, expandDesign } from '../pipeline/expand-design.ts'
import { locateSpec } from '../pipeline/locate-spec.ts'

export interface Rebuilt {
  design: string
  green: boolean
  evidence: Evidence
  lock: Lock
}

/** Edits by hand stay what they are; nothing is asked. */
export async function rebuildDesign(input: CommandInput, root: string, design: string): Promise<Rebuilt> {
  const repository = await readRepository(root)
  const quiet: CommandInput = { ...input, cwd: root, options: { ...input.options, yes: true } }
  const source = await locateSpec(design, repository, root)
  const expansion = await expandDesign(quiet, { repository, source })
  const changes = settledLock(expansion)
  const remove = new Set(changes.filter(({ path, change }) => change === 'orphaned' && !expansion.decisions.kept.has(path)).map(({ path }) => path))
  await writeFiles(root, changes, { remove, signal: input.signal })
  const { green, evidence } = expansion
  return { design, green, evidence, lock: lockIn(changes) }
}

/** The numbers alone are news to whoever edited a file: no conflict stays open after a restack. */
function settledLock({ changes, decisions }: Expansion): Expansion['changes'] {
  const conflicts = changes.filter(({ path, after }) => decisions.conflicts.has(path) && after !== null)
  const news = new Map(conflicts.map(({ path, kind, after }) => [path, { path, kind, sha256: hashText(after ?? '') }]))
  return changes.map((change) => {
    if (change.kind !== 'lock' || change.after === null) return change
    const lock = parseLock(change.after, change.path)
    const after = renderLock({ ...lock, files: [...lock.files.filter(({ path }) => !news.has(path)), ...news.values()] })
    return { ...change, after, change: after === change.before ? 'same' : 'update' }
  })
}

function lockIn(changes: Expansion['changes']): Lock {
  const file = changes.find(({ kind }) => kind === 'lock')
  if (!file?.after) throw new TrrError({ code: 'REPO_CONFIG', message: 'A design was generated without a lock.' })
  return parseLock(file.after, file.path)
}
