/** Two things of one name: said before Postgres says it in the middle of a file. */
import { beforeAll, expect, test } from 'vitest'
import type { TableSpec } from '../../generators/design/spec.ts'
import { nameClashes } from '../../generators/planner/name-clashes.ts'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { catalog, existing } from '../support/document-input.ts'
import { column, spec, table } from '../support/specs.ts'

beforeAll(loadParser)

const unique = (...columns: string[]): TableSpec['uniques'][number] => ({ columns, where: null, nullsNotDistinct: false, global: false })

function clashes(tables: TableSpec[], before = catalog): string[] {
  const plan = planDesign(spec(tables), before)
  return nameClashes(plan, before).map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)
}

test('names that differ are fine', () => {
  expect(clashes([table('notes', { checks: [{ name: 'notes_titled', sql: "title <> ''" }] })])).toEqual([])
})

test.each<[string, Partial<TableSpec>, string]>([
  ['a check called as the primary key', { checks: [{ name: 'notes_pkey', sql: "title <> ''" }] }, `"notes_pkey" would be the name of the primary key and of the check title <> '' of "notes".`],
  ['a check called as that of a column', { columns: [column('id', { type: 'uuid' }), column('title', { check: "title <> ''" })], checks: [{ name: 'notes_title_check', sql: "title <> 'a'" }] }, `"notes_title_check" would be the name of the check title <> '' and of the check title <> 'a' of "notes".`],
  ['keys whose columns read the same', { columns: ['id', 'a', 'b_c', 'a_b', 'c'].map((name) => column(name)), uniques: [unique('a', 'b_c'), unique('a_b', 'c')] }, '"notes_a_b_c_key" would be the name of the unique key (a, b_c) and of the unique key (a_b, c) of "notes".'],
])('%s', (_, more, says) => {
  expect(clashes([table('notes', more)])[0]).toBe(`SPEC_DUPLICATE tables.notes: ${says}`)
})

test('an index that exists', () => {
  const before = { ...catalog, tables: [...catalog.tables, existing('other', { uniques: [{ name: 'notes_pkey', columns: ['id'], where: null, nullsNotDistinct: false, referencable: true }] })] }
  expect(clashes([table('notes')], before)).toEqual(['SPEC_DUPLICATE tables.notes: "notes_pkey" would be the name of an index of "core.other" and of the primary key of "notes".'])
})
