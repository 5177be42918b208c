import { beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../generators/design/catalog.ts'
import type { Plan } from '../../generators/design/plan.ts'
import type { QuerySpec, TableSpec } from '../../generators/design/spec.ts'
import { indexTarget } from '../../generators/planner/index-target.ts'
import { indexNames } from '../../generators/planner/index-name.ts'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { existing } from '../support/document-input.ts'
import { column, organization, query, rule, spec, table } from '../support/specs.ts'

const catalog: Catalog = { serverVersion: 170010, schemas: [{ name: 'core', usage: [] }], tables: [], types: [], functions: [], roles: [], extensions: [] }
const clips = table('clips', {
  tenantColumn: 'org_id',
  ownerColumn: 'owner_id',
  columns: [column('id', { type: 'uuid' }), column('org_id', { type: 'uuid', origin: 'tenant' }), column('show_id', { type: 'uuid' }), column('status'), column('created_at', { type: 'timestamptz' }), column('owner_id', { type: 'uuid', origin: 'owner' })],
  foreignKeys: [{ columns: ['show_id'], references: { table: { schema: 'core', name: 'shows' }, columns: ['id'] }, onDelete: 'cascade', because: 'test', deferrable: false }],
  access: { ...table('x').access, select: rule({ role: 'viewer' }) },
})
const latest = query('latest', {
  table: clips,
  where: [{ column: 'show_id', operator: '=' }, { column: 'org_id', operator: '=' }, { sql: "status = 'published'", columns: ['status'] }],
  orderBy: [{ column: 'created_at', direction: 'desc', nulls: null }],
  page: { kind: 'keyset', size: 20 },
})

beforeAll(() => loadParser())

function planned(queries: QuerySpec[], of: TableSpec = clips): Plan {
  return planDesign(spec([of], { tenancy: organization, queries }), catalog)
}

const targets = (plan: Plan) => plan.indexes.map(indexTarget)

describe('names', () => {
  const wanted = (where: string | null, include: string[] = []) => ({ table: { schema: 'core', name: 'clips' }, method: 'btree' as const, keys: [{ column: 'show_id', direction: 'asc' as const, nulls: null, operatorClass: null }], include, where })
  const names = (...all: ReturnType<typeof wanted>[]) => indexNames(all, () => ['clips', 'clips_pkey'])

  test('tell apart by the rows that an index holds, then by its columns, then by number', () => {
    expect(names(wanted(null), wanted('deleted_at is null'))).toEqual(['clips_show_id_idx', 'clips_show_id_live_idx'])
    expect(names(wanted("status = 'open'"), wanted("status = 'in review'"), wanted("status = 'In-Review'"))).toEqual(['clips_show_id_partial_idx', 'clips_show_id_status_in_review_idx', 'clips_show_id_partial_2_idx'])
    expect(names(wanted(null), wanted(null, ['status']), wanted('deleted_at is null', ['status']))).toEqual(['clips_show_id_idx', 'clips_show_id_covering_idx', 'clips_show_id_live_idx'])
  })

  test('a foreign key of all rows beside a query of those that are there', () => {
    const live = query('live', { table: clips, as: 'authenticated', where: [{ column: 'show_id', operator: '=' }] })
    const made = planned([live], { ...clips, softDelete: 'rpc' }).indexes.filter(({ keys }) => keys[0]?.column === 'show_id')
    expect(made.map(({ where }) => where)).toEqual(['deleted_at is null', null])
    expect(new Set(made.map(({ name }) => name)).size).toBe(2)
  })
})

test('an existing table of partitions gets none: its parent cannot be built concurrently, and the way by hand is said', () => {
  const before = { ...catalog, tables: [existing('views', { kind: 'partitioned', columns: ['show_id uuid', 'at timestamptz'].map((text) => ({ name: text.split(' ')[0] ?? '', type: text.split(' ')[1] ?? '', nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null })), primaryKey: [] })] }
  const latest = query('latest_views', { table: { schema: 'core', name: 'views' }, where: [{ column: 'show_id', operator: '=' }], orderBy: [{ column: 'at', direction: 'desc', nulls: null }], as: 'service_role' })
  const { indexes, rejected, queries } = planDesign(spec([table('notes')], { queries: [latest] }), before)
  expect(indexes.filter((index) => index.table.name === 'views')).toEqual([])
  expect(rejected.map(({ index, because }) => [indexTarget(index), because])).toEqual([['core.views (show_id, at desc)', expect.stringContaining('create index views_show_id_at_idx on only core.views (show_id, at desc); create index concurrently views_show_id_at_idx_<partition> on core.<partition> (show_id, at desc); alter index core.views_show_id_at_idx attach partition core.views_show_id_at_idx_<partition>; the last two for each partition')]])
  expect(queries[0]?.index).toBeNull()
})

describe('the index of a query', () => {
  test('tenant, other equality, then the order with its tiebreaker; the constant is its predicate', () => {
    const plan = planned([latest])
    expect(targets(plan)).toContain("core.clips (org_id, show_id, created_at desc, id desc) where status = 'published'")
    expect(plan.queries[0]?.index).toBe(plan.indexes[0]?.name)
  })

  test('leaves out what the policy of a client hides', () => {
    expect(targets(planned([latest], { ...clips, softDelete: 'rpc' }))).toContain("core.clips (org_id, show_id, created_at desc, id desc) where status = 'published' and deleted_at is null")
  })

  test('serves the foreign key and the tenancy when it holds all rows', () => {
    const byShow = query('by_show', { table: clips, where: [{ column: 'org_id', operator: '=' }], orderBy: [{ column: 'created_at', direction: 'desc', nulls: null }] })
    const plan = planned([byShow])
    expect(targets(plan)).toEqual(['core.clips (org_id, created_at desc)', 'core.clips (show_id)', 'core.clips (owner_id)'])
    expect(plan.indexes[0]?.reasons.map((reason) => reason.rule)).toEqual(['query', 'foreign-key', 'tenancy'])
  })

  test('is the key itself where that gives the order, read backwards, and no tiebreaker is added', () => {
    const days = table('days', { columns: [column('id', { type: 'uuid', origin: 'id' }), column('show_id', { type: 'uuid' }), column('day', { type: 'date' })], uniques: [{ columns: ['show_id', 'day'], where: null, nullsNotDistinct: false, global: false }] })
    const history = query('history', { table: days, where: [{ column: 'show_id', operator: '=' }], orderBy: [{ column: 'day', direction: 'desc', nulls: null }], page: { kind: 'keyset', size: 30 } })
    const plan = planned([history], days)
    expect(targets(plan)).toEqual([])
    expect(plan.queries[0]).toMatchObject({ index: 'days_show_id_day_key', sql: expect.stringContaining('day < $2\norder by day desc\nlimit 30') })
    // Backwards is all or nothing, and a key that may be null repeats.
    const mixed = { ...history, orderBy: [{ column: 'day', direction: 'desc' as const, nulls: null }, { column: 'id', direction: 'asc' as const, nulls: null }] }
    expect(targets(planned([mixed], { ...days, uniques: [{ columns: ['show_id', 'day', 'id'], where: null, nullsNotDistinct: false, global: false }] }))).toEqual(['core.days (show_id, day desc, id)'])
    const nullable = { ...days, columns: days.columns.map((one) => ({ ...one, nullable: one.name === 'day' })) }
    expect(targets(planned([history], nullable))).toEqual(['core.days (show_id, day desc, id desc)'])
  })

  test('of a search in another order is read first, and the page is cut from what it finds', () => {
    const search = query('search', { table: clips, as: 'service_role', where: [{ column: 'status', operator: '@>' }], orderBy: [{ column: 'id', direction: 'desc', nulls: null }], page: { kind: 'keyset', size: 20 } })
    expect(planned([search]).queries[0]?.sql).toBe(`with matching as materialized (
  select *
  from core.clips
  where status @> $1
)
select *
from matching
where id < $2
order by id desc
limit 20`)
  })

  test('is GIN for the service and nothing for a client, whose operators must be leakproof', () => {
    const search = (as: string) => query('search', { table: clips, as, where: [{ column: 'status', operator: '@>' }] })
    expect(targets(planned([search('service_role')]))).toContain('core.clips using gin (status)')
    const plan = planned([search('authenticated')])
    expect(targets(plan).some((target) => target.includes('gin'))).toBe(false)
    expect(plan.queries[0]?.warnings.join(' ')).toMatch(/not leakproof/)
  })

  test('is GiST over ranges, for which GIN has no operator class', () => {
    const slots = { ...clips, columns: [...clips.columns, column('during', { type: 'tstzrange' }), column('days', { type: 'datemultirange' })] }
    for (const name of ['during', 'days']) {
      expect(targets(planned([query('free', { table: slots, as: 'service_role', where: [{ column: name, operator: '&&' }] })], slots))).toContain(`core.clips using gist (${name})`)
    }
  })
})

describe('the indexes of a query given as SQL', () => {
  const raw = (sql: string, as = 'service_role') => planned([query('raw', { sql, as, params: ['uuid'] })])

  test('equality, the constant as predicate, and the order of the one table that gives it', () => {
    const plan = raw("select c.title, s.title from core.clips c join core.shows s on s.id = c.show_id where c.org_id = $1 and c.status = 'draft' order by c.created_at desc limit 50")
    expect(targets(plan)).toContain("core.clips (org_id, created_at desc) where status = 'draft'")
    expect(plan.queries[0]?.index).toBe('clips_org_id_created_at_partial_idx')
  })

  test.each([
    ['or is not a condition', 'select 1 from core.clips where org_id = $1 or show_id = $1'],
    ['an expression over the column is not the column', 'select 1 from core.clips where lower(status) = $1'],
    ['an order over two tables comes from neither', 'select 1 from core.clips c join core.clips d on d.id = c.show_id order by c.created_at, d.created_at limit 5'],
  ])('nothing is guessed: %s', (_title, sql) => {
    expect(raw(sql).queries[0]?.index).toBeNull()
  })
})

describe('what is not built', () => {
  test('an index that a key begins with already', () => {
    const notes = table('notes', { uniques: [{ columns: ['owner_id', 'title'], where: null, nullsNotDistinct: false, global: false }], ownerColumn: 'owner_id', columns: [column('id'), column('title'), column('owner_id')] })
    expect(targets(planned([], notes))).toEqual([])
  })

  test('a second index for the other direction of the same equality', () => {
    const ascending = query('old', { table: clips, where: [{ column: 'org_id', operator: '=' }] })
    expect(targets(planned([latest, ascending])).filter((target) => target === 'core.clips (org_id)')).toHaveLength(1)
  })
})
