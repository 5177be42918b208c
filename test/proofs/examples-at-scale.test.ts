/** The example designs at their declared size: every query served, every index read, nothing that is not missed. */
import { describe, expect, test } from 'vitest'
import type { Major } from '../../generators/design/sql-file.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { provePlans } from '../../generators/proofs/plans.ts'
import { exampleText, planText, sampleServer } from '../support/sample-server.ts'

const designs = ['episode_polls', 'import_runs', 'newsroom', 'partner_feeds', 'show_ratings', 'show_submissions', 'watchlists']

const sample = sampleServer()

// The other majors take as long again each: TRR_DB_SLOW=1 runs them.
describe.each((process.env['TRR_DB_SLOW'] ? [15, 17, 18] : [17]) as Major[])('on %i', (major) => {
  test('all are proved, at launch and at the horizon', async () => {
    const { repository } = sample()
    await using other = major === repository.config.major ? null : await openServer({ major, history: repository.migrations })
    const server = other ?? sample().server
    for (const design of designs) {
      const { plan, sql } = other ? await planText({ server: other, repository }, design, exampleText(design)) : await sample().planned(design)
      const evidence = await provePlans({ server, plan, sql })
      expect({ design, status: evidence.status, findings: evidence.findings }).toEqual({ design, status: 'proved', findings: [] })
      // A small table that was there before may be read whole, for a hash.
      const own = plan.tables.map(({ table }) => `${table.schema}.${table.name}`)
      for (const query of evidence.queries) {
        expect(query.atScale.map(({ at, sequentialScans, subPlans }) => ({ query: query.name, at, sequentialScans: sequentialScans.filter((name) => own.includes(name)), subPlans }))).toEqual(
          (['launch', 'horizon'] as const).map((at) => ({ query: query.name, at, sequentialScans: [], subPlans: 0 })),
        )
        // Read by both tenant and show, in order: a tenant has 104k rows, a show 8k, both together nine. Before 17 a list in front of the keys gave no order.
        if (query.name === 'latest_for_show' && major >= 17) expect(plan.indexes.map(({ keys, where }) => [...keys.map(({ column }) => column), where])).toContainEqual(['org_id', 'show_id', 'created_at', 'id', "status = 'published' and deleted_at is null"])
        expect(query.atScale.at(-1)?.indexes).toContain(plan.queries.find((one) => one.query.name === query.name)?.index)
      }
      // What is made for a query is read by it, as the role that runs it: each index by all that it names.
      const made = plan.indexes.flatMap(({ name, reasons }) => reasons.flatMap((reason) => (reason.rule === 'query' ? [{ index: name, query: reason.subject }] : [])))
      const isRead = ({ index, query }: (typeof made)[number]) => evidence.queries.find(({ name }) => name === query)?.atScale.at(-1)?.indexes.includes(index)
      expect({ design, unread: made.filter((one) => !isRead(one)) }).toEqual({ design, unread: [] })
      expect({ design, idle: plan.indexes.filter(({ reasons }) => reasons.length === 0).map(({ name }) => name) }).toEqual({ design, idle: [] })
    }
  }, 180_000)
})
