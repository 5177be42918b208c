import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greedy } from '../../../generators/planner/selection/greedy.ts'
import { solveExactly } from '../../../generators/planner/selection/milp.ts'
import { preferenceOf } from '../../../generators/planner/selection/preference.ts'
import { type SelectionProblem, bytesOf, isAllowed, netCost, statementCost, writesOf } from '../../../generators/planner/selection/problem.ts'
import { doubtsOf, lossesWithout } from '../../../generators/planner/selection/losses.ts'
import { shrink } from '../../../generators/planner/selection/shrink.ts'
import { solve } from '../../../generators/planner/selection/solve.ts'

const none = { updates: [], required: [], perTable: 8, budget: null, heapBytes: 1e9, priceOfRoom: 0, tolerance: 0 }
const candidate = (name: string, rest: Partial<SelectionProblem['candidates'][number]> = {}) => ({ name, table: 't', bytes: 1e6, writeCost: 0, ...rest })
const statement = (id: string, costs: [number[], number][], weight = 1) => ({ id, weight, isFelt: true, configurations: costs.map(([uses, cost]) => ({ uses, cost })) })

describe('the choice', () => {
  it('takes what reads gain by, and not what writes lose by', async () => {
    const problem: SelectionProblem = { ...none, candidates: [candidate('cheap', { writeCost: 10 }), candidate('dear', { writeCost: 500 })], statements: [statement('q', [[[], 1000], [[0], 400], [[1], 300]])] }
    expect([...(await solve(problem))]).toEqual([0])
  })

  it('counts two indexes of one join together: either alone is nothing', async () => {
    const problem: SelectionProblem = { ...none, candidates: [candidate('a', { table: 'x', writeCost: 10 }), candidate('b', { table: 'y', writeCost: 10 })], statements: [statement('join', [[[], 1000], [[0], 995], [[1], 995], [[0, 1], 50]])] }
    expect([...(await solve(problem))]).toEqual([0, 1])
  })

  it('leaves a hot counter without an index, because every update would then write all of them', async () => {
    const candidates = [candidate('counter', { writeCost: 1 }), candidate('owner', { writeCost: 1 })]
    const updates = [{ isLost: false, breaks: [0], fixedCost: 400, costs: [{ choice: 0, cost: 100 }, { choice: 1, cost: 100 }] }]
    const statements = [statement('top', [[[], 500], [[0], 100]]), statement('mine', [[[], 900], [[1], 10]])]
    expect([...(await solve({ ...none, candidates, statements, updates }))]).toEqual([1])
    expect([...(await solve({ ...none, candidates, statements }))]).toEqual([0, 1])
  })

  it('of equal ones takes the single one that serves both, then the smaller', async () => {
    const candidates = [candidate('a'), candidate('b'), candidate('both', { bytes: 3e6 }), candidate('both, smaller', { bytes: 2e6 })]
    const statements = [statement('p', [[[], 100], [[0], 10], [[2], 10], [[3], 10]]), statement('q', [[[], 100], [[1], 10], [[2], 10], [[3], 10]])]
    expect([...(await solve({ ...none, candidates, statements }))]).toEqual([3])
  })

  it('has an index for every foreign key, the cheapest that will do', async () => {
    const candidates = [candidate('key', { writeCost: 5 }), candidate('key and more', { writeCost: 9 })]
    expect([...(await solve({ ...none, candidates, statements: [], required: [[0, 1]] }))]).toEqual([0])
  })

  it('keeps to the budget, and to the most of a table', async () => {
    const candidates = [1, 2, 3].map((size) => candidate(`i${size}`, { bytes: size * 1e9 }))
    const statements = [1, 2, 3].map((size) => statement(`q${size}`, [[[], 1000], [[size - 1], 1000 - 300 * size]]))
    const chosen = await solve({ ...none, candidates, statements, budget: 3e9 })
    expect(bytesOf({ candidates }, chosen)).toBeLessThanOrEqual(3e9)
    // One of 3 GB saves 900; those of 1 and 2 GB save 900 as well, and are two.
    expect([...chosen]).toEqual([2])
    expect((await solve({ ...none, candidates, statements, perTable: 2 })).size).toBe(2)
  })
})

describe('the solvers', () => {
  const problems = fc.record({ candidates: fc.integer({ min: 1, max: 7 }), statements: fc.integer({ min: 1, max: 5 }), seed: fc.integer() }).map(({ candidates: count, statements: many, seed }): SelectionProblem => {
    let state = seed >>> 0
    const random = (most: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % most
    const candidates = Array.from({ length: count }, (_one, place) => candidate(`i${place}`, { table: `t${random(2)}`, bytes: 1e6 * (1 + random(50)), writeCost: random(200) }))
    const statements = Array.from({ length: many }, (_one, place) => statement(`q${place}`, [[[], 1000], ...Array.from({ length: 1 + random(5) }, (): [number[], number] => [[...new Set([random(count), random(count)])], 20 + random(970)])], 1 + random(3)))
    const updates = random(2) ? [{ isLost: false, breaks: [random(count)], fixedCost: random(300), costs: candidates.map((_one, choice) => ({ choice, cost: random(60) })) }] : []
    return { ...none, candidates, statements, updates, budget: random(2) ? 1e6 * (10 + random(80)) : null, perTable: 1 + random(4) }
  })

  const best = (problem: SelectionProblem) => {
    const preference = preferenceOf(problem)
    const all = Array.from({ length: 1 << problem.candidates.length }, (_one, bits) => new Set(problem.candidates.flatMap((_candidate, place) => (bits & (1 << place) ? [place] : []))))
    return Math.min(...all.filter((chosen) => isAllowed(problem, chosen)).map((chosen) => netCost(problem, chosen) + preference.of(chosen)))
  }

  it('the exact one finds what trying everything finds', async () => {
    await fc.assert(fc.asyncProperty(problems, async (problem) => {
      const preference = preferenceOf(problem)
      const chosen = await solveExactly(problem, [...problem.candidates.keys()], preference)
      expect(chosen).not.toBeNull()
      if (!chosen) return
      expect(isAllowed(problem, chosen)).toBe(true)
      const cost = netCost(problem, chosen) + preference.of(chosen)
      expect(cost).toBeGreaterThanOrEqual(best(problem) - 1e-6)
      expect(cost).toBeLessThanOrEqual(best(problem) * (1 + 1e-4))
    }), { numRuns: 15, seed: 7 })
  })

  it('the one without the solver never breaks a rule, and is never better', () => {
    fc.assert(fc.property(problems, (problem) => {
      const preference = preferenceOf(problem)
      const chosen = greedy(problem, [...problem.candidates.keys()], preference)
      expect(isAllowed(problem, chosen)).toBe(true)
      expect(netCost(problem, chosen) + preference.of(chosen)).toBeGreaterThanOrEqual(best(problem) - 1e-6)
    }), { numRuns: 60, seed: 7 })
  })

  it('the same problem has the same choice', async () => {
    const [problem] = fc.sample(problems, { numRuns: 1, seed: 11 })
    if (problem) expect([...(await solve(problem))]).toEqual([...(await solve(structuredClone(problem)))])
  })
})

it('fewer indexes never make a statement that somebody waits for more than a tenth slower', async () => {
  const candidates = [candidate('main'), candidate('rare')]
  const statements = [statement('huge', [[[], 1e9], [[0], 1e8]]), statement('small', [[[], 100], [[1], 80]]), statement('tiny', [[[], 100], [[0], 99]])]
  const chosen = await solve({ ...none, candidates, statements, tolerance: 0.01 })
  expect(statementCost(statements[1] as (typeof statements)[number], chosen)).toBe(80)
  expect(writesOf({ candidates, updates: [] }, chosen)).toBe(0)
})

describe('room', () => {
  const candidates = [candidate('covering', { bytes: 9e9 }), candidate('narrow', { bytes: 1e9 })]
  const problem = (costs: [number, number]) => ({ ...none, candidates, heapBytes: 1e10, statements: [statement('q', [[[], 1e6], [[0], costs[0]], [[1], costs[1]]])] })

  it('is saved where that costs next to nothing, and not where it costs more', async () => {
    expect([...(await shrink(problem([10_000, 10_030]), new Set([0]), 0.005))]).toEqual([1])
    expect([...(await shrink(problem([10_000, 10_800]), new Set([0]), 0.005))]).toEqual([0])
    expect([...(await shrink(problem([10_000, 10_030]), new Set([0]), 0))]).toEqual([0])
  })

  it('is not saved at the expense of one statement that somebody waits for', async () => {
    const big = statement('report', [[[], 1e9], [[2], 1e7]])
    const both = { ...problem([4000, 9000]), candidates: [...candidates, candidate('other', { table: 'x' })] }
    expect([...(await shrink({ ...both, statements: [...both.statements, big] }, new Set([0, 2]), 0.005))]).toContain(0)
    // Some milliseconds are nothing to wait for.
    const small = { ...problem([400, 900]), candidates: both.candidates }
    expect([...(await shrink({ ...small, statements: [...small.statements, big] }, new Set([0, 2]), 0.005))]).toEqual([1, 2])
  })
})

describe('losses', () => {
  const problem: SelectionProblem = { ...none, candidates: [candidate('a'), candidate('b')], statements: [statement('wide', [[[], 900], [[0], 100]]), statement('plain', [[[], 500], [[0], 100], [[1], 90]])] }

  it('are those of the statements that read the index, the largest first', () => {
    expect(lossesWithout(problem, new Set([0]), 0)).toEqual([{ place: 0, cost: 800, ratio: 9 }, { place: 1, cost: 400, ratio: 5 }])
    // The other index stands in.
    expect(lossesWithout(problem, new Set([0, 1]), 0)).toEqual([{ place: 0, cost: 800, ratio: 9 }])
  })

  it('are looked into where plans are soon made', () => {
    expect([...doubtsOf(problem, new Set([0]), (place) => (place === 0 ? 12 : 1))]).toEqual([[1, [0]], [0, [0]]])
    expect([...doubtsOf(problem, new Set([0]), () => 12)]).toEqual([[0, [0]]])
  })
})
