/** The choice of indexes as numbers: what reads cost with which of them, and what each costs the writes. Pure data. */

/** A place in the list of candidates. */
export type Choice = number

export interface SelectionCandidate {
  name: string
  table: string
  bytes: number
  /** Microseconds per second that inserts and deletes spend on it. */
  writeCost: number
}

/** A statement with what is known of its cost so far. */
export interface SelectionStatement {
  id: string
  /** Microseconds per second for one unit of the planner's cost. */
  weight: number
  /** Somebody waits for it: it may not become much slower for the good of the others. */
  isFelt: boolean
  /** One for each set of indexes that a plan was seen to read, the empty set first. All of them, and no other, are needed. */
  configurations: Configuration[]
}

export interface Configuration {
  uses: Choice[]
  cost: number
}

/** Updates that no longer stay on their page (HOT) as soon as one of `breaks` is chosen: then every index of the table is written. */
export interface SelectionUpdate {
  /** They write all indexes already. */
  isLost: boolean
  breaks: Choice[]
  /** Microseconds per second for the indexes that are there in any case. */
  fixedCost: number
  /** For each candidate of the table. */
  costs: { choice: Choice; cost: number }[]
}

export interface SelectionProblem {
  candidates: SelectionCandidate[]
  statements: SelectionStatement[]
  updates: SelectionUpdate[]
  /** Of each list one has to be chosen: a foreign key's, a policy's. */
  required: Choice[][]
  /** So many of a table at most. */
  perTable: number
  /** Bytes of all together; null without a limit. */
  budget: number | null
  /** Of the tables, without indexes. */
  heapBytes: number
  /** Indexes as large as the tables together have to save this share of what the workload costs: memory for them is memory for nothing else. */
  priceOfRoom: number
  /** A choice of fewer indexes may cost so much more than the best one. */
  tolerance: number
}

export type Selection = ReadonlySet<Choice>

export function statementCost({ configurations }: SelectionStatement, chosen: Selection): number {
  let best = Infinity
  for (const { uses, cost } of configurations) if (cost < best && uses.every((choice) => chosen.has(choice))) best = cost
  return best
}

export function writesOf({ candidates, updates }: Pick<SelectionProblem, 'candidates' | 'updates'>, chosen: Selection): number {
  let total = 0
  for (const choice of chosen) total += candidates[choice]?.writeCost ?? 0
  for (const update of updates) {
    if (!update.isLost && !update.breaks.some((choice) => chosen.has(choice))) continue
    total += update.isLost ? 0 : update.fixedCost
    for (const { choice, cost } of update.costs) if (chosen.has(choice)) total += cost
  }
  return total
}

/** Microseconds per second of reads and writes together. */
export function netCost(problem: SelectionProblem, chosen: Selection): number {
  return problem.statements.reduce((sum, statement) => sum + statement.weight * statementCost(statement, chosen), writesOf(problem, chosen))
}

export function bytesOf({ candidates }: Pick<SelectionProblem, 'candidates'>, chosen: Selection): number {
  return [...chosen].reduce((sum, choice) => sum + (candidates[choice]?.bytes ?? 0), 0)
}

export function isAllowed(problem: SelectionProblem, chosen: Selection): boolean {
  if (problem.budget !== null && bytesOf(problem, chosen) > problem.budget) return false
  if (!problem.required.every((list) => list.some((choice) => chosen.has(choice)))) return false
  const counts = new Map<string, number>()
  for (const choice of chosen) {
    const { table = '' } = problem.candidates[choice] ?? {}
    counts.set(table, (counts.get(table) ?? 0) + 1)
  }
  return [...counts.values()].every((count) => count <= problem.perTable)
}
