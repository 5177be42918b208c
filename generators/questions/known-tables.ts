/** Tables that a row may point to: those of the design so far, and those that exist. */
import type { Catalog, CatalogTable } from '../design/catalog.ts'
import type { SpecInput } from '../design/input.ts'
import { singular } from '../design/singular.ts'
import { isSystemSchema } from '../design/system-schemas.ts'
import type { World } from './question.ts'

export interface KnownTable {
  /** `schema.name` */
  path: string
  keyType: string
  /** Of this design. */
  isNew: boolean
}

/** The design's own first. */
export function knownTables(draft: SpecInput, { catalog, habits }: World): KnownTable[] {
  const schema = draft.schema ?? habits.schema
  const own = Object.entries(draft.tables ?? {}).map(([name, table]) => ({ path: `${schema}.${name}`, keyType: table.id ?? habits.idType, isNew: true }))
  const existing = catalog.tables.filter((table) => isTarget(table) && !isSystemSchema(table.schema))
  return [...own, ...existing.map((table) => ({ path: `${table.schema}.${table.name}`, keyType: keyType(table), isNew: false }))]
}

/** The catalog as it will be: a later table may refer to an earlier one. */
export function catalogWith(draft: SpecInput, { catalog, habits }: World): Catalog {
  const schema = draft.schema ?? habits.schema
  const own = Object.entries(draft.tables ?? {}).map(([name, table]): CatalogTable => {
    const id = { name: 'id', type: table.id ?? habits.idType, nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null }
    return {
      schema, name, kind: 'table', comment: null, rowSecurity: true, columns: [id], primaryKey: ['id'],
      uniques: [], foreignKeys: [], checks: [], indexes: [], policies: [], triggers: [], privileges: [],
    }
  })
  return { ...catalog, tables: [...own, ...catalog.tables] }
}

/** `show_id` means the table `shows`, when there is one. */
export function tableOfColumn(column: string, tables: readonly KnownTable[]): KnownTable | undefined {
  const subject = column.replace(/_id$/, '')
  if (subject === column) return undefined
  const fits = ({ path }: KnownTable) => singular(nameOf(path)) === subject || nameOf(path) === subject
  return tables.find(fits) ?? tables.find(({ path }) => singular(nameOf(path)).endsWith(`_${subject}`))
}

/** The column that points to a table: `core.shows` → `show_id`. */
export function columnFor({ path }: KnownTable): string {
  return `${singular(nameOf(path))}_id`
}

function nameOf(path: string): string {
  return path.split('.').at(-1) ?? path
}

function isTarget({ kind, primaryKey }: CatalogTable): boolean {
  return kind === 'table' && primaryKey.length === 1
}

function keyType(table: CatalogTable): string {
  return table.columns.find(({ name }) => name === table.primaryKey[0])?.type ?? 'uuid'
}
