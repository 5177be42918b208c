/** Learns what a statement costs with which candidates, from the best plan downwards. */
import type { Knowledge } from './knowledge.ts'
import type { Choice } from './problem.ts'

/** A plan that is hardly cheaper than the one without any candidate needs no relaxation. */
const worthwhile = 0.98

export type WidthOf = (choice: Choice) => number

/**
 * With nothing in sight, with everything, and with the narrower ones alone: what is best, and what would do. True when
 * any of them is of use. `widthOf`: 1 for one key, 2 for two, 3 for more or for some rows only, 4 with columns beside.
 */
export async function survey(knowledge: Knowledge, widthOf: WidthOf): Promise<boolean> {
  const none = await knowledge.ask([])
  for (const visible of byWidth(knowledge, widthOf)) {
    const plan = await knowledge.ask(visible)
    if (plan.cost >= none.cost * worthwhile) return visible.length < knowledge.relevant().length
  }
  return true
}

/** What may be of use to a statement of many tables. */
export async function glanceOver(knowledge: Knowledge, widthOf: WidthOf): Promise<void> {
  for (const visible of byWidth(knowledge, widthOf)) await knowledge.glance(visible)
}

function byWidth(knowledge: Knowledge, widthOf: WidthOf): Choice[][] {
  return [4, 3, 2, 1].map((width) => knowledge.relevant().filter((choice) => widthOf(choice) <= width)).filter((visible, place, all) => visible.length !== all[place - 1]?.length)
}

/**
 * Of each plan one index after the other is hidden; what the planner does instead is looked at in the same way, those with
 * the fewest hidden first, until nothing is gained any more or enough was asked.
 */
export async function relax(knowledge: Knowledge, enough: number): Promise<void> {
  const none = await knowledge.ask([])
  const limit = knowledge.asked() + enough
  const all = knowledge.relevant()
  const queue: (readonly Choice[])[] = [all]
  const queued = new Set<string>()
  for (let visible = queue.shift(); visible && knowledge.asked() < limit; visible = queue.shift()) {
    const plan = await knowledge.ask(visible)
    if (plan.cost >= none.cost * worthwhile) continue
    const sight = visible
    // What else there is, all at once: where plans are dear there may be no time for more.
    if (sight.length === all.length) queue.push(sight.filter((choice) => !plan.uses.includes(choice)))
    for (const hidden of plan.uses) {
      const rest = sight.filter((choice) => choice !== hidden)
      const key = rest.join()
      if (!queued.has(key)) queue.push(rest)
      queued.add(key)
    }
  }
}

/** What each does alone: where there is room for few, this is what counts. The narrow ones first. */
export async function lookAtEach(knowledge: Knowledge, widthOf: WidthOf, enough: number): Promise<void> {
  const limit = knowledge.asked() + enough
  for (const choice of knowledge.live().toSorted((a, b) => widthOf(a) - widthOf(b) || a - b)) {
    if (knowledge.asked() >= limit) return
    await knowledge.ask([choice])
  }
}

/**
 * Beside a choice: what happens with one more of those that some plan has read, and with all of them, from where one
 * after the other is hidden again.
 */
export async function lookBeside(knowledge: Knowledge, chosen: ReadonlySet<Choice>, enough: number): Promise<void> {
  const beside = knowledge.relevant().filter((choice) => chosen.has(choice))
  const now = await knowledge.ask(beside)
  let visible = [...beside, ...knowledge.live().filter((choice) => !chosen.has(choice))]
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
