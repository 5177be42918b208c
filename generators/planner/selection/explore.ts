/** Learns what a statement costs with which candidates, from the best plan downwards. */
import type { Knowledge } from './knowledge.ts'
import type { Choice } from './problem.ts'

/** A plan that is hardly cheaper than the one without any candidate needs no relaxation. */
const worthwhile = 0.98

/**
 * Begins with every candidate in sight. Of each plan one index after the other is hidden; what the planner does instead is
 * looked at in the same way, those with the fewest hidden first, until nothing is gained any more or enough was asked.
 */
export async function explore(knowledge: Knowledge, enough: number): Promise<void> {
  const none = await knowledge.ask([])
  const queue: Choice[][] = [[...knowledge.relevant]]
  const queued = new Set<string>()
  for (let visible = queue.shift(); visible && knowledge.asked() < enough; visible = queue.shift()) {
    const plan = await knowledge.ask(visible)
    if (plan.cost >= none.cost * worthwhile) continue
    const sight = visible
    // What else there is, all at once: where plans are dear there may be no time for more.
    if (sight.length === knowledge.relevant.length) queue.push(sight.filter((choice) => !plan.uses.includes(choice)))
    for (const hidden of plan.uses) {
      const rest = sight.filter((choice) => choice !== hidden)
      const key = rest.join()
      if (!queued.has(key)) queue.push(rest)
      queued.add(key)
    }
  }
  // What each does alone: where there is room for few, this is what counts.
  for (const choice of knowledge.live()) await knowledge.ask([choice])
}

/**
 * Around a choice: what happens without each of the indexes that the plan reads, with one more of those that some plan has
 * read, and with all of them, from where one after the other is hidden again.
 */
export async function exploreAround(knowledge: Knowledge, chosen: ReadonlySet<Choice>, enough: number): Promise<void> {
  const beside = knowledge.relevant.filter((choice) => chosen.has(choice))
  const now = await knowledge.ask(beside)
  for (const choice of now.uses) await knowledge.ask(beside.filter((other) => other !== choice))
  const others = knowledge.live().filter((choice) => !chosen.has(choice))
  let visible = [...beside, ...others]
  const limit = knowledge.asked() + enough
  for (let plan = await knowledge.ask(visible); plan.cost < now.cost * worthMore && knowledge.asked() < limit; plan = await knowledge.ask(visible)) {
    const extra = plan.uses.filter((choice) => !chosen.has(choice))
    if (extra.length === 0) break
    for (const choice of extra) await knowledge.ask([...beside, choice])
    visible = visible.filter((choice) => choice !== extra[0])
  }
}

/** Less is no reason to look further. */
const worthMore = 0.998
