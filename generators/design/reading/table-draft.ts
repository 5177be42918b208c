/** A table while it is being read: the spec so far, and where in the file it comes from. */
import type { ColumnType } from './tables/column-types.ts'
import type { TableInput } from '../input.ts'
import type { Path } from '../source.ts'
import type { ColumnSpec, TableSpec } from '../spec.ts'

export interface TableDraft {
  path: Path
  /** Null for tables that the tool adds. */
  input: TableInput | null
  spec: TableSpec
  types: Map<string, ColumnType>
  /** Declared columns, by name. */
  columnPaths: Map<string, Path>
}

export function columnNames(draft: TableDraft): string[] {
  return draft.spec.columns.map((column) => column.name)
}

export function findColumn(draft: TableDraft, name: string): ColumnSpec | undefined {
  return draft.spec.columns.find((column) => column.name === name)
}

/** A table without anything: every list is filled by the part that knows about it. */
export function emptyTable(schema: string, name: string): TableSpec {
  const closed = { own: 'service', any: 'service' } as const
  return {
    schema,
    name,
    about: '',
    columns: [],
    primaryKey: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    tenantColumn: null,
    tenantVia: null,
    ownerColumn: null,
    timestamps: false,
    audit: 'none',
    softDelete: 'none',
    access: {
      pattern: 'service_only',
      via: null,
      shares: null,
      select: { ...closed },
      insert: { ...closed },
      update: { ...closed },
      delete: { ...closed },
      where: { own: null, any: null },
      anonymous: false,
      mfa: [],
      because: null,
    },
    scale: { rows: 10_000, growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: false },
    writes: { insertsPerSecond: 0, updates: [], deletesPerSecond: 0 },
    retention: null,
    floor: false,
    realtime: false,
    kind: 'row',
  }
}
