/** Soft deletes that would leave orphans, or whose functions exist already. */
import { softDeleteFunction } from '../../soft-delete-function.ts'
import type { Reading } from '../reading.ts'
import type { TableDraft } from '../table-draft.ts'

const verbs = { none: [], rpc: ['delete', 'undelete'], on_delete: ['undelete'] } as const

export function checkSoftDelete({ issues, catalog }: Reading, draft: TableDraft): void {
  const { spec } = draft
  const path = [...draft.path, 'soft_delete']
  if (spec.softDelete === 'on_delete') {
    // A BEFORE DELETE trigger that keeps the row makes the cascade leave an orphan: the foreign key is violated in silence.
    const cascades = spec.foreignKeys.filter((key) => key.onDelete === 'cascade')
    for (const { columns, references } of cascades)
      issues.add({
        code: 'SPEC_CONFLICT', path,
        message: `"${columns.join(', ')}" of "${spec.name}" cascades from "${references.table.schema}.${references.table.name}": a deleted parent would leave its rows behind.`,
        remedy: 'Use soft_delete: rpc, or on_delete: restrict.',
      })
  }
  for (const { schema, name } of verbs[spec.softDelete].map((verb) => softDeleteFunction(verb, spec)))
    if (catalog.functions.some((existing) => existing.schema === schema && existing.name === name))
      issues.add({
        code: 'SPEC_DUPLICATE', path,
        message: `The function "${schema}.${name}" of soft_delete exists already.`,
        remedy: 'Rename the table.',
      })
}
