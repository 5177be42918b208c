import { beforeAll, describe, expect, test } from 'vitest'
import { declaredShares, predicateShare } from '../../generators/planner/predicate-share.ts'
import { bytes, count, decimalSize, rate } from '../../generators/artifacts/pages/quantity.ts'
import { estimateTable } from '../../generators/planner/size-model.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { documentInput, submissions } from '../support/document-input.ts'
import { column, spec, table } from '../support/specs.ts'

beforeAll(loadParser)

async function sizeOf(...given: Parameters<typeof table>) {
  const { plan, catalog } = await documentInput(spec([table(...given)]))
  const [planned] = plan.tables
  if (!planned) throw new Error('No table was planned.')
  return estimateTable(plan, planned, catalog)
}

describe('sizes', () => {
  const scale = { ...table('x').scale, rows: 5_000_000, rowBytes: 100, declared: true }

  test('a bigint key costs 22.5 bytes a row, as measured on 5M rows', async () => {
    const { indexes } = await sizeOf('logs', { columns: [column('id', { type: 'bigint', origin: 'id', identity: true })], scale })
    expect((indexes[0]?.bytes.launch ?? 0) / 5_000_000).toBeCloseTo(22.4, 0)
  })

  test('five rows for a key are stored once, and an unknown number of rows is a bound', async () => {
    const more = { columns: [column('id', { type: 'uuid', origin: 'id' }), column('kind'), column('who', { type: 'uuid' })], indexes: ['kind', 'who'].map((name) => ({ columns: [name], using: 'btree', where: null, include: [] })) }
    const { indexes } = await sizeOf('logs', { ...more, scale: { ...scale, distinct: { kind: 4 } } })
    const found = (name: string) => indexes.find(({ index }) => index.columns[0] === name)
    // Four short texts took 6.9 bytes a row, measured on 5M rows.
    expect((found('kind')?.bytes.launch ?? 0) / 5_000_000).toBeCloseTo(6.9, 0)
    expect(found('kind')).toMatchObject({ upperBound: false })
    expect(found('who')).toMatchObject({ upperBound: true })
  })

  test('a row is long because of its texts, not because of what its keys compare', async () => {
    const { indexes } = await sizeOf('pages', { columns: [column('id', { type: 'uuid', origin: 'id' }), column('slug'), column('body')], uniques: [{ columns: ['slug'], global: true, where: null, nullsNotDistinct: false }], scale: { ...scale, rowBytes: 2000 } })
    const slug = indexes.find(({ index }) => index.columns[0] === 'slug')
    // At most 32 bytes of text in an entry of 8 bytes, aligned, and a pointer to it of 4, in pages 90 % full.
    expect((slug?.bytes.launch ?? 0) / 5_000_000).toBeLessThanOrEqual(((8 + 40 + 4) / 0.9) * 1.02)
  })

  test('growth counts to the horizon', async () => {
    const { rows, heap } = await sizeOf('logs', { scale: { ...scale, growthPerDay: 1000 } })
    expect(rows).toEqual({ launch: 5_000_000, horizon: 6_096_000 })
    expect(heap.horizon / heap.launch).toBeCloseTo(6.096 / 5, 3)
  })
})

describe('share of a partial index', () => {
  const [submission] = submissions().tables
  const given = { ...(submission ?? table('x')), scale: { ...table('x').scale, skew: { status: { published: 0.8, draft: 0.2 }, featured: { true: 0.1 } }, nulls: { contact: 0.6 } } }

  test.each([
    [null, 1, true],
    ["status = 'published'", 0.8, true],
    ["status <> 'published'", 0.2, true],
    ["status = 'draft' and contact is not null", 0.08, true],
    ['featured', 0.1, true],
    ['not featured', 0.9, true],
    ["status in ('draft', 'published')", 1, true],
    ["status = any ('{draft}'::text[])", 0.2, true],
    // Not declared: all rows count, never too few.
    ['deleted_at is null', 1, false],
    ["status = 'published' and deleted_at is null", 0.8, true],
    ["status = 'draft' or contact is null", 1, false],
  ])('%s', (where, share, declared) => {
    const found = predicateShare(where, declaredShares(given))
    expect(found.share).toBeCloseTo(share, 6)
    expect(found.declared).toBe(declared)
  })
})

test.each([
  [count(950), '950'], [count(12_000), '12k'], [count(1_500_000), '1.5M'], [count(2e9), '2B'], [count(999_999), '1M'],
  [bytes(512), '512 bytes'], [bytes(1024 ** 2 * 7.5), '7.5 MB'], [decimalSize(200_000_000), '200 MB'],
  [rate(3), '3/s'], [rate(5 / 60), '5/min'], [rate(20 / 3600), '20/h'], [rate(2 / 86_400), '2/day'],
])('%s', (said, wanted) => expect(said).toBe(wanted))
