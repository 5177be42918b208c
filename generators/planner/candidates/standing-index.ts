/** An index that is there already, and what a wider one does in its place. */
import type { IndexKey, IndexPlan } from '../../design/plan.ts'
import { type QualifiedName, ident } from '../../sql/identifier.ts'

export interface StandingIndex {
  table: QualifiedName
  name: string
  method: string
  keys: StandingKey[]
  include: string[]
  where: string | null
  unique: boolean
  /** A constraint or the table's replica identity stands on it. */
  bound: boolean
}

export interface StandingKey {
  /** As the server prints it: a column, or an expression. */
  text: string
  direction: IndexKey['direction']
  nulls: 'first' | 'last'
  /** Null for the default of the type. */
  operatorClass: string | null
}

type Indexed = Pick<IndexPlan, 'table' | 'method' | 'keys' | 'include' | 'where'>

/** The other begins with all of its keys and holds all of its rows and columns: nothing needs this one beside it. */
export function isBeginningOf(standing: StandingIndex, other: Indexed): boolean {
  const held = [...other.keys.map(({ column }) => column), ...other.include]
  return (
    isFree(standing) && standing.method === 'btree' && other.method === 'btree' && standing.table.schema === other.table.schema && standing.table.name === other.table.name &&
    standing.keys.length <= other.keys.length && standing.keys.every((key, place) => isSame(key, other.keys[place] as IndexKey)) &&
    standing.include.every((column) => held.includes(column)) && (other.where === null || other.where === standing.where)
  )
}

/** What is there begins with all of the candidate's keys and holds its rows and columns: the candidate would be a smaller copy of it. */
export function isHeldBy({ table, method, keys, include, where }: Indexed, standing: StandingIndex): boolean {
  const held = [...standing.keys.map(({ text }) => text), ...standing.include]
  return (
    standing.method === 'btree' && method === 'btree' && standing.table.schema === table.schema && standing.table.name === table.name &&
    keys.every((key, place) => standing.keys[place] !== undefined && isSame(standing.keys[place], key)) && include.every((column) => held.includes(column)) && standing.where === null && where === null
  )
}

/** The same keys in the same order and no more; a later name is the one that may go. */
export function isBeginningOfStanding(standing: StandingIndex, other: StandingIndex): boolean {
  const keys = other.keys.map(({ text, ...key }): IndexKey => ({ ...key, column: text }))
  const isLonger = other.keys.length > standing.keys.length || other.include.length > standing.include.length
  return standing.name !== other.name && isBeginningOf(standing, { ...other, method: other.method as IndexPlan['method'], keys }) && (isLonger || other.unique || other.bound || other.name < standing.name)
}

/** Neither refuses rows nor carries a constraint. */
export function isFree({ unique, bound }: StandingIndex): boolean {
  return !unique && !bound
}

function isSame(key: StandingKey, { column, expression, direction, nulls, operatorClass }: IndexKey): boolean {
  const text = expression ? bare(column) : column
  return (bare(key.text) === text || key.text === ident(column)) && key.direction === direction && key.nulls === (nulls ?? (direction === 'desc' ? 'first' : 'last')) && key.operatorClass === operatorClass
}

function bare(text: string): string {
  return text.replaceAll(/[\s()]/g, '')
}
