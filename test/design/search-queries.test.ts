/** `through: function` of a query: what is accepted, and every refusal with its place. */
import { expect, test } from 'vitest'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { nameClashes } from '../../generators/planner/name-clashes.ts'
import { formatDocument, openSpec, setIn } from '../../generators/design/edit-spec.ts'
import { sampleCatalog } from './sample-catalog.ts'
import { issuesOf, read, specText } from './spec-text.ts'

const plain = { as: 'authenticated', where: '[labels @>]', page: 'keyset 20', select: '' }

function spec(query: Partial<typeof plain & { table: string }>, access = 'owner', more = ''): string {
  const { as, where, page, select, table = 'notes' } = { ...plain, ...query }
  return `${specText({ columns: 'labels: "text[]"\ntitle: text', access })}${more}queries:\n  by_label:\n    table: ${table}\n    where: ${where}\n    order_by: created_at desc, id desc\n    page: ${page}\n${select}    as: ${as}\n    ¦through: function\n`
}

test('the rule of SELECT, the conditions of the query and one page; nothing for anon and the service', async () => {
  const design = await read(spec({}).replace('¦', ''))
  const { functions, queries } = planDesign(design, sampleCatalog)
  const [worker, call] = functions.filter(({ name }) => name.name === 'by_label')
  expect(worker?.definition.replaceAll(/\s+/g, ' ')).toContain(
    "security definer set search_path = '' as $$ with matching as materialized ( select * from core.notes where owner_id = (select auth.uid()) and (select ((select auth.jwt()) ->> 'is_anonymous') is distinct from 'true') and labels @> $1 ) select * from matching where ($2 is null or (created_at, id) < ($2, $3)) order by created_at desc, id desc limit 20 $$",
  )
  expect([worker, call]).toMatchObject([{ name: { schema: 'private' }, executableBy: ['authenticated'] }, { name: { schema: 'core' }, executableBy: ['authenticated'], arguments: 'wanted_labels text[], after_created_at timestamptz default null, after_id uuid default null' }])
  expect(call?.definition).not.toContain('security definer')
  expect(queries[0]).toMatchObject({ search: { call: 'select * from core.by_label($1, $2, $3)' }, warnings: [] })
})

test.each([
  ['no client', spec({ as: 'service_role' }), /"service_role" is no client/],
  ['somebody without a tenant', spec({ as: 'anon' }), /"anon" belongs to no tenant/],
  ['no bound', spec({ page: 'offset 20 deepest 100' }), /has no bound/],
  ['nothing that needs it', spec({ where: '[title =]' }), /Every condition of "by_label" can use an index/],
  ['no position to go on from', spec({ select: '    select: [id, title]\n' }), /does not give back created_at/],
  ['a table that anyone sees', spec({}, 'public_read'), /Anyone sees rows of "notes"/],
  ['a table that no client sees', spec({}, 'service_only'), /No client sees rows of "notes"/],
  ['a table that is there already', spec({ table: 'core.shows', where: '[title ilike]' }), /does not read one table of this design/],
  ['SQL', `${specText({})}queries:\n  by_label:\n    sql: select id from core.notes\n    ¦through: function\n`, /does not read one table of this design/],
])('refused: %s', async (_says, text, message) => {
  const { found, places, messages, bare } = await issuesOf(text)
  expect([found, messages, bare]).toEqual([[`SPEC_CONFLICT ${places[0]}`], expect.stringMatching(message), []])
})

test('a function of that name', async () => {
  const catalog = sampleCatalog
  const design = await read(spec({}).replace('¦', ''))
  const taken = { ...catalog, functions: [...catalog.functions, { ...catalog.functions[0], schema: 'core', name: 'by_label' } as (typeof catalog.functions)[number]] }
  expect(nameClashes(planDesign(design, catalog), catalog)).toEqual([])
  expect(nameClashes(planDesign(design, taken), taken)).toMatchObject([{ path: ['queries', 'by_label'], message: expect.stringMatching(/a function of the repository/) }])
})

test('the editor of specs writes and removes it', () => {
  const document = openSpec(spec({}).replace('    ¦through: function\n', ''))
  setIn(document, ['queries', 'by_label', 'through'], 'function')
  expect(formatDocument(document)).toContain('    through: function\n')
  setIn(document, ['queries', 'by_label', 'through'], undefined)
  expect(formatDocument(document)).not.toContain('through')
})
