/**
 * `npm run bench:indexes`: three workloads written here, priced by the same planner on the same scaled database. Against
 * no index at all, the foreign keys, the best single columns and the best of one and two columns, grown one by one; ours
 * at the size of each of those, and without a limit.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { workloadTask } from '../../generators/commands/workload/workload-task.ts'
import { prepareWorkload } from '../../generators/commands/workload/prepare-workload.ts'
import { readScaleFile } from '../../generators/design/read-scale-file.ts'
import { readWorkload } from '../../generators/planner/workload-file/read-workload.ts'
import { type Knowledge, knowledgeOf } from '../../generators/planner/selection/knowledge.ts'
import { relevantCandidates } from '../../generators/planner/candidates/relevance.ts'
import { type IndexChoice, type WeightedStatement, withIndexChoice } from '../../generators/postgres/scale/index-choice.ts'
import type { Oracle } from '../../generators/postgres/scale/oracle.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { loadParser } from '../../generators/sql/parser.ts'

const folder = join(import.meta.dirname, 'indexes')
const lines: Record<string, string | number>[] = []
/** Limits are for a quiet machine; a busy one shall get its table as well. */
const patience = 1_200_000

afterAll(() => console.table(lines))

it.each(['star', 'films', 'shop'])('%s', async (name) => {
  await loadParser()
  const text = (suffix: string) => readFileSync(join(folder, `${name}.${suffix}`), 'utf8')
  await using server = await openServer({ major: 17, history: [{ path: `${name}.sql`, sql: text('sql') }] })
  const file = readWorkload(text('workload.sql'), `${name}.workload.sql`, 'postgres')
  const sizes = readScaleFile({ text: text('yaml'), file: `${name}.yaml` }, server.catalog)
  const choose = async <Result>(budget: number | null, use: (choice: IndexChoice, oracle: Oracle, statements: readonly WeightedStatement[], seconds: number) => Promise<Result>): Promise<Result> => {
    const database = await server.createDatabase()
    await prepareWorkload(database, file, { server })
    const task = workloadTask({ server, database, file, sizes, budget, isCounted: false })
    const start = performance.now()
    return await withIndexChoice(task, (choice, oracle) => use(choice, oracle, task.statements, (performance.now() - start) / 1000))
  }
  const ours = (choice: IndexChoice, oracle: Oracle, statements: readonly WeightedStatement[]) => priced(choice, oracle, statements, choice.selection)

  const { none, baselines, free, everything } = await choose(null, async (choice, oracle, statements, seconds) => {
    const isPlain = (place: number, width: number) => {
      const candidate = choice.candidates[place]?.candidate
      return candidate?.method === 'btree' && candidate.include.length === 0 && candidate.where === null && candidate.keys.length <= width
    }
    const keys = choice.candidates.flatMap(({ candidate }, place) => (isPlain(place, 1) && choice.catalog.tables.some((table) => table.name === candidate.table.name && table.foreignKeys.some(({ columns }) => columns[0] === candidate.keys[0]?.column)) ? [place] : []))
    const none = await priced(choice, oracle, statements, new Set())
    const baselines: { what: string; result: Priced; seconds: number }[] = [{ what: 'foreign keys', result: await priced(choice, oracle, statements, new Set(keys)), seconds: 0 }]
    for (const width of [1, 2]) {
      const start = performance.now()
      const grown = await grow(choice, oracle, statements, choice.candidates.map((_candidate, place) => place).filter((place) => isPlain(place, width)))
      baselines.push({ what: width === 1 ? 'one column, grown' : 'two columns, grown', result: await priced(choice, oracle, statements, grown), seconds: (performance.now() - start) / 1000 })
    }
    const everything = await priced(choice, oracle, statements, new Set(choice.candidates.keys()))
    return { none, baselines, everything, free: { result: await ours(choice, oracle, statements), seconds } }
  })
  const line = (what: string, { cost, bytes, count }: Priced, seconds: number) => lines.push({ workload: name, what, 'cost, % of none': Number(((100 * cost) / none.cost).toPrecision(4)), GB: Number((bytes / 1e9).toFixed(2)), indexes: count, seconds: Number(seconds.toFixed(1)) })
  line('no indexes', none, 0)
  for (const { what, result, seconds } of baselines) {
    line(what, result, seconds)
    if (result.bytes === 0) continue
    const same = await choose(result.bytes, async (choice, oracle, statements, spent) => ({ result: await ours(choice, oracle, statements), seconds: spent }))
    line('  ours at that size', same.result, same.seconds)
    expect.soft(same.result.bytes).toBeLessThanOrEqual(result.bytes)
    expect.soft(same.result.cost, `${name}: ours against ${what}`).toBeLessThanOrEqual(result.cost * 1.001)
  }
  line('ours, no limit', free.result, free.seconds)
  line('every candidate at once', everything, 0)
}, patience)

interface Priced {
  cost: number
  bytes: number
  count: number
}

async function priced(choice: IndexChoice, oracle: Oracle, statements: readonly WeightedStatement[], chosen: ReadonlySet<number>): Promise<Priced> {
  let cost = 0
  for (const statement of statements) if (!choice.refused.has(statement.id)) cost += statement.perSecond * (await oracle.observe(statement, [...chosen])).cost
  return { cost, bytes: [...chosen].reduce((sum, place) => sum + (choice.problem.candidates[place]?.bytes ?? 0), 0), count: chosen.size }
}

/** As Extend grows its choice: whatever saves most for each byte, until nothing saves three in a thousand. */
async function grow(choice: IndexChoice, oracle: Oracle, statements: readonly WeightedStatement[], candidates: readonly number[]): Promise<Set<number>> {
  const all = choice.candidates.map(({ candidate }) => candidate)
  const known: { knowledge: Knowledge; perSecond: number }[] = statements.filter(({ id }) => !choice.refused.has(id)).map((statement) => {
    const relevant = relevantCandidates(statement.id, choice.scans, all).filter((place) => candidates.includes(place))
    return { perSecond: statement.perSecond, knowledge: knowledgeOf(relevant, (visible) => oracle.observe(statement, visible)) }
  })
  const chosen = new Set<number>()
  for (;;) {
    let best: { place: number; rate: number; gain: number } | null = null
    let now = 0
    for (const { knowledge, perSecond } of known) now += perSecond * (await knowledge.ask(chosen)).cost
    for (const place of candidates.filter((one) => !chosen.has(one))) {
      let gain = 0
      for (const { knowledge, perSecond } of known) if (knowledge.relevant().includes(place)) gain += perSecond * ((await knowledge.ask(chosen)).cost - (await knowledge.ask([...chosen, place])).cost)
      const rate = gain / Math.max(1, choice.problem.candidates[place]?.bytes ?? 1)
      if (gain > now * 0.003 && (!best || rate > best.rate)) best = { place, rate, gain }
    }
    if (!best) return chosen
    chosen.add(best.place)
  }
}
