/** Keys of the contract whose builders do not exist yet. Refused, never skipped. */
import type { SpecInput, TableInput } from '../input.ts'
import type { Issues } from '../issues.ts'
import type { Path } from '../source.ts'

export function checkNotYet(input: SpecInput, issues: Issues): void {
  if (input.changes !== undefined) refuse(issues, ['changes'], 'changes of existing tables', 'Write the migration by hand, and keep the new tables in this design.')
  for (const [name, table] of Object.entries(input.tables ?? {})) checkTable(table, ['tables', name], issues)
}

function checkTable(table: TableInput, path: Path, issues: Issues): void {
  if (table.partition !== undefined)
    refuse(issues, [...path, 'partition'], 'partitions', 'Remove partition; indexes for the declared scale are planned all the same.')
  if (table.audit === 'trail') refuse(issues, [...path, 'audit'], 'audit: trail', 'Use audit: columns')
  if (table.retention?.then === 'drop_partition') refuse(issues, [...path, 'retention', 'then'], 'then: drop_partition', 'Use then: delete')
}

function refuse(issues: Issues, path: Path, what: string, remedy: string): void {
  issues.add({ code: 'SPEC_NOT_YET', path, key: true, message: `There is no builder for ${what} yet.`, remedy })
}
