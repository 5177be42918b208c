/** What a table says about its tenancy, held against its references. */
import type { Reading } from '../reading.ts'
import type { Relation, Relations } from '../relations.ts'
import { type Tenancy, scopeColumn } from '../../spec.ts'
import { resolveVia } from '../tables/resolve-via.ts'
import { type TableDraft, findColumn } from '../table-draft.ts'

/** `via` must lead to a parent with a tenant: the source of the copy, or of what is known through it. Needs the foreign keys. */
export function readTenancyVia(reading: Reading, draft: TableDraft, relations: Relations, tenancy: Tenancy): void {
  const written = draft.input?.tenancy
  const path = [...draft.path, 'tenancy']
  if (typeof written !== 'object') return
  if (tenancy.model === 'none')
    return reading.issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `"${draft.spec.name}" has a tenancy, and the design has none.`,
      remedy: 'Add tenancy at the top of the spec.',
    })
  const via = resolveVia(reading, draft, relations, [...path, 'via'], written.via, 'no tenant comes from it')
  if (via && written.store === false) draft.spec.tenantVia = via
}

/** Needs `tenantVia` of every table. */
export function checkTenancyVia(reading: Reading, draft: TableDraft, relations: Relations, tenancy: Tenancy): void {
  const { spec, input } = draft
  const { issues } = reading
  if (tenancy.model === 'none') return
  const path = [...draft.path, 'tenancy']
  const name = typeof input?.tenancy === 'object' ? input.tenancy.via.toLowerCase() : null
  const parents = spec.foreignKeys.filter((key) => name !== null && key.columns.includes(name)).map((key) => relations.find(key.references.table))
  const [parent] = parents
  if (parent && parents.every((one) => one !== null && !hasTenant(one)))
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'via'],
      message: `"${parent.schema}.${parent.name}" has no column "${tenancy.column}", so no tenant comes from it.`,
      remedy: 'Use tenancy: none, or choose a parent that belongs to tenants.',
    })
  if (spec.tenantVia) checkUnstored(reading, draft, spec.tenantVia.column, tenancy)
  checkLinks(reading, draft, relations)
}

function hasTenant({ draft, tenantColumn }: Relation): boolean {
  return tenantColumn !== null || (draft?.spec.tenantVia ?? null) !== null
}

function checkUnstored({ issues }: Reading, draft: TableDraft, column: string, tenancy: Exclude<Tenancy, { model: 'none' }>): void {
  const path = [...draft.path, 'tenancy', 'store']
  if (findColumn(draft, tenancy.column))
    issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `"${draft.spec.name}" has the column "${tenancy.column}", and store: false says that it has none.`,
      remedy: `Write store: true, or leave the column out.`,
    })
  if (findColumn(draft, column)?.nullable)
    issues.add({
      code: 'SPEC_CONFLICT', path: draft.columnPaths.get(column) ?? path, key: true,
      message: `"${column}" says to which tenant a row of "${draft.spec.name}" belongs, and cannot be null.`,
      remedy: 'Remove nullable: true, or write store: true.',
    })
}

/** A foreign key that cannot hold the tenant lets a row point into another one, and tells what exists there. */
function checkLinks({ issues }: Reading, { spec, path }: TableDraft, relations: Relations): void {
  if (scopeColumn(spec) === null) return
  for (const { columns, references } of spec.foreignKeys) {
    const parent = relations.find(references.table)
    const isOwnVia = spec.tenantVia !== null && columns.includes(spec.tenantVia.column)
    if (!parent || isOwnVia || parent.draft?.spec.kind === 'organizations') continue
    const unstored = spec.tenantVia !== null ? spec : parent.draft?.spec.tenantVia ? parent.draft.spec : null
    if (!unstored || !hasTenant(parent)) continue
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'columns', columns.at(-1) ?? ''], key: true,
      message: `"${columns.join(', ')}" of "${spec.name}" could point into another tenant: "${unstored.name}" does not store its own.`,
      remedy: `Write at "${unstored.name}": tenancy: { via: ${unstored.tenantVia?.column}, store: true }`,
    })
  }
}
