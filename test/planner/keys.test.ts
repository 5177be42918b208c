import { describe, expect, test } from 'vitest'
import type { Catalog, CatalogTable } from '../../generators/design/catalog.ts'
import type { ForeignKeySpec } from '../../generators/design/key-spec.ts'
import type { TableSpec } from '../../generators/design/spec.ts'
import { planKeys } from '../../generators/planner/keys.ts'
import { column, organization, spec, table } from '../support/specs.ts'

const emptyCatalog: Catalog = { serverVersion: 170010, schemas: [], tables: [], types: [], functions: [], roles: [], extensions: [] }

function reference(to: string, more: Partial<ForeignKeySpec> = {}): ForeignKeySpec {
  return { columns: [`${to}_id`], references: { table: { schema: 'core', name: to }, columns: ['id'] }, onDelete: 'cascade', because: 'test', deferrable: false, ...more }
}

function inOrganization(name: string, more: Partial<TableSpec> = {}): TableSpec {
  return table(name, { tenantColumn: 'org_id', columns: [column('id', { type: 'uuid', origin: 'id' }), column('org_id', { type: 'uuid', origin: 'tenant' })], ...more })
}

function existing(name: string, more: Partial<CatalogTable>): CatalogTable {
  return { schema: 'core', name, kind: 'table', comment: null, rowSecurity: true, columns: [], primaryKey: ['id'], uniques: [], foreignKeys: [], checks: [], indexes: [], policies: [], triggers: [], privileges: [], ...more }
}

const existingInOrganization = existing('shows', {
  columns: [{ name: 'org_id', type: 'uuid', nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null }],
  foreignKeys: [{ name: 'f', columns: ['org_id'], references: { schema: 'core', table: 'organizations', columns: ['id'] }, onDelete: 'no action' }],
})

describe('foreign keys stay in the tenant', () => {
  test('a new parent of the same tenancy gets a key over tenant and id, the child references both', () => {
    const parent = inOrganization('folders')
    const child = inOrganization('files', { foreignKeys: [reference('folders', { onDelete: 'set null' })] })
    const keys = planKeys(spec([parent, child], { tenancy: organization }), emptyCatalog)
    expect(keys.uniques.get(parent)).toMatchObject([{ columns: ['org_id', 'id'], kind: 'constraint', forChildren: true }])
    expect(keys.foreignKeys.get(child)?.[0]).toMatchObject({
      columns: ['org_id', 'folders_id'],
      references: { columns: ['org_id', 'id'] },
      // Clearing the tenant as well would fail: it is never null.
      setNullColumns: ['folders_id'],
      tenantScoped: true,
    })
    expect(keys.tenantKeys).toEqual([])
  })

  test('an existing parent without that key gets it in phases of its own, once', () => {
    const one = inOrganization('clips', { foreignKeys: [reference('shows')] })
    const two = inOrganization('posters', { foreignKeys: [reference('shows')] })
    const keys = planKeys(spec([one, two], { tenancy: organization }), { ...emptyCatalog, tables: [existingInOrganization] })
    expect(keys.tenantKeys).toEqual([{ table: { schema: 'core', name: 'shows' }, name: 'shows_org_id_id_key', columns: ['org_id', 'id'] }])
  })

  test('a unique key of the parent in the other order is enough, unless its check may wait', () => {
    const child = inOrganization('clips', { foreignKeys: [reference('shows')] })
    const keysWith = (referencable: boolean) => {
      const shows = { ...existingInOrganization, uniques: [{ name: 'u', columns: ['id', 'org_id'], where: null, nullsNotDistinct: false, referencable }] }
      return planKeys(spec([child], { tenancy: organization }), { ...emptyCatalog, tables: [shows] }).tenantKeys
    }
    expect([keysWith(true).length, keysWith(false).length]).toEqual([0, 1])
  })

  test('a parent without a tenant is referenced by its key alone', () => {
    const child = inOrganization('clips', { foreignKeys: [reference('shows')] })
    const keys = planKeys(spec([child], { tenancy: organization }), { ...emptyCatalog, tables: [existing('shows', {})] })
    expect(keys.foreignKeys.get(child)?.[0]).toMatchObject({ columns: ['shows_id'], tenantScoped: false })
  })

  test('every table of a tenant references the organisations, without a cascade', () => {
    const one = inOrganization('clips')
    expect(planKeys(spec([one], { tenancy: organization }), emptyCatalog).foreignKeys.get(one)).toMatchObject([
      { columns: ['org_id'], references: { table: { schema: 'core', name: 'organizations' }, columns: ['id'] }, onDelete: 'restrict' },
    ])
  })
})

describe('unique keys', () => {
  const unique = (columns: string[], more = {}) => ({ columns, where: null, nullsNotDistinct: false, global: false, ...more })
  const planned = (of: TableSpec) => planKeys(spec([of], { tenancy: organization }), emptyCatalog).uniques.get(of)

  test('are scoped to the tenant, unless global', () => {
    expect(planned(inOrganization('clips', { uniques: [unique(['slug']), unique(['code'], { global: true })] }))).toMatchObject([
      { columns: ['org_id', 'slug'], kind: 'constraint', tenantScoped: true },
      { columns: ['code'], kind: 'constraint', tenantScoped: false },
    ])
  })

  test('of a table with marked rows leave those out', () => {
    expect(planned(table('notes', { softDelete: 'rpc', uniques: [unique(['slug']), unique(['code'], { where: 'code > 0 or code is null' })] }))).toMatchObject([
      { kind: 'index', where: 'deleted_at is null' },
      { kind: 'index', where: '(code > 0 or code is null) and deleted_at is null' },
    ])
  })

  test('that hold the primary key stay constraints, so that children can reference them', () => {
    expect(planned(table('notes', { softDelete: 'rpc', uniques: [unique(['id', 'owner_id'])] }))).toMatchObject([{ kind: 'constraint', where: null }])
  })
})
