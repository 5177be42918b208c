/** What a query costs between launch and horizon, with and without the indexes of the design. */
import type { Duration } from '../../design/duration.ts'
import type { CostChange, PlanAtScale, PlanCosts, PlansEvidence } from '../../design/evidence.ts'
import { fence } from './markdown.ts'
import { expectedCost } from './scale-words.ts'

export interface GrowthPoint extends PlanCosts {
  label: string
  /** The whole plan, at launch and at the horizon. */
  seen: PlanAtScale | null
}

type Observed = Pick<PlansEvidence['queries'][number], 'atScale' | 'growth'>

const daysOfMonth = 30.4375

export function growthPoints({ atScale, growth }: Observed, { text, days }: Duration): GrowthPoint[] {
  const whole = (at: PlanAtScale['at'], label: string) => atScale.filter((seen) => seen.at === at).map((seen): GrowthPoint => ({ label, cost: seen.cost, once: seen.once, dense: seen.dense, seen }))
  const between = growth.map(({ share, ...costs }): GrowthPoint => ({ label: `after ${ageWords(days * share)}`, ...costs, seen: null }))
  return [...whole('launch', 'at launch'), ...between, ...whole('horizon', `after ${text}`)]
}

function ageWords(days: number): string {
  return days >= 2 * daysOfMonth ? `${Math.round(days / daysOfMonth)} months` : `${Math.round(days)} days`
}

/** A sentence and a chart of Mermaid; the sentence alone where nothing grows. Of the two costs the one that grows more is drawn. */
export function growthChart(observed: Observed, horizon: Duration): string {
  const points = growthPoints(observed, horizon)
  if (points.length < 3) return ''
  const [drawn] = ([['expected', expectedCost], ['dense', ({ dense }: PlanCosts) => dense]] as const).map(([kind, of]) => ({ kind, ...growthOf(points.map(of)) })).toSorted((a, b) => b.highest - a.highest)
  if (!drawn || drawn.highest < worthDrawing) return `Until ${horizon.text} are over its cost grows by less than a tenth, with the indexes of the design and without.`
  const chart = fence('mermaid', [
    'xychart-beta',
    `  x-axis [${points.map(({ label }) => JSON.stringify(label)).join(', ')}]`,
    `  y-axis "times the cost at launch" 0 --> ${Math.ceil(drawn.highest)}`,
    `  bar [${drawn.before.join(', ')}]`,
    `  line [${drawn.after.join(', ')}]`,
  ].join('\n'))
  return `How the cost grows${drawn.kind === 'dense' ? ', where its conditions hang together' : ''}, in times of what it is at launch: bars without the indexes of the design, the line with them.\n\n${chart}`
}

const worthDrawing = 1.1

function growthOf(costs: readonly CostChange[]): { before: number[]; after: number[]; highest: number } {
  const times = (side: 'before' | 'after') => costs.map((cost) => Number((cost[side] / Math.max(0.01, costs[0]?.[side] ?? 0)).toFixed(2)))
  const [before, after] = [times('before'), times('after')]
  return { before, after, highest: Math.max(...before, ...after) }
}
