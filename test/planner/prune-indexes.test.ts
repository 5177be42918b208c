import { expect, test } from 'vitest'
import type { IndexPlan, Plan, QueryPlan } from '../../generators/design/plan.ts'
import { pruneIndexes } from '../../generators/planner/prune-indexes.ts'
import type { WhatIf } from '../../generators/planner/what-if.ts'
import type { WorkloadStatement } from '../../generators/planner/workload.ts'
import { latest, planOf } from '../proofs/sample-plan.ts'

const index = (name: string, columns: string[], rule: IndexPlan['reasons'][number]['rule'] = 'query', subject = 'latest'): IndexPlan => ({
  name, table: { schema: 'core', name: 'notes' }, method: 'btree', keys: columns.map((column) => ({ column, direction: 'asc', nulls: null, operatorClass: null })), include: [], where: null,
  reasons: [{ rule, subject, says: subject }], concurrently: false,
})

const statement = (name: string): WorkloadStatement => ({ id: `query ${name}`, kind: 'query', subject: name, as: 'authenticated', sql: '', types: [], parameters: 0, equal: [] })

/** A planner that takes the cheapest of the indexes that it sees: `costs` by statement and index; `none` without any. */
function planner(costs: Record<string, Record<string, number>>, dense: typeof costs = costs): WhatIf {
  return async (statements, { hidden, rows }) =>
    new Map(
      statements.map(({ subject, id }) => {
        const seen = Object.entries((rows === 'dense' ? dense : costs)[subject] ?? {}).filter(([name]) => !hidden.some((one) => one.name === name))
        const [best, cost] = seen.toSorted((a, b) => a[1] - b[1])[0] ?? ['none', 0]
        return [id, { cost, indexes: best === 'none' ? [] : [best] }]
      }),
    )
}

const query = (name: string, served: string): QueryPlan => ({ ...latest, query: { ...latest.query, name }, index: served })
const prune = (indexes: IndexPlan[], queries: QueryPlan[], whatIf: WhatIf) => {
  const plan: Plan = { ...planOf(queries), indexes }
  return pruneIndexes(plan, queries.map((one) => statement(one.query.name)), whatIf)
}

test('what no plan reads is left out, and what is missed stays', async () => {
  const { indexes, rejected } = await prune([index('good', ['org_id']), index('idle', ['title'])], [query('latest', 'good')], planner({ latest: { good: 5, none: 900 } }))
  expect(indexes.map(({ name }) => name)).toEqual(['good'])
  expect(rejected.map(({ index: { name }, because }) => [name, because])).toEqual([['idle', 'no query, foreign key or policy reads it']])
})

test('a tenth is the border: 9 % more is no loss, 11 % is one', async () => {
  const whatIf = planner({ latest: { a: 100, none: 109 }, other: { b: 100, none: 111 } })
  const { indexes, rejected, queries } = await prune([index('a', ['org_id', 'title']), index('b', ['title'])], [query('latest', 'a'), query('other', 'b')], whatIf)
  expect(indexes.map(({ name }) => name)).toEqual(['b'])
  expect(rejected[0]?.because).toBe('without it the plan of query latest costs 9 % more')
  expect(queries.map((one) => one.index)).toEqual([null, 'b'])
})

test('of two that replace each other the one that is missed more stays, and the queries name it', async () => {
  const whatIf = planner({ latest: { first: 10, second: 10, none: 5000 }, other: { second: 10, first: 10.5, none: 5000 } })
  const { indexes, queries } = await prune([index('first', ['org_id', 'title']), index('second', ['org_id', 'status'])], [query('latest', 'first'), query('other', 'second')], whatIf)
  expect(indexes.map(({ name }) => name)).toEqual(['second'])
  expect(queries.map((one) => one.index)).toEqual(['second', 'second'])
})

test('what is missed only where the conditions hang together stays as well', async () => {
  const whatIf = planner({ latest: { a: 19, none: 19.2 } }, { latest: { a: 20, none: 3000 } })
  expect((await prune([index('a', ['org_id', 'title'])], [query('latest', 'a')], whatIf)).rejected).toEqual([])
})

test('what a person declared stays, and so does the only index of a foreign key', async () => {
  const kept = [index('declared', ['status'], 'declared'), index('reference', ['org_id'], 'foreign-key', 'notes_org_id_fkey')]
  expect((await prune(kept, [], planner({}))).indexes).toEqual(kept)
  // The longer one begins with the same column: then one of them is enough.
  const { indexes } = await prune([...kept, index('longer', ['org_id', 'title'], 'declared')], [], planner({}))
  expect(indexes.map(({ name }) => name)).toEqual(['declared', 'longer'])
})
