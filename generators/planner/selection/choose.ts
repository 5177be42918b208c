/** Explore, solve, look at what the planner really does with the choice, and again until nothing changes. */
import type { ChoiceRequest, ChoiceStatement, Chosen } from './choice-request.ts'
import { glanceOver, lookAtEach, lookBeside, relax, survey } from './explore.ts'
import { type Knowledge, knowledgeOf } from './knowledge.ts'
import { leaveOut } from './leave-out.ts'
import { doubtsOf } from './losses.ts'
import { type Choice, type SelectionProblem, type SelectionStatement, netCost, statementCost } from './problem.ts'
import { shrink } from './shrink.ts'
import { fewer, solve } from './solve.ts'

const mostRounds = 12
/** Two rounds that gain no more than this are the end. */
const littleGain = 2e-4
/** A statement that could gain less than this share of everything is not looked at again. */
const littleGap = 1e-4

export async function chooseIndexes(request: ChoiceRequest): Promise<Chosen> {
  const { statements, lanes, widthOf } = request
  const known = statements.map(({ relevant }, place) => knowledgeOf(relevant, (visible, isGlance) => request.observe(place, visible, isGlance)))
  const inLanes = (work: (knowledge: Knowledge, statement: ChoiceStatement, place: number) => Promise<unknown>) => runInLanes(statements, lanes, (statement, place) => work(known[place] as Knowledge, statement, place))
  const problemNow = (): SelectionProblem => ({ ...request, statements: statements.map(({ id, weight, isFelt }, place) => ({ id, weight, isFelt, configurations: known[place]?.configurations() ?? [] })) })

  const isHeavy = ({ tables }: ChoiceStatement) => tables > manyTables
  await inLanes((knowledge, statement) => (isHeavy(statement) ? glanceOver(knowledge, widthOf) : survey(knowledge, widthOf)))
  const liked = known.map((knowledge) => knowledge.live())
  // What no plan read when it saw everything is out of the game, and out of the planner's sight.
  const wanted = new Set(liked.flat())
  await inLanes(async (knowledge, statement) => {
    if (!isHeavy(statement)) return knowledge.keepTo(wanted)
    const popular = mostLiked(knowledge.relevant(), liked, request)
    knowledge.keepTo(popular)
    await survey(knowledge, request.budget === null ? (choice) => (popular.has(choice) ? 3 : 4) : widthOf)
  })
  const least = known.reduce((sum, knowledge, place) => sum + (statements[place]?.weight ?? 0) * knowledge.least(), 0)
  await inLanes(async (knowledge, statement) => {
    // Without a budget, what many tables can do without is seen when everything is looked away from, at the end.
    if (isHeavy(statement) && (request.budget === null || !isUnsettled(knowledge, statement, least))) return
    await relax(knowledge, enoughFor(statement.tables))
    await lookAtEach(knowledge, widthOf, enoughFor(statement.tables))
  })

  let problem = problemNow()
  let selection = await solve(problem)
  let idle = 0
  for (let round = 0; round < mostRounds && idle < 2; round += 1) {
    const [chosen, net] = [selection, netCost(problem, selection)]
    const doubts = doubtsOf(problem, chosen, (place) => statements[place]?.tables ?? 0)
    const now = problem
    await inLanes(async (knowledge, statement, place) => {
      const { weight, tables } = statement
      if (!isHeavy(statement) || request.budget !== null) for (const choice of doubts.get(place) ?? []) await knowledge.ask([...chosen].filter((other) => other !== choice))
      const isSettled = (cost: number) => weight * (cost - knowledge.least()) <= net * littleGap
      if (isSettled(statementCost(now.statements[place] as SelectionStatement, chosen)) || isSettled((await knowledge.ask(chosen)).cost)) return
      await lookBeside(knowledge, chosen, enoughFor(tables) / 4)
    })
    problem = problemNow()
    selection = await solve(problem)
    idle = 1 - netCost(problem, selection) / netCost(problem, chosen) < littleGain ? idle + 1 : 0
  }
  selection = await leaveOut(fewer(problem, await shrink(problem, selection, request.slack)), { known, problemNow, request, inLanes: (work) => inLanes((knowledge, _statement, place) => work(knowledge, place)) })
  return { selection, problem: problemNow(), asked: known.reduce((sum, knowledge) => sum + knowledge.asked(), 0) }
}

/** Plans of more tables take up to a tenth of a second: only what is needed is asked. */
const manyTables = 6

/** Where what most statements read is nearly as good as all there is, nothing more has to be known. */
function isUnsettled(knowledge: Knowledge, { weight }: ChoiceStatement, least: number): boolean {
  const worst = Math.max(...knowledge.configurations().filter(({ uses }) => uses.length > 0).map(({ cost }) => cost))
  return weight * (worst - knowledge.least()) > least * littleGap
}

/** Of each table the candidates that most statements have read. */
const mostOfTable = 2

function mostLiked(relevant: readonly Choice[], liked: readonly (readonly Choice[])[], { candidates }: Pick<ChoiceRequest, 'candidates'>): Set<Choice> {
  const votes = new Map<Choice, number>()
  for (const choice of liked.flat()) votes.set(choice, (votes.get(choice) ?? 0) + 1)
  const ranked = relevant.filter((choice) => votes.has(choice)).toSorted((a, b) => (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || a - b)
  const tables = new Set(ranked.map((choice) => candidates[choice]?.table))
  return new Set([...tables].flatMap((table) => ranked.filter((choice) => candidates[choice]?.table === table).slice(0, mostOfTable)))
}

/** Single tables are planned in a millisecond, many in fifty. */
function enoughFor(tables: number): number {
  return tables <= 2 ? 60 : tables <= 4 ? 40 : tables <= manyTables ? 20 : 6
}

/** One after the other in each lane; the result does not depend on which lane was faster. */
async function runInLanes<Item>(items: readonly Item[], lanes: number, work: (item: Item, place: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let place = next++; place < items.length; place = next++) await work(items[place] as Item, place)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
