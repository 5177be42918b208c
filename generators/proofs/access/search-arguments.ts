/** Values to call a search function with, out of the rows that are there. */
import type { QueryPlan } from '../../design/plan.ts'
import type { Operator } from '../../design/spec.ts'
import { literal } from '../../sql/literal.ts'
import { seededUuid } from '../fixtures/seeded.ts'
import { oneOfEach } from './probe.ts'
import type { SubjectRow } from './subject.ts'

/** As SQL, without a position: for a row of each tenant and owner what finds many, for two of them what finds that row, and for each condition something that nothing matches. */
export function argumentLists(query: QueryPlan, rows: readonly SubjectRow[]): string[][] {
  const compared = comparedBy(query)
  const told = oneOfEach(rows, ({ facts }) => JSON.stringify([facts.tenant, facts.owner]))
  const list = (row: SubjectRow, choose: typeof broad) => {
    const values = compared.map((one) => choose(one, row.values[one.column] ?? null))
    return values.includes(null) ? [] : [[...values.map((value, place) => typed(value ?? '', compared[place]?.type ?? 'text')), ...query.parameters.slice(compared.length).map(() => 'null')]]
  }
  const many = told.flatMap((row) => list(row, broad))
  const one = oneOfEach(rows, ({ facts }) => facts.deleted).flatMap((row) => list(row, narrow))
  const [first] = many
  const none = first ? compared.flatMap(({ type }, place) => (strange(type) === null ? [] : [first.with(place, typed(strange(type) ?? '', type))])) : []
  return distinct([...many, ...one, ...none])
}

/** Behind the first, a middle and the last but one of the rows that were found. */
export function positionsIn(query: QueryPlan, rows: readonly SubjectRow[], { values, matching }: { values: readonly string[]; matching: readonly string[] }): string[][] {
  const places = [...new Set([0, Math.floor(matching.length / 2), matching.length - 2])].filter((place) => place >= 0)
  return places.flatMap((place) => {
    const row = rows.find(({ key }) => key === matching[place])
    const position = query.parameters.flatMap(({ column, type, role }) => (role === 'cursor' ? [{ type, value: row?.values[column ?? ''] ?? null }] : []))
    return row && position.every(({ value }) => value !== null) ? [[...values.slice(0, values.length - position.length), ...position.map(({ value, type }) => typed(value ?? '', type))]] : []
  })
}

interface Compared {
  column: string
  type: string
  operator: Operator
}

/** Conditions by parameter; positions are the parameters behind them. */
function comparedBy({ query, parameters }: QueryPlan): Compared[] {
  const operators = query.where.flatMap((condition): Operator[] => {
    if (!('column' in condition) || condition.operator === 'is null' || condition.operator === 'is not null') return []
    return condition.operator === 'between' ? ['between', 'between'] : [condition.operator]
  })
  return operators.map((operator, place) => ({ column: parameters[place]?.column ?? '', type: parameters[place]?.type ?? 'text', operator }))
}

function broad(compared: Compared, value: string | null): string | null {
  const { operator, type } = compared
  if (operator === 'like' || operator === 'ilike') return '%'
  if (operator === '@>' && (type === 'jsonb' || type.endsWith('[]'))) return '{}'
  return narrow(compared, value)
}

function narrow({ operator, type }: Compared, value: string | null): string | null {
  if (value === null) return null
  if (operator === 'like' || operator === 'ilike') return value.replace(/[\\%_]/g, '\\$&')
  if (operator === 'in') return `{${JSON.stringify(value)}}`
  // A word of the text, or a lexeme of its vector.
  if (operator === '@@') return /'([^']+)'/.exec(value)?.[1] ?? /\w+/.exec(value)?.[0] ?? null
  return operator === '<>' ? (strange(type) ?? value) : value
}

/** What no row holds; null where the type has no such value to guess. */
function strange(type: string): string | null {
  if (type === 'text' || /^(character|varchar)/.test(type)) return 'trrdb finds nothing'
  if (type === 'uuid') return seededUuid('nowhere')
  if (type === 'text[]') return '{"trrdb finds nothing"}'
  if (type === 'uuid[]') return `{${seededUuid('nowhere')}}`
  if (type === 'jsonb') return '{"trrdb": "finds nothing"}'
  return /^(date|timestamp)/.test(type) ? '1901-01-01' : null
}

function typed(value: string, type: string): string {
  return `${literal(value)}::${type}`
}

function distinct(lists: readonly string[][]): string[][] {
  return oneOfEach(lists, (values) => JSON.stringify(values))
}
