/** Explore, solve, look at what the planner really does with the choice, and again until nothing changes. */
import { explore, exploreAround } from './explore.ts'
import { type Knowledge, type Observation, knowledgeOf } from './knowledge.ts'
import type { Choice, Selection, SelectionProblem } from './problem.ts'
import { netCost } from './problem.ts'
import { fewer, solve } from './solve.ts'

export interface ChoiceStatement {
  id: string
  weight: number
  isFelt: boolean
  relevant: readonly Choice[]
  /** Tables of its plan: many make planning slow, so fewer plans are asked for. */
  tables: number
}

export interface ChoiceRequest extends Omit<SelectionProblem, 'statements'> {
  statements: readonly ChoiceStatement[]
  /** The server's plan of a statement, by its place, with only these candidates in sight. `lanes` of them at a time. */
  observe(statement: number, visible: readonly Choice[]): Promise<Observation>
  lanes: number
}

export interface Chosen {
  selection: Selection
  /** With all costs that were seen. */
  problem: SelectionProblem
  /** Plans that the server was asked for. */
  asked: number
}

const mostRounds = 12
/** Two rounds that gain no more than this are the end. */
const littleGain = 2e-4

export async function chooseIndexes(request: ChoiceRequest): Promise<Chosen> {
  const known = request.statements.map(({ relevant }, place) => knowledgeOf(relevant, (visible) => request.observe(place, visible)))
  const inLanes = (work: (knowledge: Knowledge, place: number) => Promise<unknown>) => runInLanes(known, request.lanes, work)
  await inLanes((knowledge, place) => explore(knowledge, enoughFor(request.statements[place]?.tables ?? 1)))
  const problemNow = (): SelectionProblem => ({ ...request, statements: request.statements.map(({ id, weight, isFelt }, place) => ({ id, weight, isFelt, configurations: known[place]?.configurations() ?? [] })) })
  let problem = problemNow()
  let selection = await solve(problem)
  let idle = 0
  for (let round = 0; round < mostRounds; round += 1) {
    const chosen = selection
    await inLanes((knowledge, place) => exploreAround(knowledge, chosen, enoughFor(request.statements[place]?.tables ?? 1) / 4))
    problem = problemNow()
    const next = await solve(problem)
    const gained = 1 - netCost(problem, next) / netCost(problem, selection)
    selection = next
    idle = gained < littleGain ? idle + 1 : 0
    if (idle === 2) break
  }
  // What each is worth beside the others is seen first: a guess from other choices keeps what nobody misses.
  for (let pass = 0; pass < 2; pass += 1) {
    const now = selection
    await inLanes((knowledge) => lookAway(knowledge, now))
    selection = await leaveOut(fewer(problemNow(), selection), request, known)
  }
  const last = selection
  await inLanes((knowledge) => lookAway(knowledge, last))
  return { selection, problem: problemNow(), asked: known.reduce((sum, knowledge) => sum + knowledge.asked(), 0) }
}

/** Single tables are planned in a millisecond, many in fifty. */
function enoughFor(tables: number): number {
  return tables <= 2 ? 60 : tables <= 4 ? 40 : tables <= 6 ? 16 : 8
}

/** Every index of the final choice is looked away from once more: what no statement then misses goes. */
async function leaveOut(selection: Selection, request: ChoiceRequest, known: readonly Knowledge[]): Promise<Selection> {
  const chosen = new Set(selection)
  for (const choice of [...selection].toSorted((a, b) => (request.candidates[b]?.bytes ?? 0) - (request.candidates[a]?.bytes ?? 0))) {
    const without = new Set([...chosen].filter((other) => other !== choice))
    if (!request.required.every((list) => list.some((other) => without.has(other)))) continue
    let isMissed = false
    for (const [place, knowledge] of known.entries()) {
      if (isMissed || !knowledge.relevant.includes(choice)) continue
      const [now, then] = [await knowledge.ask(chosen), await knowledge.ask(without)]
      isMissed = now.uses.includes(choice) && then.cost > now.cost * missedFrom(request.statements[place]?.isFelt ?? true)
    }
    if (!isMissed) chosen.delete(choice)
  }
  return chosen
}

/** What each index is worth to the statement beside the others: seen, as the choice has changed since it was explored. */
async function lookAway(knowledge: Knowledge, chosen: Selection): Promise<void> {
  const { uses } = await knowledge.ask(chosen)
  for (const choice of uses) await knowledge.ask([...chosen].filter((other) => other !== choice))
}

/** What nobody waits for may cost a tenth more. */
function missedFrom(isFelt: boolean): number {
  return isFelt ? 1.0005 : 1.1
}

/** One after the other in each lane; the result does not depend on which lane was faster. */
async function runInLanes(known: readonly Knowledge[], lanes: number, work: (knowledge: Knowledge, place: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let place = next++; place < known.length; place = next++) {
      const knowledge = known[place]
      if (knowledge) await work(knowledge, place)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
