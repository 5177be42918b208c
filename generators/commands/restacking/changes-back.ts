/** What the scratch copy has become, as changes of the repository. */
import { join } from 'node:path'
import { schemaDocsIndex } from '../../artifacts/schema-docs/folder.ts'
import type { FileKind } from '../../design/planned-file.ts'
import { TrrError } from '../../errors.ts'
import type { FileChange } from '../../repository/changes.ts'
import { type Lock, lockPath } from '../../repository/lock.ts'
import { readText } from '../../repository/text-file.ts'

interface BackRequest {
  root: string
  scratch: string
  designs: readonly { design: string; before: Lock; after: Lock }[]
  shipped: ReadonlySet<string>
  base: string | null
}

/** Throws SPEC_HISTORY when a migration of the base branch would change. */
export async function changesBack({ root, scratch, designs, shipped, base }: BackRequest): Promise<FileChange[]> {
  const kinds = new Map<string, FileKind>([[schemaDocsIndex, 'schema doc']])
  for (const { design, before, after } of designs) {
    for (const { path, kind } of [...before.files, ...after.files]) kinds.set(path, kind)
    kinds.set(lockPath(design), 'lock')
  }
  const changes: FileChange[] = []
  for (const [path, kind] of kinds) {
    const [before, after] = [await textOf(root, path), await textOf(scratch, path)]
    if (before === after) continue
    changes.push({ path, kind, before, after, byHand: false, change: before === null ? 'create' : after === null ? 'orphaned' : 'update' })
  }
  const rewritten = changes.filter(({ path }) => shipped.has(path))
  if (rewritten.length === 0) return changes
  throw new TrrError(rewritten.map(({ path }) => ({
    code: 'SPEC_HISTORY',
    message: `"${path}" is on ${base} and would have to change with the files after it.`,
    remedy: 'Describe what is still to be done in a design of its own.',
    place: { file: path },
  })))
}

async function textOf(root: string, path: string): Promise<string | null> {
  const { text, issue } = await readText(join(root, path), path)
  if (issue) throw new TrrError(issue)
  return text
}
