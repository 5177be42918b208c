/**
 * `npm run bench:agreement`: whole designs, loaded with rows and scaled without, planned side by side. Minutes, and some GB
 * of disk for a while. `TRR_DB_SCHEMAS=shop,desk TRR_DB_MAJORS=17 TRR_DB_DETAIL=1` narrow it and show more.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { renderSql } from '../../generators/artifacts/index.ts'
import { habitsOf } from '../../generators/design/habits.ts'
import type { Plan } from '../../generators/design/plan.ts'
import { readSpec } from '../../generators/design/read-spec.ts'
import { callerClaims } from '../../generators/planner/caller-claims.ts'
import { measuredError } from '../../generators/planner/scale/measured-error.ts'
import { phasesOf } from '../../generators/planner/phases.ts'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { queryStatement } from '../../generators/planner/workload.ts'
import { explainInFull } from '../../generators/postgres/explain.ts'
import { stopClock } from '../../generators/postgres/scale/fixed-clock.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { designAtScale } from '../../generators/postgres/scale/design-database.ts'
import { type Database, type Major, type ReplayedServer, type Session, openServer } from '../../generators/postgres/server.ts'
import { numberPhases } from '../../generators/repository/numbering.ts'
import { readRepository } from '../../generators/repository/read.ts'

const folder = join(import.meta.dirname, 'agreement')
const schemas = (process.env['TRR_DB_SCHEMAS'] ?? 'shop,desk,library,metrics,social,ledger,partitioned').split(',')
const majors = (process.env['TRR_DB_MAJORS'] ?? measuredError.majors.join(',')).split(',').map(Number) as Major[]
const detail = process.env['TRR_DB_DETAIL'] !== undefined
const read = (name: string) => readFile(join(folder, name), 'utf8')

interface Line {
  schema: string
  postgres: number
  equal: number
  plans: number
  'median cost error': string
  'largest cost error': string
  'median size error': string
  'largest size error': string
}
const lines: Line[] = []
const everything: { cost: number; equal: boolean }[] = []
const everySize: number[] = []
afterAll(() => {
  console.table(lines)
  const costs = everything.map(({ cost }) => cost)
  const said = (errors: number[]) => `median ${percent(median(errors))}, nine of ten within ${percent(median(errors, 0.9))}, largest ${percent(Math.max(...errors))}`
  console.info(`${everything.filter(({ equal }) => equal).length} of ${everything.length} plans have the same shape; cost error ${said(costs)}; ${everySize.length} files, size error ${said(everySize)}`)
})

describe.each(majors)('on %i', (major) => {
  test.each(schemas)('%s', async (schema) => {
    const history = [{ path: '0001_history.sql', sql: await read('history.sql') }, ...(await optional(`${schema}.history.sql`)).map((sql) => ({ path: '0002_history.sql', sql }))]
    await using server = await openServer({ major, history })
    const { plan, migrations } = await generate(server, schema)
    const empty = await server.createDatabase()
    // A design of queries alone plans the tables as they are.
    await applyFiles(empty, [...(plan.tables.length > 0 ? migrations : []), ...(await optional(`${schema}.more.sql`)).map((sql) => ({ path: '9999_more.sql', sql }))])
    const loaded = await server.createDatabase({ from: empty })
    await load(loaded, await read(`${schema}.sql`))
    await using real = await loaded.connect({ user: 'supabase_admin' })
    await stopClock(real)
    await using scaled = (await designAtScale(empty, { plan, catalog: server.catalog }, 'launch')).session
    let equal = 0
    const errors: number[] = []
    for (const query of plan.queries) {
      const statement = queryStatement(query, plan, server.catalog)
      const [wanted, found] = [await explainInFull(real, statement, { claims: callerClaims(plan) }), await explainInFull(scaled, statement, { claims: callerClaims(plan) })]
      const same = shape(wanted.plan) === shape(found.plan)
      const error = Math.abs(found.cost / wanted.cost - 1)
      equal += Number(same)
      errors.push(error)
      everything.push({ cost: error, equal: same })
      if (detail) console.info(`${same ? ' ' : '✗'} ${query.query.name}: ${wanted.cost} ${found.cost} ${percent(error)}${same ? '' : `\n${wanted.plan.join('\n')}\n--- scaled\n${found.plan.join('\n')}`}`)
      if (detail && error > 0.05) console.info(`${(await tree(real, statement.sql)).join('\n')}\n--- scaled\n${(await tree(scaled, statement.sql)).join('\n')}`)
    }
    const sizes = await sizeErrors(real, scaled)
    if (detail) console.info(sizes.map(({ name, real: bytes, scaled: said }) => `${name} ${bytes} ${said} ${percent(said / bytes - 1)}`).join('\n'))
    if (detail) console.info(await valueBytes(real))
    const off = sizes.map(({ real: bytes, scaled: said }) => Math.abs(said / bytes - 1))
    everySize.push(...off)
    lines.push({
      schema, postgres: major, equal, plans: errors.length, 'median cost error': percent(median(errors)), 'largest cost error': percent(Math.max(...errors)),
      'median size error': percent(median(off)), 'largest size error': percent(Math.max(...off)),
    })
    expect.soft(equal / errors.length).toBeGreaterThanOrEqual(0.95)
    expect.soft(median(errors)).toBeLessThanOrEqual(0.05)
  }, 1_200_000)
})

/** Of everything at once: what the documents say is what was measured. */
test.runIf(schemas.length === measuredError.designs && majors.join() === measuredError.majors.join())('the documents say so', () => {
  const costs = everything.map(({ cost }) => cost)
  expect({ equal: everything.filter(({ equal }) => equal).length, plans: everything.length }).toEqual(measuredError.shapes)
  expect(median(costs)).toBeLessThanOrEqual(measuredError.cost.median)
  expect(median(costs, 0.9)).toBeLessThanOrEqual(measuredError.cost.mostly)
  expect(median(everySize)).toBeLessThanOrEqual(measuredError.size.median)
  expect(median(everySize, 0.9)).toBeLessThanOrEqual(measuredError.size.mostly)
})

async function generate(server: ReplayedServer, schema: string): Promise<{ plan: Plan; migrations: { path: string; sql: string }[] }> {
  const { catalog } = server
  const text = await read(`${schema}.yaml`)
  const plan = planDesign(await readSpec({ text, file: `${schema}.yaml` }, { catalog, habits: habitsOf(catalog, { apiSchemas: ['app'] }) }), catalog)
  const phases = numberPhases(await readRepository('references/examples/trr'), phasesOf(plan), null, new Date(0))
  const files = await renderSql({ plan, phases, catalog, specPath: `supabase/designs/${schema}.yaml`, specText: text })
  return { plan, migrations: phases.map(({ migration }) => ({ path: migration, sql: files.find(({ path }) => path === migration)?.text ?? '' })) }
}

/** As a restore does it: rows without triggers and checks of references, indexes built anew, then VACUUM and ANALYZE. */
async function load(database: Database, rows: string): Promise<void> {
  await using session = await database.connect({ user: 'supabase_admin' })
  // A commit that is not on disk yet leaves no page all-visible.
  await session.query('set session_replication_role = replica; set synchronous_commit = on; set maintenance_work_mem = "256MB"')
  await session.query(rows)
  if (process.env['TRR_DB_GROWN'] === undefined) await session.query('reindex schema app')
  await session.query('vacuum analyze')
}

function shape(plan: readonly string[]): string {
  return plan.map((line) => line.replace(/^( *)-> +/, '$1')).join('\n')
}

async function tree(session: Session, sql: string): Promise<string[]> {
  try {
    await session.query("begin; set local plan_cache_mode = force_generic_plan; set local max_parallel_workers_per_gather = 0; set local random_page_cost = 1.1; set local effective_cache_size = '4GB'")
    const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain ${/\$1/.test(sql) ? '(generic_plan) ' : ''}${sql}`)
    return rows.map((row) => row['QUERY PLAN'])
  } catch (error) {
    return [String(error)]
  } finally {
    await session.query('rollback')
  }
}

async function sizeErrors(real: Session, scaled: Session): Promise<{ name: string; real: number; scaled: number }[]> {
  const query = "select relname as name, pg_relation_size(oid) as bytes from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'i') order by 1"
  const { rows: left } = await real.query<{ name: string; bytes: number }>(query)
  const { rows: right } = await scaled.query<{ name: string; bytes: number }>(query)
  return left.filter(({ bytes }) => bytes > 100_000).map(({ name, bytes }) => ({ name, real: bytes, scaled: right.find((one) => one.name === name)?.bytes ?? 0 }))
}

/** What somebody who looks would declare as `row_bytes`. */
async function valueBytes(session: Session): Promise<string> {
  const { rows } = await session.query<{ table: string; bytes: number; values: string }>("select tablename as table, round(sum(avg_width * (1 - null_frac))) as bytes, string_agg(attname || ' ' || n_distinct::text || ' ' || round(correlation::numeric, 3), ', ') as values from pg_stats where schemaname = 'app' group by 1 order by 1")
  return rows.map(({ table, bytes, values }) => `${table}: ${bytes} bytes; ${values}`).join('\n')
}

async function optional(name: string): Promise<string[]> {
  return read(name).then((text) => [text], () => [])
}

/** Or another place among the sorted numbers. */
function median(numbers: number[], place = 0.5): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * place)] ?? 0
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}
