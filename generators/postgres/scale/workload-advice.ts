/** The indexes of a workload, with what each is worth, as plain data. */
import { indexTarget } from '../../planner/index-target.ts'
import { visitPlan } from '../../planner/candidates/plan-tree.ts'
import { nearestAlternative } from '../../planner/selection/alternatives.ts'
import { lossesWithout } from '../../planner/selection/losses.ts'
import { bytesOf, netCost, writesOf } from '../../planner/selection/problem.ts'
import { solve } from '../../planner/selection/solve.ts'
import { entryCost } from '../../planner/selection/write-model.ts'
import { sameTable } from '../../planner/candidates/candidates.ts'
import { ident } from '../../sql/identifier.ts'
import type { AdvisedIndex, AdvisedStatement, WorkloadAdvice } from '../../planner/workload-file/advice.ts'
import { blockedCandidates } from './blocked-candidates.ts'
import { type ChosenIndex, chosenIndexes, indexesOfPlan } from './chosen-names.ts'
import { type ChoiceTask, type IndexChoice, type WeightedStatement, withIndexChoice } from './index-choice.ts'
import type { Oracle } from './oracle.ts'
import { superfluousIndexes } from './superfluous-indexes.ts'

export function adviseWorkload(task: ChoiceTask): Promise<WorkloadAdvice> {
  return withIndexChoice(task, (choice, oracle) => adviceOf(task, choice, oracle))
}

async function adviceOf(task: ChoiceTask, choice: IndexChoice, oracle: Oracle): Promise<WorkloadAdvice> {
  const { candidates, selection, problem, asked } = choice
  const chosen = chosenIndexes(choice)
  const statements = await Promise.all(task.statements.map((statement) => advisedStatement(statement, { oracle, chosen, choice })))
  const serves = (name: string) => statements.filter(({ indexes }) => indexes.includes(name)).map((one) => one.name)
  const indexes = await Promise.all(chosen.map(async ({ place, candidate, name }): Promise<AdvisedIndex> => {
    const { table, method, keys, include, where, rule } = candidate
    const without = await seenWithout(place, statements, { task, choice, oracle })
    const other = nearestAlternative(problem, selection, place)
    const nearest = other && candidates[other.choice] ? { index: indexTarget((candidates[other.choice] as (typeof candidates)[number]).candidate), workload: other.ratio } : null
    return {
      name, table, method, keys, include, where, rule, serves: serves(name), bytes: problem.candidates[place]?.bytes ?? 0,
      sql: `create index ${ident(name)} on ${indexTarget(candidate)};`,
      microsecondsPerInsert: entryCost(candidate, choice.scales.find((one) => sameTable(one, table)), task.figures),
      without, nearest,
    }
  }))
  const blocked = (await blockedCandidates(task.statements, choice, oracle)).flatMap(({ place, statement, because }) => {
    const candidate = candidates[place]?.candidate
    return candidate ? [{ index: indexTarget(candidate), statement, because }] : []
  })
  const weigh = (pick: (cost: { before: number; after: number }) => number) => statements.reduce((sum, { perSecond, cost }) => sum + perSecond * (cost ? pick(cost) : 0), 0)
  return {
    statements, indexes, blocked, superfluous: await superfluousIndexes({ task, choice, oracle, chosen, statements }),
    total: { before: weigh(({ before }) => before), after: weigh(({ after }) => after), bytes: indexes.reduce((sum, { bytes }) => sum + bytes, 0), writesPerSecond: writesOf(problem, selection) },
    rooms: await lessRoom(choice),
    tried: { candidates: candidates.length, plans: asked },
  }
}

/** The statement that seems to lose most is planned without the index; when it loses nothing the next one is. */
async function seenWithout(place: number, advised: readonly AdvisedStatement[], { task, choice: { problem, selection }, oracle }: { task: ChoiceTask; choice: IndexChoice; oracle: Oracle }): Promise<AdvisedIndex['without']> {
  const rest = [...selection].filter((other) => other !== place)
  const workload = netCost(problem, new Set(rest)) / netCost(problem, selection)
  for (const { place: at } of lossesWithout(problem, selection, place).toSorted((a, b) => b.ratio - a.ratio).slice(0, mostAsked)) {
    const statement = task.statements.find(({ id }) => id === problem.statements[at]?.id)
    if (!statement) continue
    const ratio = (await oracle.plan(statement, rest))['Total Cost'] / (advised.find(({ name }) => name === statement.id)?.cost?.after ?? 1)
    if (ratio > 1.0001) return { workload, statement: statement.id, ratio }
  }
  return { workload, statement: null, ratio: 1 }
}

const mostAsked = 8

/** Half the room, and a quarter. */
async function lessRoom({ problem, selection }: IndexChoice): Promise<WorkloadAdvice['rooms']> {
  const all = bytesOf(problem, selection)
  const rooms: WorkloadAdvice['rooms'] = []
  for (const share of selection.size > 1 ? [0.5, 0.25] : []) {
    const less = await solve({ ...problem, priceOfRoom: 0, budget: Math.min(problem.budget ?? Infinity, all * share) })
    rooms.push({ share, bytes: bytesOf(problem, less), workload: netCost(problem, less) / netCost(problem, selection) })
  }
  return rooms
}

interface AdviceContext {
  oracle: Oracle
  chosen: readonly ChosenIndex[]
  choice: IndexChoice
}

async function advisedStatement(statement: WeightedStatement, { oracle, chosen, choice }: AdviceContext): Promise<AdvisedStatement> {
  const { id, as, perSecond } = statement
  const reason = choice.refused.get(id)
  if (reason !== undefined) return { name: id, as, perSecond, cost: null, indexes: [], sequentialScans: [], refused: reason }
  const seen = choice.problem.statements.find((one) => one.id === id)?.configurations.find(({ uses }) => uses.length === 0)
  const before = seen?.cost ?? (await oracle.plan(statement, []))['Total Cost']
  const after = await oracle.plan(statement, chosen.map(({ place }) => place))
  const scans = new Set<string>()
  visitPlan(after, (node) => {
    if (node['Node Type'] === 'Seq Scan') scans.add(`${node.Schema}.${node['Relation Name']}`)
  })
  return { name: id, as, perSecond, cost: { before, after: after['Total Cost'] }, indexes: indexesOfPlan(after, chosen, choice), sequentialScans: [...scans], refused: null }
}
