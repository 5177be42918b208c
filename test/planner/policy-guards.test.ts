import { beforeAll, describe, expect, it } from 'vitest'
import { policyGuards } from '../../generators/planner/policy-guards.ts'
import { dependence } from '../../generators/planner/scale/dependence.ts'
import type { TableScale } from '../../generators/planner/scale/table-scale.ts'
import { loadParser } from '../../generators/sql/parser.ts'

beforeAll(loadParser)

const members = "org_id = any (array(select private.org_ids('viewer'))) and deleted_at is null"
const select = { command: 'select', permissive: true, roles: ['authenticated'], using: members }
const floor = { command: 'all', permissive: false, roles: ['authenticated'], using: "org_id = any (array(select private.org_ids('viewer')))" }

describe('policyGuards', () => {
  it('names what every row has to pass, and how many values the planner takes the caller to stand for', () => {
    expect(policyGuards([select, floor], 'authenticated')).toEqual([{ column: 'org_id', elements: 10 }, { column: 'org_id', elements: 10 }])
    expect(policyGuards([{ ...select, using: '(owner_id = (select auth.uid()))' }], 'authenticated')).toEqual([{ column: 'owner_id', elements: 1 }])
    // As the server prints it.
    expect(policyGuards([{ ...select, roles: ['public'], using: "(org_id = ANY (ARRAY( SELECT private.org_ids('viewer'::text) AS org_ids)))" }], 'authenticated')).toEqual([{ column: 'org_id', elements: 10 }])
  })

  it('names nothing that some rows pass without', () => {
    expect(policyGuards([{ ...select, using: "is_public or (org_id = any (array(select private.org_ids('viewer'))))" }], 'authenticated')).toEqual([])
    expect(policyGuards([select, { ...select, using: 'is_public' }], 'authenticated')).toEqual([])
    expect(policyGuards([select], 'service_role')).toEqual([])
    expect(policyGuards([{ ...select, command: 'update' }], 'authenticated')).toEqual([])
    expect(policyGuards([{ ...select, using: "status = 'open' and org_id > 3" }], 'authenticated')).toEqual([])
  })
})

describe('dependence', () => {
  const table = { schema: 'core', name: 'orders' }
  const column = (name: string, distinct: number, share: number | null = null) => ({ name, distinct, mostCommon: share === null ? [] : [{ value: 'x', share }] })
  const tables = [{ ...table, columns: [column('org_id', 900, 0.25), column('show_id', 12_000), column('owner_id', 60_000)] }] as unknown as TableScale[]
  const list = { column: 'org_id', elements: 10 }
  /** What the planner multiplies. */
  const product = (values: number, factors: readonly number[]) => factors.reduce((share, elements) => share * Math.min(1, elements / values), 1)
  const valuesOf = (columns: string[], guards: { column: string; elements: number }[], kind: 'once' | 'hottest' | 'dense') => Object.fromEntries(dependence([{ table, columns, guards }], tables, kind).map(({ column: name, values }) => [name, values]))

  it('makes the product of all shares that of one comparison', () => {
    expect(product(valuesOf(['org_id', 'show_id'], [list, list], 'once')['org_id'] ?? 0, [1, 10, 10])).toBeCloseTo(1 / 900)
    expect(product(valuesOf(['org_id'], [list], 'once')['org_id'] ?? 0, [1, 10])).toBeCloseTo(1 / 900)
    expect(product(valuesOf(['owner_id'], [{ column: 'owner_id', elements: 1 }], 'once')['owner_id'] ?? 0, [1, 1])).toBeCloseTo(1 / 60_000)
    expect(product(valuesOf(['show_id'], [list, list], 'once')['org_id'] ?? 0, [10, 10])).toBeCloseTo(10 / 900)
    expect(product(valuesOf(['org_id'], [list], 'hottest')['org_id'] ?? 0, [1, 10])).toBeCloseTo(0.25)
  })

  it('leaves alone what stands there once', () => {
    expect(valuesOf(['show_id'], [list], 'once')).toEqual({})
    expect(valuesOf(['org_id', 'show_id'], [], 'once')).toEqual({})
  })

  it('takes the most telling column alone where conditions hang together', () => {
    expect(valuesOf(['org_id', 'show_id'], [list, list], 'dense')).toEqual({ org_id: 1 })
    expect(product(valuesOf(['org_id'], [list], 'dense')['org_id'] ?? 0, [1, 10])).toBeCloseTo(1 / 900)
  })
})
