/** Every index of the final choice is looked away from once more: what the planner then does not miss goes. */
import type { ChoiceRequest, ChoiceStatement } from './choice-request.ts'
import type { Knowledge } from './knowledge.ts'
import { type Loss, lossesWithout } from './losses.ts'
import { preferenceOf } from './preference.ts'
import { type Choice, type Selection, type SelectionProblem, isAllowed, netCost, writesOf } from './problem.ts'
import { regret } from './solve.ts'

interface Sources {
  known: readonly Knowledge[]
  problemNow(): SelectionProblem
  request: ChoiceRequest
  inLanes(work: (knowledge: Knowledge, place: number) => Promise<unknown>): Promise<void>
}

/** What it costs to read a page out of order: where any gain counts, that counts as well. */
const onePage = 1.1

/** A share of everything that nobody notices. */
const littleLoss = 1e-4

/** Twice, as the others may do without more when some are gone; the one that seems least worth its room is tried first. */
export async function leaveOut(selection: Selection, sources: Sources): Promise<Selection> {
  let chosen = selection
  for (let pass = 0; pass < 2; pass += 1) {
    const problem = sources.problemNow()
    await askFirst(problem, chosen, sources)
    const worth = (choice: Choice) => lossesWithout(problem, chosen, choice).reduce((sum, { cost }) => sum + cost, 0)
    for (const choice of [...chosen].toSorted((a, b) => worth(a) - worth(b) || b - a)) {
      if (!(await isMissed(choice, chosen, sources))) chosen = without(chosen, choice)
    }
  }
  return chosen
}

/** The statement that is asked first about each index: all of them at once, in lanes. */
async function askFirst(problem: SelectionProblem, chosen: Selection, { request, inLanes }: Sources): Promise<void> {
  const doubts = new Map<number, Choice[]>()
  for (const choice of chosen) {
    const [first] = suspects(problem, chosen, choice, request)
    if (first) doubts.set(first.place, [...(doubts.get(first.place) ?? []), choice])
  }
  await inLanes(async (knowledge, place) => {
    const own = doubts.get(place) ?? []
    if (own.length > 0) await knowledge.ask(chosen)
    for (const choice of own) await knowledge.ask(without(chosen, choice))
  })
}

/** Those of few tables first: their plans are soon made. */
function suspects(problem: SelectionProblem, chosen: Selection, choice: Choice, { statements }: ChoiceRequest): Loss[] {
  const tables = (place: number) => statements[place]?.tables ?? 0
  return lossesWithout(problem, chosen, choice).toSorted((a, b) => tables(a.place) - tables(b.place))
}

/**
 * Asks the statements that seem to lose by it, those of few tables first and one in each lane, until they have lost more than the index costs,
 * or what the others could lose is too little. What nobody waits for is no reason: what has to be there is required.
 */
async function isMissed(choice: Choice, chosen: Selection, { known, problemNow, request }: Sources): Promise<boolean> {
  const problem = problemNow()
  const rest = without(chosen, choice)
  if (!isAllowed({ ...problem, budget: null }, rest)) return true
  const saved = writesOf(problem, chosen) - writesOf(problem, rest) + preferenceOf(problem).ofChoice(choice) + netCost(problem, chosen) * littleLoss
  const losses = suspects(problem, chosen, choice, request)
  let open = losses.reduce((sum, { cost }) => sum + cost, 0)
  let lost = 0
  let isWorth = request.leastGain === 0
  for (let next = 0; next < losses.length; ) {
    const batch: Loss[] = []
    for (; next < losses.length && batch.length < request.lanes; next += 1) {
      const loss = losses[next] as Loss
      const isFelt = request.statements[loss.place]?.isFelt === true && loss.ratio > 1 + regret
      if (lost + open > saved || isFelt) batch.push(loss)
    }
    const seen = await Promise.all(batch.map(async (loss) => ({ loss, ...(await bothSides(known[loss.place] as Knowledge, chosen, rest)) })))
    for (const { loss: { place, cost }, now, then } of seen) {
      const { weight, isFelt } = request.statements[place] as ChoiceStatement
      open -= cost
      lost += weight * Math.max(0, then - now)
      isWorth ||= isFelt && then > now * (1 + request.leastGain) + (request.leastGain > 0 ? onePage : 0)
      if (isWorth && (lost > saved || (isFelt && then > now * (1 + regret)))) return true
    }
  }
  return false
}

async function bothSides(knowledge: Knowledge, chosen: Selection, rest: Selection): Promise<{ now: number; then: number }> {
  return { now: (await knowledge.ask(chosen)).cost, then: (await knowledge.ask(rest)).cost }
}

function without(chosen: Selection, choice: Choice): Selection {
  return new Set([...chosen].filter((other) => other !== choice))
}
