/** Rows of a table as one SELECT: keys whole, as many rows of each as declared. The same rows every time. */
import { literal } from '../../sql/literal.ts'
import { type QualifiedName, qualified } from '../../sql/identifier.ts'
import { valueAt } from '../scale/spread.ts'
import { type ColumnScale, type TableScale, scaleOfColumn } from '../scale/table-scale.ts'

export interface SampledTable extends QualifiedName {
  /** Rows in the sample. */
  rows: number
  scale: TableScale
  primaryKey: string[]
  uniques: string[][]
  foreignKeys: { columns: string[]; references: QualifiedName; referenced: string[] }[]
  columns: { name: string; type: string; nullable: boolean }[]
  checks: string[]
  /** A valid row, as texts. */
  example: Record<string, string | null>
}

export interface Sample {
  tables: readonly SampledTable[]
  /** Of all keys, so many are in it. */
  share: number
}

/** `isKey`: other tables or unique keys stand on it, so it cannot be the example's value. */
export interface SampledColumn {
  name: string
  sql: string
  example: string
  isKey: boolean
}

/** Values of row number `g`. */
export function sampledColumns(table: SampledTable, sample: Sample): SampledColumn[] {
  return table.columns.map(({ name, type }) => {
    const example = exampleSql(table, name, type)
    const isKey = [table.primaryKey, ...table.uniques].some((key) => key.length === 1 && key[0] === name) || table.foreignKeys.some(({ columns }) => columns.includes(name))
    return { name, sql: valueSql(table, name, 'g', { sample, depth: 0 }) ?? example, example, isKey }
  })
}

interface Place {
  sample: Sample
  depth: number
}

function valueSql(table: SampledTable, name: string, g: string, place: Place): string | null {
  const column = table.columns.find((one) => one.name === name)
  const scale = scaleOfColumn(table.scale, name)
  if (!column || !scale) return null
  const value = referenceSql(table, name, g, place) ?? ownSql(table, column, scale, g, place.sample)
  if (value === null || scale.nullShare === 0 || !column.nullable) return value
  return scale.nullShare >= 1 ? `null::${column.type}` : `case when ${hashed(g, `${qualified(table)}.${name} null`)} < ${scale.nullShare} then null else ${value} end`
}

/** The longest key decides: with a tenant in it, the row it leads to says which tenant. */
function referenceSql(table: SampledTable, name: string, g: string, { sample, depth }: Place): string | null {
  const keys = table.foreignKeys.filter(({ columns }) => columns.includes(name)).toSorted((a, b) => b.columns.length - a.columns.length)
  const [key] = keys
  if (!key || depth > 4) return null
  const picking = key.columns.at(-1) ?? name
  const referenced = key.referenced[key.columns.indexOf(name)] ?? 'id'
  const parent = sample.tables.find((one) => qualified(one) === qualified(key.references))
  const column = table.columns.find((one) => one.name === name)
  // A row that refers to its own table refers to itself, or to none.
  if (qualified(key.references) === qualified(table)) return column?.nullable && name === picking ? `null::${column.type}` : name === picking ? valueSql(table, referenced, g, { sample, depth: depth + 1 }) : null
  const values = fewer(scaleOfColumn(table.scale, picking)?.distinct ?? 1, sample.share)
  const ordinal = `(1 + floor(${hashed(g, `${qualified(table)}.${picking}`)} * ${Math.min(values, parent?.rows ?? Infinity)}))::int8`
  if (parent) return valueSql(parent, referenced, ordinal, { sample, depth: depth + 1 })
  return keyValue(column?.type ?? 'text', `${qualified(key.references)}.${referenced}`, ordinal)
}

function ownSql(table: SampledTable, { name, type }: { name: string; type: string }, scale: ColumnScale, g: string, { share }: Sample): string | null {
  const tag = `${qualified(table)}.${name}`
  if ([table.primaryKey, ...table.uniques].some((key) => key.length === 1 && key[0] === name)) return keyValue(type, tag, g)
  const { mostCommon, spread, distinct } = scale
  if (mostCommon.length > 0) return commonSql(scale, type, hashed(g, tag))
  const values = distinct > 1000 ? fewer(distinct, share) : Math.max(1, Math.round(distinct))
  const ordinal = `floor(${hashed(g, tag)} * ${values})::int8`
  if (spread?.kind === 'time' || spread?.kind === 'date') {
    const at = (scale.correlation ?? 0) > 0.9 ? `((${g})::int8 % ${table.rows})::float8 / ${table.rows}` : hashed(g, tag)
    return `(timestamptz ${literal(valueAt(spread, 0))} + (${at}) * (timestamptz ${literal(valueAt(spread, 1))} - timestamptz ${literal(valueAt(spread, 0))}))::${type}`
  }
  if (spread?.kind === 'number') return `(${spread.low ?? 1} + ${ordinal})::${type}`
  if (spread?.kind === 'uuid') return keyValue(type, tag, ordinal)
  if (spread?.kind === 'text') return `left(repeat(md5(${literal(tag)} || ${ordinal}), ${Math.max(1, Math.ceil(scale.width / 32))}), ${Math.max(1, Math.round(scale.width - 1))})::${type}`
  return type === 'text[]' && scale.heldElements ? elementsSql(scale, g, tag) : null
}

function commonSql({ mostCommon, nullShare }: ColumnScale, type: string, hash: string): string {
  let sum = 0
  const cases = mostCommon.map(({ value, share }) => {
    sum += share / Math.max(1e-9, 1 - nullShare)
    return `when ${hash} < ${sum.toFixed(9)} then ${literal(value)}`
  })
  return `(case ${cases.join(' ')} else ${literal(mostCommon[0]?.value ?? '')} end)::${type}`
}

function elementsSql({ elements, heldElements }: ColumnScale, g: string, tag: string): string {
  const others = Math.max(1, Math.round(heldElements?.others ?? 1))
  const one = (place: number) => `'tag ' || floor(${hashed(g, `${tag} ${place}`)} * ${others})::int8`
  return `array[${Array.from({ length: Math.max(1, Math.min(16, Math.round(elements))) }, (_element, place) => one(place)).join(', ')}]`
}

function keyValue(type: string, tag: string, ordinal: string): string | null {
  if (type === 'uuid') return `md5(${literal(`${tag} `)} || (${ordinal}))::uuid`
  if (/^(smallint|integer|bigint|numeric)/.test(type)) return `(${ordinal})::${type}`
  return /^(text|character varying|(extensions\.)?citext)/.test(type) ? `('k' || (${ordinal}))::${type}` : null
}

function exampleSql({ example }: SampledTable, name: string, type: string): string {
  const value = example[name] ?? null
  return value === null ? `null::${type}` : `${literal(value)}::${type}`
}

/** Whole keys are kept: fewer of them, each with all its rows. */
function fewer(values: number, share: number): number {
  return Math.max(1, Math.round(values * share))
}

/** At least 0 and below 1, the same for the same row and column. */
function hashed(g: string, tag: string): string {
  return `((hashint8extended((${g})::int8, ${seedOf(tag)}) & 2147483647) / 2147483648.0)`
}

function seedOf(tag: string): number {
  let seed = 7
  for (const letter of tag) seed = (seed * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return seed
}
