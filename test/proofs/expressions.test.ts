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

test('what only a row or a plan would show is refused before there is one', async () => {
  const clips = table('clips', [
    column('id', 'uuid', { origin: 'id' }),
    column('a', 'varchar(3)', { default: "'abcdef'" }),
    column('b', 'numeric(3,2)', { default: '12345' }),
    column('c', 'integer', { default: '5', check: 'c > 10' }),
    column('d', 'text', { check: "d ~ '('" }),
    column('e', 'text', { check: 'pg_sleep(1000) is null or e is null' }),
    column('f', 'text', { default: 'pg_sleep(1000)::text' }),
    column('g', 'integer', { default: '0' }),
  ], {
    indexes: [
      { columns: ['g'], using: 'gin', where: null, include: [] },
      { columns: ['a', 'g'], using: 'hash', where: null, include: [] },
      { columns: ['g'], using: 'brin', where: null, include: ['a'] },
      { columns: ['g'], using: 'btree', where: 'g > 0', include: ['a'] },
    ],
    access: { ...notes.access, where: { own: null, any: 'random() < 1' } },
    scale: { ...notes.scale, skew: { g: { '1': 0.5, many: 0.2 } } },
  })
  const samples = [{ table: { schema: 'core', name: 'clips' }, rows: [{ g: 1, a: 'abc' }, { g: 'many' }] }]
  const faults = await check([clips], { samples })
  const at = (...path: (string | number)[]) => ['tables', 'clips', ...path]
  expect(faults.map(({ code, path, message }) => [code, path, message])).toEqual([
    ['SPEC_EXPRESSION', at('columns', 'a', 'default'), 'Value too long for type character varying(3).'],
    ['SPEC_EXPRESSION', at('columns', 'b', 'default'), 'Numeric field overflow.'],
    ['SPEC_CONFLICT', at('columns', 'c', 'default'), 'The default does not pass the check of its own column.'],
    ['SPEC_EXPRESSION', at('columns', 'd', 'check'), expect.stringContaining('Invalid regular expression')],
    ['SPEC_EXPRESSION', at('columns', 'e', 'check'), 'pg_sleep() acts, waits or answers differently each time, and a rule about a row cannot.'],
    ['SPEC_EXPRESSION', at('columns', 'f', 'default'), 'The server computed for 5 seconds without an end.'],
    ['SPEC_EXPRESSION', at('indexes', 0), 'Data type integer has no default operator class for access method "gin".'],
    ['SPEC_EXPRESSION', at('indexes', 1), 'Access method "hash" does not support multicolumn indexes.'],
    ['SPEC_EXPRESSION', at('indexes', 2), 'Access method "brin" does not support included columns.'],
    ['SPEC_EXPRESSION', at('access', 'where'), 'random() acts, waits or answers differently each time, and a rule about a row cannot.'],
    ['SPEC_EXPRESSION', at('scale', 'skew', 'g', 'many'), 'Invalid input syntax for type integer: "many".'],
    ['SPEC_EXPRESSION', ['samples', 'core.clips', 1, 'g'], 'Invalid input syntax for type integer: "many".'],
  ])
  expect(faults.every(({ remedy }) => (remedy ?? '') !== '')).toBe(true)
})
