/** Whether a table can be streamed: Realtime asks the policy of SELECT for inserts and updates, and nobody for deletes. */
import type { Reading } from '../reading.ts'
import type { TableSpec } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** Keys, references and access are read already. Refused where a DELETE event would tell more than that something is gone. */
export function checkRealtime({ issues }: Reading, { spec, path }: TableDraft): void {
  if (!spec.realtime) return
  const place = [...path, 'realtime']
  const leak = leakOfKey(spec)
  if (leak !== null)
    issues.add({
      code: 'SPEC_CONFLICT', path: place, key: true,
      message: `A DELETE event carries the key of the row to every subscriber, whoever may read it, and ${leak}.`,
      remedy: `Give "${spec.name}" the key that is added by itself (id: uuid, without primary_key), or remove realtime.`,
    })
  const { own, any } = spec.access.select
  if ([own, any].every((audience) => audience === 'service' || audience === 'nobody'))
    issues.add({
      code: 'SPEC_CONFLICT', path: place, key: true,
      message: `No client may select rows of "${spec.name}", so no subscriber gets an insert or update, and every subscriber gets the deletes.`,
      remedy: 'Remove realtime, or let somebody select.',
    })
}

function leakOfKey({ name, primaryKey, columns, foreignKeys, ownerColumn, tenantColumn }: TableSpec): string | null {
  if (primaryKey.length !== 1) return `"${name}" has the key (${primaryKey.join(', ')})`
  const column = columns.find((candidate) => candidate.name === primaryKey[0])
  if (!column) return null
  if (column.pii !== null) return `"${column.name}" is personal (${column.pii})`
  if (column.type !== 'uuid') return `"${column.name}" is ${column.type}, which tells how many rows there are or what they are called`
  const refers = foreignKeys.some((key) => key.columns.includes(column.name)) || column.name === ownerColumn || column.name === tenantColumn
  return refers ? `"${column.name}" says whose row it was` : null
}
