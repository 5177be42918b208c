/** Tables as large as they will be: what the planner of a server is made to believe of them. Plain data. */
import type { ScalePoint } from '../../design/evidence.ts'
import type { MeasuredColumn, MeasuredTable } from '../../design/measured.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Spread } from './spread.ts'

export const scalePoints = ['launch', 'horizon'] as const satisfies readonly ScalePoint[]

export interface TableScale extends QualifiedName {
  rows: number
  /** Mean bytes of a row in the heap, with header, padding and the pointer to it, without what is kept out of line. */
  tupleBytes: number
  /** Mean bytes of all values of a row. */
  rowBytes: number
  columns: ColumnScale[]
  /** Files of the table and of its indexes as they were read from a database. */
  measured: MeasuredTable | null
}

export interface ColumnScale {
  name: string
  type: string
  /** Between 0 and 1. */
  nullShare: number
  /** Mean bytes of a value. */
  width: number
  /** Different values, null not counted. */
  distinct: number
  /** The commonest values with their share of all rows, commonest first. */
  mostCommon: { value: string; share: number }[]
  /** How the other values lie; null when nothing is known of them. */
  spread: Spread | null
  /** Between the order of the rows and the order of the values, -1 to 1; null where there is no order. */
  correlation: number | null
  /** Elements of a value of an array, jsonb or tsvector. */
  elements: number
  /** Of an array or tsvector: elements with the share of the rows that hold them, and how many others there are with which share. Null when nothing is known. */
  heldElements: { common: { value: string; share: number }[]; others: number; share: number } | null
  /** As they were read from a database; they come before all else. */
  measured: MeasuredColumn | null
}

/** The column of that name; undefined for expressions and system columns. */
export function scaleOfColumn(table: TableScale, name: string | null): ColumnScale | undefined {
  return table.columns.find((column) => column.name === name)
}
