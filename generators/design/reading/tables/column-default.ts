/** A plain default as a literal of the column's type. */
import { literal } from '../../../sql/literal.ts'
import { type ColumnType, isText, isTime } from './column-types.ts'

/** The SQL, or why the value is none of the type. */
export type Default = { sql: string } | { fault: string; remedy: string }

/** `text` is the source text: `012` and `yes` are what stands there. */
export function plainDefault(text: string, type: ColumnType): Default {
  const quoted = { sql: literal(text) }
  if (type.isArray) return /^\{.*\}$/s.test(text) ? quoted : { fault: `${shown(text)} is not an array.`, remedy: 'Write it as Postgres prints it: "{}" or "{a,b}".' }
  if (isText(type)) return quoted
  const labels = type.catalog?.kind === 'enum' ? type.catalog.labels : null
  if (labels) return labels.includes(text) ? quoted : { fault: `${shown(text)} is not a value of ${type.sql}.`, remedy: `Use one of: ${labels.join(', ')}.` }
  if (isTime(type)) return timeDefault(text, type)
  return checks[type.name]?.(text) ?? expressionLike(text) ?? quoted
}

const integer = (bits: number) => (text: string): Default => {
  if (!/^-?\d{1,19}$/.test(text)) return expressionLike(text) ?? { fault: `${shown(text)} is not a whole number.`, remedy: 'Write digits only, without quotes: 0' }
  const value = BigInt(text)
  const limit = 2n ** BigInt(bits - 1)
  return value >= -limit && value < limit ? { sql: text } : { fault: `${text} does not fit into ${bits} bits.`, remedy: 'Use bigint or numeric.' }
}

const decimal = (text: string): Default => {
  if (/^-?\d{1,100}(\.\d{1,100})?$/.test(text)) return { sql: text }
  return expressionLike(text) ?? { fault: `${shown(text)} is not a number.`, remedy: 'Write it with digits: 0 or 1.50' }
}

const uuid = (text: string): Default => {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { sql: literal(text) }
  return expressionLike(text) ?? { fault: `${shown(text)} is not a uuid.`, remedy: 'For a new one in each row write: default: { sql: gen_random_uuid() }' }
}

const checks: Record<string, (text: string) => Default> = {
  int2: integer(16),
  int4: integer(32),
  int8: integer(64),
  numeric: decimal,
  float4: decimal,
  float8: decimal,
  bool: (text) => (text === 'true' || text === 'false' ? { sql: text } : { fault: `${shown(text)} is not true or false.`, remedy: 'Write: true or false' }),
  uuid,
  json: jsonDefault,
  jsonb: jsonDefault,
}

function jsonDefault(text: string): Default {
  try {
    JSON.parse(text)
    return { sql: literal(text) }
  } catch {
    return { fault: `${shown(text)} is not JSON.`, remedy: `For a text write: default: ${literal(JSON.stringify(text))}` }
  }
}

/** `now` would be the moment at which the migration ran, in every row. */
function timeDefault(text: string, type: ColumnType): Default {
  if (/^(-?infinity|\d{4,6}-\d{2}-\d{2}([ T].*)?)$/i.test(text)) return { sql: literal(text) }
  const [kind, call] = type.name === 'date' ? ['date', 'current_date'] : ['time', 'now()']
  return { fault: `${shown(text)} is not a fixed ${kind}.`, remedy: `For the moment of the insert write: default: { sql: ${call} }` }
}

/** `gen_random_uuid()` without `sql:` was meant as a call. */
function expressionLike(text: string): Default | null {
  if (!/^[a-z_][\w.]*\(.*\)$/is.test(text)) return null
  return { fault: `${shown(text)} is a plain value here.`, remedy: `For an expression write: default: { sql: ${shown(text)} }` }
}

function shown(text: string): string {
  return JSON.stringify(text)
}
