/** Columns of few values have names made up: the constants of the workload take their places, or no row would have them. */
import { expect, test } from 'vitest'
import type { Comparison } from '../../generators/planner/candidates/comparison.ts'
import type { ColumnScale, TableScale } from '../../generators/planner/scale/table-scale.ts'
import { withSeenValues } from '../../generators/planner/workload-file/seen-values.ts'

test.each([
  ['text', "state = 'open'", ['open', 'b', 'c']],
  ['text', "state = any ('{open,\"on hold\"}')", ['open', 'on hold', 'c']],
  ['number', 'state = 0', ['0', 'b', 'c']],
  ['number', 'state = -7', ['-7', 'b', 'c']],
] as const)('%s: %s', (kind, literal, expected) => {
  const column = { name: 'state', type: kind === 'text' ? 'text' : 'integer', spread: kind === 'text' ? { kind } : { kind, high: 3 }, distinct: 3, nullShare: 0, mostCommon: ['a', 'b', 'c'].map((value) => ({ value, share: 1 / 3 })) } as unknown as ColumnScale
  const table = { schema: 'public', name: 'orders', rows: 10, columns: [column], measured: null } as unknown as TableScale
  const comparison = { key: { text: 'state', isExpression: false }, literal, kind: literal.includes('any') ? 'list' : 'equal' } as unknown as Comparison
  const scan = { statement: 'q', table: { schema: 'public', name: 'orders' }, comparisons: [comparison], orders: [], limited: false, columns: [] }
  expect(withSeenValues([table], [scan], [])[0]?.columns[0]?.mostCommon.map(({ value }) => value)).toEqual(expected)
})
