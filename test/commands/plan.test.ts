/** `plan`: what a person and a script see of a design's plans at scale. */
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { sampleRepository, treeOf } from '../support/sample-repository.ts'

const submissions = 'references/examples/designs/show_submissions.yaml'

describe('plan', () => {
  it('says of each query what it costs and of each index what reads it, and writes nothing', async () => {
    const root = sampleRepository()
    const before = treeOf(root)
    const { stdout, code } = await runCli(['plan', submissions, '--cwd', root])
    expect(code).toBe(0)
    expect(stdout).toContain('my_drafts · as authenticated · 8/s · show_submissions_org_id_owner_id_updated_at_id_partial_idx')
    // 1.5M a month for 36 months.
    expect(stdout).toMatch(/after 3 years, 94M rows in core\.show_submissions[^;]*cost[^;]* →[^;]*times less/)
    expect(stdout).toMatch(/read by [^\n]*foreign key show_submissions_show_id_fkey/)
    expect(stdout).toMatch(/by_label · as authenticated · through core\.by_label · 2\/s · show_submissions_labels_gin_idx\n(.*\n){2,4}  under the policies, without the function: cost/)
    // A helper of the policies is asked once, and told by what it gives.
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain("once: organisations in which the caller is an active member with at least this role, private.org_ids('viewer')")
    expect(stdout).toContain('Assumed of core.shows: 12000 rows, as many as show_submissions.show_id refers to')
    expect(treeOf(root)).toEqual(before)
  })

  it('of one query shows the plan without the indexes as well', async () => {
    const { stdout } = await runCli(['plan', submissions, '--query', 'moderation_queue', '--cwd', sampleRepository()])
    const [, without = '', plain = ''] = /Without the indexes of the design:\n([^]*)\n {2}With them:\n([^]*)\n {2}As the server writes them/.exec(stdout) ?? []
    expect(without).toMatch(/stops at the limit · 50 rows, cost [^]*sorts by s\.created_at/)
    expect(plain).toMatch(/finds rows by index show_submissions_org_id_created_at\w+ in\s+core\.show_submissions,\s+where\s+s\.org_id = \$1/)
    // The parent is looked up for each row, with its key.
    expect(plain).toMatch(/for each of them: [^]*shows_pkey in core\.shows, where sh\.id = s\.show_id/)
    expect(stdout).toMatch(/As the server writes them, without:\n {4}Limit\n/)
    const costs = [...stdout.matchAll(/^ {2}after (?:12|24) months: cost (\S+) →/gm)].map(([, cost = '']) => Number.parseFloat(cost))
    expect(costs).toHaveLength(2)
    expect(costs[1]).toBeGreaterThan(costs[0] ?? Infinity)
    expect(stdout).not.toContain('latest_for_show')
  })

  it('with --json is one document', async () => {
    const { stdout, code } = await runCli(['plan', 'references/examples/designs/show_ratings.yaml', '--json', '--cwd', sampleRepository()])
    const document = JSON.parse(stdout) as { queries: { name: string; index: string; atScale: { at: string; cost: { before: number; after: number } }[] }[]; rejected: unknown[] }
    expect({ code, ...document }).toMatchObject({ code: 0, ok: true, command: 'plan', design: 'show_ratings', status: 'proved', findings: [] })
    expect(document.queries.map(({ name, atScale }) => [name, atScale.map(({ at }) => at)])).toEqual([['history_of_show', ['launch', 'horizon']], ['day_of_show', ['launch', 'horizon']]])
  })

  it('a query that is not there exits 2', async () => {
    const { stderr, code } = await runCli(['plan', 'references/examples/designs/show_ratings.yaml', '--query', 'day_of_shows', '--cwd', sampleRepository()])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('show_ratings has no query "day_of_shows".\n  Did you mean "day_of_show"?') })
  })
})
