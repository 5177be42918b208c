/** What a table says about its tenancy, held against its references. */
import type { Reading } from '../reading.ts'
import { readName } from '../reading.ts'
import type { Relations } from '../relations.ts'
import type { Tenancy } from '../../spec.ts'
import { type TableDraft, columnNames } from '../table-draft.ts'

/** `via` must lead to a parent with a tenant, or the copy would have no source. */
export function checkTenancyVia(reading: Reading, draft: TableDraft, relations: Relations, tenancy: Tenancy): void {
  const written = draft.input?.tenancy
  const path = [...draft.path, 'tenancy']
  const { issues } = reading
  if (typeof written !== 'object') return
  if (tenancy.model === 'none')
    return issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `"${draft.spec.name}" has a tenancy, and the design has none.`,
      remedy: 'Add tenancy at the top of the spec.',
    })
  const name = readName(reading, [...path, 'via'], written.via)
  if (name === null) return
  if (!columnNames(draft).includes(name))
    return issues.unknown({
      path: [...path, 'via'], what: `column of "${draft.spec.name}" called`, name, known: columnNames(draft),
    })
  const parents = draft.spec.foreignKeys.filter((key) => key.columns.includes(name)).map((key) => relations.find(key.references.table))
  if (parents.length === 0)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'via'],
      message: `"${name}" references nothing, so no tenant comes from it.`,
      remedy: `Add to ${name}: references: schema.table`,
    })
  else if (parents.every((parent) => parent?.tenantColumn === null)) {
    const parent = parents[0]
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'via'],
      message: `"${parent?.schema}.${parent?.name}" has no column "${tenancy.column}", so no tenant comes from it.`,
      remedy: 'Use tenancy: none, or choose a parent that belongs to tenants.',
    })
  }
}
