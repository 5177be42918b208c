/** The choice as a mixed-integer program for HiGHS, which finds the best one and proves it. */
import type { Highs } from 'highs'
import type { Choice, Selection, SelectionProblem } from './problem.ts'
import type { Preference } from './preference.ts'

/** Null when the solver cannot be loaded or finds nothing: the caller goes on without it. */
export async function solveExactly(problem: SelectionProblem, choices: readonly Choice[], preference: Preference): Promise<Selection | null> {
  const solver = await loadSolver()
  if (!solver) return null
  try {
    // Nodes, not seconds: the same choice on every machine.
    const { Status: status, Columns: columns } = solver.solve(programOf(problem, choices, preference), { mip_rel_gap: 5e-5, mip_max_nodes: 2000, threads: 1, random_seed: 0, output_flag: false })
    if (status === 'Infeasible' || status === 'Empty') return null
    const chosen = choices.filter((choice) => ((columns as Record<string, { Primal?: number }>)[`x${choice}`]?.Primal ?? 0) > 0.5)
    return new Set(chosen)
  } catch {
    return null
  }
}

type Solver = Highs
let loaded: Promise<Solver | null> | undefined

/** 3.5 MB of WebAssembly, only when there is more to choose than can be tried. */
function loadSolver(): Promise<Solver | null> {
  return (loaded ??= import('highs').then((module) => (module.default as unknown as () => Promise<Highs>)()).catch(() => null))
}

/** CPLEX LP format. `x`: chosen · `z`: the configuration that a statement runs with · `h`: an update leaves its page · `y`: it then writes the index. */
function programOf(problem: SelectionProblem, choices: readonly Choice[], preference: Preference): string {
  const { candidates, statements, updates, required, budget, perTable } = problem
  const whole = Math.max(1e-9, statements.reduce((sum, { weight, configurations }) => sum + weight * (configurations[0]?.cost ?? 0), 0))
  const scaled = (cost: number) => number((cost / whole) * 1e6)
  const own = new Set(choices)
  const objective = choices.map((choice) => `${scaled((candidates[choice]?.writeCost ?? 0) + preference.ofChoice(choice))} x${choice}`)
  const rows: string[] = []
  for (const [place, { weight, configurations }] of statements.entries()) {
    objective.push(...configurations.map(({ cost }, at) => `${scaled(weight * cost)} z${place}_${at}`))
    rows.push(`${sum(configurations.map((_configuration, at) => `z${place}_${at}`))} = 1`)
    for (const choice of new Set(configurations.flatMap(({ uses }) => uses))) {
      const needing = configurations.flatMap(({ uses }, at) => (uses.includes(choice) ? [`z${place}_${at}`] : []))
      rows.push(`${sum(needing)} - x${choice} <= 0`)
    }
  }
  for (const [place, { isLost, breaks, fixedCost, costs }] of updates.entries()) {
    if (isLost) objective.push(...costs.map(({ choice, cost }) => `${scaled(cost)} x${choice}`))
    else {
      objective.push(`${scaled(fixedCost)} h${place}`, ...costs.map(({ choice, cost }) => `${scaled(cost)} y${place}_${choice}`))
      rows.push(...breaks.map((choice) => `x${choice} - h${place} <= 0`), ...costs.map(({ choice }) => `h${place} + x${choice} - y${place}_${choice} <= 1`))
    }
  }
  for (const list of required) rows.push(`${sum(list.filter((choice) => own.has(choice)).map((choice) => `x${choice}`))} >= 1`)
  const tables = new Set(choices.map((choice) => candidates[choice]?.table))
  for (const table of tables) {
    const members = choices.filter((choice) => candidates[choice]?.table === table)
    if (members.length > perTable) rows.push(`${sum(members.map((choice) => `x${choice}`))} <= ${perTable}`)
  }
  if (budget !== null) rows.push(`${sum(choices.map((choice) => `${number((candidates[choice]?.bytes ?? 0) / 1e6)} x${choice}`))} <= ${number(budget / 1e6)}`)
  return ['Minimize', ` obj: ${sum(objective)}`, 'Subject To', ...rows.map((row, place) => ` r${place}: ${row}`), 'Binaries', ...choices.map((choice) => ` x${choice}`), 'End', ''].join('\n')
}

/** Short lines: the format knows a longest one. */
function sum(terms: readonly string[]): string {
  return terms.map((term, place) => (place > 0 && place % 8 === 0 ? `\n  ${term}` : term)).join(' + ')
}

function number(value: number): string {
  return String(Number(value.toPrecision(12)))
}
