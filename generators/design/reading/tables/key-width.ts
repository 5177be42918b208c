/** How many columns a key can have. */
import type { Reading } from '../reading.ts'
import type { Path } from '../../source.ts'
import type { TableDraft } from '../table-draft.ts'

/** INDEX_MAX_KEYS. The tenancy column may come on top. */
const maxKeyColumns = 31

export function fitsIndex({ issues }: Reading, draft: TableDraft, path: Path, count: number): boolean {
  if (count <= maxKeyColumns) return true
  issues.add({
    code: 'SPEC_CONFLICT', path,
    message: `${count} columns of "${draft.spec.name}" are more than one index of Postgres can hold.`,
    remedy: `Name at most ${maxKeyColumns}; for more, a generated column can hold a digest of them.`,
  })
  return false
}
