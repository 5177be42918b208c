/** Parts of a problem that have nothing to do with each other: no statement reads candidates of two of them. */
import type { Choice, SelectionProblem } from './problem.ts'

/** A budget ties everything together; so do tables of one update and lists of which one is required. */
export function componentsOf(problem: SelectionProblem, active: readonly Choice[]): Choice[][] {
  if (problem.budget !== null) return active.length > 0 ? [[...active]] : []
  const leader = new Map(active.map((choice) => [choice, choice]))
  const find = (choice: Choice): Choice => {
    const next = leader.get(choice) ?? choice
    return next === choice ? choice : find(next)
  }
  const join = (choices: readonly Choice[]) => {
    const known = choices.filter((choice) => leader.has(choice))
    for (const choice of known.slice(1)) leader.set(find(choice), find(known[0] as Choice))
  }
  for (const { configurations } of problem.statements) join(configurations.flatMap(({ uses }) => uses))
  for (const { breaks, costs } of problem.updates) join([...breaks, ...costs.map(({ choice }) => choice)])
  for (const list of problem.required) join(list)
  const byTable = new Map<string, Choice[]>()
  for (const choice of active) {
    const { table = '' } = problem.candidates[choice] ?? {}
    byTable.set(table, [...(byTable.get(table) ?? []), choice])
  }
  // The limit of a table binds only where there are more.
  for (const choices of byTable.values()) if (choices.length > problem.perTable) join(choices)
  const parts = new Map<Choice, Choice[]>()
  for (const choice of active) parts.set(find(choice), [...(parts.get(find(choice)) ?? []), choice])
  return [...parts.values()]
}

/** Candidates that some plan gets cheaper with, and those of which one is required. */
export function activeCandidates({ candidates, statements, required }: SelectionProblem): Choice[] {
  const used = new Set(required.flat())
  for (const { configurations } of statements) {
    const none = configurations.find(({ uses }) => uses.length === 0)?.cost ?? Infinity
    for (const { uses, cost } of configurations) if (cost < none * 0.9995) for (const choice of uses) used.add(choice)
  }
  return candidates.map((_candidate, choice) => choice).filter((choice) => used.has(choice))
}

/** The part of a problem that a component is: the same numbers for its candidates. */
export function restricted(problem: SelectionProblem, component: readonly Choice[]): SelectionProblem {
  const own = new Set(component)
  const statements = problem.statements.flatMap((statement) => {
    const configurations = undominated(statement.configurations.filter(({ uses }) => uses.every((choice) => own.has(choice))))
    return configurations.length > 1 ? [{ ...statement, configurations }] : []
  })
  const updates = problem.updates.map((update) => ({ ...update, breaks: update.breaks.filter((choice) => own.has(choice)), costs: update.costs.filter(({ choice }) => own.has(choice)) }))
  return { ...problem, statements, updates: updates.filter(({ costs, breaks }) => costs.length + breaks.length > 0), required: problem.required.filter((list) => list.some((choice) => own.has(choice))) }
}

function undominated(configurations: SelectionProblem['statements'][number]['configurations']): typeof configurations {
  const sorted = configurations.toSorted((a, b) => a.uses.length - b.uses.length || a.cost - b.cost)
  const kept: typeof configurations = []
  for (const one of sorted) if (!kept.some((other) => other.cost <= one.cost * 1.00001 && other.uses.every((choice) => one.uses.includes(choice)))) kept.push(one)
  return kept
}
