/** `tables: { name: { rows, growth, …, writes } }`: how large the tables of a database are, in the words of the spec. */
import { TrrError } from '../errors.ts'
import { type Catalog, findTable } from './catalog.ts'
import { collectIssues } from './issues.ts'
import { checkStructure } from './reading/check-structure.ts'
import { normalizeExisting } from './reading/normalize-existing.ts'
import { readDuration } from './reading/read-quantity.ts'
import type { Reading } from './reading/reading.ts'
import { relationsOf } from './reading/relations.ts'
import { emptyTable } from './reading/table-draft.ts'
import { normalizeWrites } from './reading/tables/normalize-writes.ts'
import { type Path, type Source, parseSource } from './source.ts'
import type { Duration } from './duration.ts'
import type { ColumnSpec, Spec, TableSpec } from './spec.ts'

export interface ScaleFile {
  existing: Spec['existing']
  writes: Pick<TableSpec, 'schema' | 'name' | 'writes'>[]
  /** Null: sizes are those of now. */
  horizon: Duration | null
}

const now: Duration = { text: 'now', days: 0 }

/** The keys of `scale`, and `writes`, of each table; `horizon` says at which age sizes are taken. Throws a TrrError with all that is wrong. */
export function readScaleFile(file: { text: string; file: string }, catalog: Catalog): ScaleFile {
  const source = asSpec(parseSource(file))
  const { input, faults, broken } = checkStructure(source)
  const issues = collectIssues(source, broken)
  for (const fault of faults) issues.add(fault)
  if (!input) throw new TrrError(issues.list())
  const reading: Reading = { source, issues, catalog, habits: { schema: 'public', idType: 'bigint', updatedAt: null, apiSchemas: [] }, input, schema: 'public' }
  const horizon = readDuration(reading, ['horizon'])
  const existing = normalizeExisting(reading, relationsOf([], catalog, { model: 'none' }), horizon ?? now)
  const writes = existing.map(({ table: { schema, name }, scale }) => {
    const key = Object.keys(input.existing ?? {}).find((one) => one === name || one === `${schema}.${name}`) ?? name
    const spec = { ...emptyTable(schema, name), scale, columns: (findTable(catalog, schema, name)?.columns ?? []).map(({ name: column }) => ({ name: column }) as ColumnSpec) }
    normalizeWrites(reading, { path: ['tables', key], input: input.tables?.[key] ?? null, spec, types: new Map(), columnPaths: new Map() })
    return { schema, name, writes: spec.writes }
  })
  if (issues.count() > 0) throw new TrrError(issues.list())
  return { existing, writes, horizon }
}

/** A spec has the scale of an existing table elsewhere, under a key of its own. */
function asSpec(source: Source): Source {
  const bare = (path: Path) => (path[0] === 'existing' ? ['tables', ...path.slice(1).filter((_key, place) => place !== 1)] : path)
  return { ...source, data: wrapped(source.data), textOf: (path) => source.textOf(bare(path)), has: (path) => source.has(bare(path)), placeOf: (path, at) => source.placeOf(bare(path), at) }
}

function wrapped(data: unknown): unknown {
  if (!isMap(data)) return data
  const { tables, ...rest } = data
  if (!isMap(tables)) return { design: 'workload', story: '-', ...rest, ...(tables === undefined ? {} : { tables }) }
  const entries = Object.entries(tables).map(([name, value]) => ({ name, value: isMap(value) ? value : {} }))
  return {
    design: 'workload', story: '-', ...rest,
    existing: Object.fromEntries(entries.map(({ name, value: { writes: _writes, ...scale } }) => [name, { scale }])),
    tables: Object.fromEntries(entries.filter(({ value }) => value['writes'] !== undefined).map(({ name, value: { writes } }) => [name, { about: '-', columns: {}, access: { pattern: 'service_only' }, writes }])),
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
