import { expect, test } from 'vitest'
import type { QuerySpec, Spec, TableSpec } from '../../generators/design/spec.ts'
import { checkExpressions } from '../../generators/proofs/expressions.ts'
import { provedServer } from './proved-server.ts'
import { column, notes, query, spec, table } from './sample-plan.ts'

const server = provedServer()
const check = (tables: TableSpec[], more: Partial<Spec> = {}) => checkExpressions({ server: server(), spec: spec(tables, more) })
const raw = (sql: string, params: string[] = []): QuerySpec => query('raw', { table: null, sql, params })

test('a sound spec has no faults, and leaves nothing behind', async () => {
  const queries = [query('mine', { where: [{ column: 'org_id', operator: '=' }, { sql: "status = 'draft'", columns: ['status'] }] }), raw('select o.name from core.notes n join core.organizations o on o.id = n.org_id where n.id = $1')]
  expect(await check([notes], { queries })).toEqual([])
  expect(await check([notes], { queries })).toEqual([])
})

test('all faults at once, each at its place', async () => {
  const broken = table('clips', [
    column('id', 'uuid', { origin: 'id' }),
    column('a', 'uuidd'),
    column('b', 'integer', { default: "'many'" }),
    column('c', 'text', { default: 'missing_function()' }),
    column('d', 'text', { check: 'd + 1 > 2' }),
    column('e', 'text', { generated: "to_char(at, 'YYYY')" }),
    column('at', 'timestamptz', { default: 'now()' }),
    column('f', 'int', { default: "array['x']" }),
  ], {
    checks: [{ name: null, sql: 'b > 0' }, { name: 'x', sql: "b = 'text'" }],
    uniques: [{ columns: ['b'], where: 'at > now()', nullsNotDistinct: false, global: false }],
    indexes: [{ columns: ['b'], using: 'btree', where: 'core.nothing(b)', include: [] }],
    access: { ...notes.access, where: { own: null, any: 'd' } },
  })
  const faults = await check([broken, notes])
  expect(faults.every(({ code }) => code === 'SPEC_EXPRESSION')).toBe(true)
  const at = (...path: (string | number)[]) => ['tables', 'clips', ...path]
  expect(faults.map(({ path, message }) => [path, message])).toEqual([
    [at('columns', 'a', 'type'), 'Type "uuidd" does not exist.'],
    [at('columns', 'b', 'default'), 'Invalid input syntax for type integer: "many".'],
    [at('columns', 'c', 'default'), 'Function missing_function() does not exist.'],
    [at('columns', 'd', 'check'), 'Operator does not exist: text + integer.'],
    [at('columns', 'e', 'generated'), 'Generation expression is not immutable.'],
    [at('columns', 'f', 'default'), 'Column "f" is of type integer but default expression is of type text[].'],
    [at('checks', 1), 'Invalid input syntax for type integer: "text".'],
    [at('unique'), 'Functions in index predicate must be marked IMMUTABLE.'],
    [at('indexes', 0, 'where'), 'Function core.nothing(integer) does not exist.'],
    [at('access', 'where'), 'Argument of POLICY must be type boolean, not type text.'],
  ])
  expect(faults.every(({ remedy }) => remedy === undefined || remedy.length > 10)).toBe(true)
})

test('nothing is said about what uses a column of an unknown type', async () => {
  const clips = table('clips', [column('id', 'uuid'), column('a', 'core.missing', { default: "'x'", check: 'a > 3' })])
  const faults = await check([clips], { queries: [raw('select a + 1 from core.clips')] })
  expect(faults.map(({ path }) => path)).toEqual([['tables', 'clips', 'columns', 'a', 'type']])
})

test('queries: unknown columns, untyped parameters, operators', async () => {
  const queries = [
    raw('select n.nothing from core.notes n'),
    { ...raw('select $1'), name: 'untyped', params: ['uuidd'] },
    { ...raw('select id from core.notes where $1 is null'), name: 'unknown' },
    query('contains', { where: [{ column: 'title', operator: '@>' }] }),
    query('predicate', { where: [{ column: 'org_id', operator: '=' }, { sql: 'title > 3', columns: ['title'] }] }),
  ]
  const faults = await check([notes], { queries })
  expect(faults.map(({ path, message }) => [path, message])).toEqual([
    [['queries', 'raw', 'sql'], 'Column n.nothing does not exist.'],
    [['queries', 'untyped', 'params', 0], 'Type "uuidd" does not exist.'],
    [['queries', 'unknown', 'sql'], 'Could not determine data type of parameter $1.'],
    [['queries', 'contains', 'where'], 'Operator does not exist: text @> text.'],
    [['queries', 'predicate', 'where', 1], 'Operator does not exist: text > integer.'],
  ])
  expect(faults[2]?.remedy).toContain('params: [uuid]')
})

test('the predicate of members is tried with an empty search path', async () => {
  const tenancy: Spec['tenancy'] = {
    model: 'organization', column: 'org_id', type: 'uuid', organizations: { schema: 'core', name: 'organizations' }, organizationKey: 'id', organizationDeleted: null,
    memberships: { table: { schema: 'core', name: 'org_memberships' }, user: 'user_id', organization: 'org_id', role: 'role', where: "status = 'active'" }, roles: ['viewer', 'editor'], create: false,
  }
  expect(await check([notes], { tenancy })).toMatchObject([{ path: ['tenancy', 'memberships', 'where'], message: 'Column "status" does not exist.' }])
})

test('a table that is there already', async () => {
  expect(await check([{ ...notes, name: 'organizations' }])).toMatchObject([{ path: ['tables', 'organizations'], message: 'Relation "organizations" already exists.' }])
})
