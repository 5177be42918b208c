/** Queries executed on a key-preserving sample of the declared rows, under row level security. */
import { expect, test } from 'vitest'
import { measureQueries } from '../../generators/proofs/measure/measure-queries.ts'
import { sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

test('a sample keeps keys whole: callers see rows, and the indexes of the design touch fewer pages', async () => {
  const { plan, sql } = await sample().planned('show_submissions')
  const { share, rows, queries } = await measureQueries({ server: sample().server, plan, migrations: sql.migrations, size: { largest: 20_000, total: 40_000 }, progress: () => undefined })
  // 40M rows are declared, of 12k shows: 20k rows are those of 6 shows.
  expect(share).toBe(20_000 / 40_000_000)
  expect(rows).toMatchObject({ 'core.shows': 6 })
  expect(rows['core.show_submissions']).toBeGreaterThan(19_000)
  const of = (name: string) => queries.find((query) => query.name === name)
  // 3333 rows of a show, a third of them published: a full page for a member.
  expect(of('latest_for_show')).toMatchObject({ rows: 20, after: { atScale: null } })
  // No tenant, no policy: the service reads a page of 50.
  expect(of('moderation_queue')).toMatchObject({ rows: 50 })
  for (const { name, open, after, before } of queries) {
    expect([name, open]).toEqual([name, undefined])
    expect(after?.buffers).toBeGreaterThan(0)
    expect(before?.buffers).toBeGreaterThanOrEqual(name === 'latest_for_show' ? 0 : (after?.buffers ?? Infinity))
  }
  // The whole table is read without the index: at 40M rows that is two thousand times as much.
  const { before } = of('moderation_queue') ?? {}
  expect((before?.atScale ?? 0) / (before?.buffers ?? 1)).toBeGreaterThan(1500)
})
