/** Where the parts of a spec stand in its file, for what is found out after it was read. */
import type { Path } from './source.ts'
import type { ColumnSpec, Spec, TableSpec } from './spec.ts'

/** The key as it is written when it is written plainly; otherwise an issue falls back to what encloses it. */
export function tablePath(spec: Pick<Spec, 'schema'>, { schema, name }: Pick<TableSpec, 'schema' | 'name'>): Path {
  return ['tables', schema === spec.schema ? name : `${schema}.${name}`]
}

/** Columns that the tool added are not in the file: the table is. */
export function columnPath(table: Path, { name, origin }: Pick<ColumnSpec, 'name' | 'origin'>): Path {
  return origin === 'declared' ? [...table, 'columns', name] : table
}
