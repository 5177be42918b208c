/** How large a new table is and becomes. */
import { readScale } from '../read-scale.ts'
import type { Reading } from '../reading.ts'
import type { Duration } from '../../duration.ts'
import type { TableDraft } from '../table-draft.ts'

export function normalizeScale(reading: Reading, draft: TableDraft, horizon: Duration): void {
  const input = draft.input?.scale
  if (!input) return
  const { name, columns, scale } = draft.spec
  const subject = {
    name,
    columns: columns.map((column) => {
      const type = draft.types.get(column.name)
      return { name: column.name, nullable: column.nullable, type, allowed: column.oneOf ?? type?.catalog?.labels ?? [] }
    }),
  }
  draft.spec.scale = readScale(reading, subject, { path: [...draft.path, 'scale'], input, horizon, rows: scale.rows })
}
