/**
 * `npm run bench:policies`: tables of a million rows, a thousand organisations and five thousand users, asked as a caller with
 * a token, and as the owner of the table who says by hand what the policy says. Medians of interleaved runs: time of the
 * server's process on a CPU where the system tells it (Linux), which other work does not disturb; otherwise of the clock.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { planFiles } from '../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../generators/commands/pipeline/prove-design.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { Session } from '../../generators/postgres/session.ts'
import { readRepository } from '../../generators/repository/read.ts'
import { literal } from '../../generators/sql/literal.ts'
import { type Case, organisation, people, tokens } from './policies/cases.ts'

const folder = join(import.meta.dirname, 'policies')
const runs = Number(process.env.TRR_DB_BENCH_RUNS ?? 31)
const lines: Record<string, string | number>[] = []

afterAll(() => console.table(lines))

it.each([['organisation', organisation], ['people', people], ['tokens', tokens]] as const)('policies of %s', async (name, { world, cases }) => {
  const repository = await readRepository('references/examples/trr')
  await using server = await openServer({ major: repository.config.major, history: repository.migrations })
  const source = { text: readFileSync(join(folder, `${name}.yaml`), 'utf8'), file: `${name}.yaml`, specPath: `supabase/designs/${name}.yaml`, design: `bench_${name}` }
  const design = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  const database = await server.createDatabase()
  await applyFiles(database, generatedSql(design, design.sql).migrations)
  await using admin = await database.connect({ user: 'supabase_admin' })
  await using owner = await database.connect()
  await using caller = await database.connect()
  // Rows are made as they are: neither triggers nor keys are what is measured.
  await load(admin, world)
  for (const one of cases) {
    if (!new RegExp(process.env.TRR_DB_BENCH_ONLY ?? '').test(one.pattern)) continue
    await load(admin, one.rows)
    await measure(owner, caller, one)
    if (one.keep !== true) await admin.query(`truncate ${one.table} cascade`)
  }
}, 3_600_000)

async function load(admin: Session, sql: string): Promise<void> {
  await admin.query(`set session_replication_role = replica; ${sql}; reset session_replication_role`)
  await admin.query('vacuum analyze')
}

async function measure(owner: Session, caller: Session, one: Case): Promise<void> {
  for (const [what, { asked, said }] of Object.entries(one.queries)) {
    await owner.query('begin; set local jit = off')
    await caller.query(`begin; set local jit = off; set local role authenticated; set local "request.jwt.claims" = ${literal(JSON.stringify({ role: 'authenticated', aal: 'aal2', ...one.claims }))}`)
    const [byOwner, byCaller] = await timed([[owner, said], [caller, asked]])
    const same = async (session: Session, sql: string) => (await session.query<{ hash: string }>(`select md5(coalesce(string_agg(q::text, '|' order by q::text), '')) as hash from (${sql}) as q`)).rows[0]?.hash
    expect(await same(caller, asked), `${one.pattern}, ${what}: the same rows`).toBe(await same(owner, said))
    const plan = await explained(caller, asked)
    const print = process.env.TRR_DB_BENCH_PLANS ? [`${one.pattern}, ${what}`, asked, plan, '--- owner', await explained(owner, said)] : []
    if (print.length > 0) console.log(print.join('\n').replaceAll(/\{[^}]{80,}\}/g, '{…}'))
    await Promise.all([owner, caller].map((session) => session.query('rollback')))
    const ratio = byCaller / byOwner
    lines.push({
      pattern: one.pattern, query: what, 'owner, ms': byOwner.toFixed(2), 'caller, ms': byCaller.toFixed(2), ratio: ratio.toFixed(2),
      InitPlan: count(plan, /InitPlan \d+\s*$/gm), SubPlan: count(plan, /SubPlan/g), index: /(Index|Recheck) Cond/.test(plan) ? 'yes' : 'no',
    })
    expect.soft(plan, `${one.pattern}, ${what}`).not.toMatch(/SubPlan/)
    // Finding out who asks takes a fraction of a millisecond, once for the query, which is more than half of a short one.
    expect.soft(ratio < 1.5 || byCaller - byOwner < 0.5, `${one.pattern}, ${what}: ${ratio.toFixed(2)}`).toBe(true)
  }
}

/** Each as often as the other, in turn, so that what else the machine does meets both. */
async function timed(requests: [Session, string][]): Promise<[number, number]> {
  const times: number[][] = requests.map(() => [])
  const start = performance.now()
  // What takes seconds is told by a few.
  for (let run = 0; run < runs + 3 && (run < 8 || performance.now() - start < 10_000); run += 1) {
    for (const [place, [session, sql]] of requests.entries()) {
      const start = clock(session)
      await session.query(sql)
      if (run >= 3) times[place]?.push(clock(session) - start)
    }
  }
  const [first = 0, second = 0] = times.map((list) => list.toSorted((left, right) => left - right)[Math.floor(list.length / 2)] ?? 0)
  return [first, second]
}

/** Milliseconds. */
function clock({ processId }: Session): number {
  try {
    return Number(readFileSync(`/proc/${processId}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return performance.now()
  }
}

async function explained(session: Session, sql: string): Promise<string> {
  const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain (analyze, timing off, costs off, summary on) ${sql}`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
