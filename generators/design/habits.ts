/** What a repository usually does, so that a design does the same without being told. */
import type { QualifiedName } from '../sql/identifier.ts'
import type { Catalog, CatalogFunction, CatalogTable } from './catalog.ts'
import { isSystemSchema } from './system-schemas.ts'

export interface Habits {
  /** Where most of its tables are. */
  schema: string
  idType: 'uuid' | 'bigint'
  /** Its trigger function that keeps `updated_at`, and how triggers that call it are named; null = none that is equivalent. */
  updatedAt: { function: QualifiedName; triggerName: (table: string) => string } | null
  /** Schemas that the Data API serves. */
  apiSchemas: string[]
}

export function habitsOf(catalog: Catalog, hints: { apiSchemas: string[] }): Habits {
  const tables = catalog.tables.filter((table) => isBaseTable(table) && !isSystemSchema(table.schema))
  const schema = mostFrequent(tables.map((table) => table.schema)) ?? 'public'
  const ids = tables.map(idTypeOf).filter((type) => type !== null)
  return {
    schema,
    idType: ids.filter((type) => type === 'bigint').length > ids.length / 2 ? 'bigint' : 'uuid',
    updatedAt: updatedAtHabit(catalog, tables, schema),
    apiSchemas: hints.apiSchemas,
  }
}

function isBaseTable(table: CatalogTable): boolean {
  return table.kind === 'table' || table.kind === 'partitioned'
}

/** Ties go to the first by name. */
function mostFrequent(names: string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([, left], [, right]) => right - left)[0]?.[0]
}

function idTypeOf(table: CatalogTable): 'uuid' | 'bigint' | null {
  const [key, second] = table.primaryKey
  const column = table.columns.find((candidate) => candidate.name === key)
  const isReference = table.foreignKeys.some((foreign) => foreign.columns.length === 1 && foreign.columns[0] === key)
  if (second !== undefined || !column || isReference) return null
  if (column.type === 'uuid') return 'uuid'
  return column.type === 'bigint' || column.type === 'integer' ? 'bigint' : null
}

function updatedAtHabit(catalog: Catalog, tables: CatalogTable[], schema: string): Habits['updatedAt'] {
  const uses = tables.flatMap((table) => table.triggers.map((trigger) => ({ table, trigger })))
  const candidates = catalog.functions.filter((candidate) => keepsUpdatedAt(candidate) && !isSystemSchema(candidate.schema))
  const counted = candidates.map((candidate) => ({
    candidate,
    used: uses.filter(({ trigger }) => trigger.function.schema === candidate.schema && trigger.function.name === candidate.name),
  }))
  const isHome = ({ candidate }: (typeof counted)[number]) => Number(candidate.schema === schema)
  const [best] = counted.toSorted((left, right) => right.used.length - left.used.length || isHome(right) - isHome(left))
  if (!best) return null
  const { schema: functionSchema, name } = best.candidate
  const prefixed = best.used.filter(({ table, trigger }) => trigger.name === `${table.name}_${name}`).length
  const bare = mostFrequent(best.used.filter(({ table, trigger }) => !trigger.name.includes(table.name)).map(({ trigger }) => trigger.name))
  const isBare = bare !== undefined && prefixed < best.used.length / 2
  return { function: { schema: functionSchema, name }, triggerName: (table) => (isBare ? bare : `${table}_${name}`) }
}

/** Only bodies that do this and nothing else. `handle_updated_at` of other shapes is left alone. */
const equivalentBodies = new Set(
  ['now()', 'pg_catalog.now()', 'current_timestamp', 'transaction_timestamp()'].flatMap((now) =>
    [':=', '='].map((assign) => `beginnew.updated_at${assign}${now};returnnew;end`),
  ),
)

function keepsUpdatedAt(candidate: CatalogFunction): boolean {
  if (candidate.returns !== 'trigger' || candidate.language !== 'plpgsql') return false
  return equivalentBodies.has(candidate.body.toLowerCase().replace(/\s+/g, '').replace(/;$/, ''))
}
