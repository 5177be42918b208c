/** Plans and indexes at scale, for a person. */
import { indexTarget } from '../planner/index-target.ts'
import { growthPoints } from '../artifacts/pages/growth.ts'
import { lineWords } from '../artifacts/pages/plan-tree.ts'
import { bytes, count, rate } from '../artifacts/pages/quantity.ts'
import { arrow, costChange, expectedCost, figuresSentence, indexInsertCost, measuredSentence, settingsSentence, worthWords } from '../artifacts/pages/scale-words.ts'
import type { Advice } from '../design/advice.ts'
import type { PlanAtScale, PlanLine, PlansEvidence } from '../design/evidence.ts'
import type { Plan, QueryPlan } from '../design/plan.ts'
import { qualified } from '../sql/identifier.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

interface PlansRequest {
  /** Version of the server that planned. */
  server: string
  /** Only this query, with the plan that it would have without the design's indexes. */
  query: string | null
}

export function formatPlans(plan: Plan, evidence: PlansEvidence, { server, query: only }: PlansRequest, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const painter = { style, width }
  const queries = plan.queries.filter(({ query }) => only === null || query.name === only)
  const lines = [
    style.bold(`${plan.spec.design}, planned by Postgres ${server}`),
    ...evidence.findings.map((finding) => wrap(style.red(finding), width, 2)),
    ...queries.flatMap((query) => ['', ...formatQuery(query, { plan, evidence, isFull: only !== null }, painter)]),
    ...formatAdvice((evidence.advice ?? []).filter(({ query }) => only === null || query === only), { isFull: only !== null }, painter),
    ...(only === null ? formatIndexes(plan, evidence, painter) : []),
    '',
    ...(only === null ? evidence.assumptions.map(({ table, columns, says }) => style.dim(wrap(`Assumed of ${[table, columns.join(', ')].filter(Boolean).join(' ')}: ${says}.`, width, 2))) : []),
    ...(only === null && plan.indexes.length + plan.rejected.length > 0 ? [style.dim(wrap(figuresSentence(plan).replaceAll('`', ''), width))] : []),
    style.dim(wrap(settingsSentence(), width)),
    style.dim(wrap(measuredSentence(), width)),
  ]
  return lines.join('\n')
}

interface QueryContext {
  plan: Plan
  evidence: PlansEvidence
  isFull: boolean
}

function formatQuery({ query, index, warnings, search }: QueryPlan, { plan, evidence, isFull }: QueryContext, { style, width }: Pick<Terminal, 'style' | 'width'>): string[] {
  const observed = evidence.queries.find(({ name }) => name === query.name)
  const head = [style.bold(query.name), `as ${query.as}`, ...(search ? [`through ${search.name.schema}.${search.name.name}`] : []), ...(query.perSecond === null ? [] : [rate(query.perSecond)]), index ?? 'no index'].join(' · ')
  if (!observed) return [head, `  ${style.yellow('No plan of it was seen.')}`]
  const last = observed.atScale.at(-1)
  return [
    head,
    ...growthPoints(observed, plan.spec.horizon).flatMap(({ label, seen, ...costs }) => (seen ? [wrap(`  ${label}, ${rowsOf(seen)}: ${costChange(seen)}${sensitive(seen)}`, width, 2)] : isFull ? [`  ${label}: cost ${arrow(expectedCost(costs))}`] : [])),
    ...(last?.direct ? [wrap(`  under the policies, without the function: cost ${count(last.direct.cost.before)} instead of ${count(last.direct.cost.after)}`, width, 2)] : []),
    ...(isFull && last ? ['', '  Without the indexes of the design:', ...treeLines(last.linesBefore, width), '', '  With them:'] : []),
    ...treeLines(last?.lines ?? [], width).map((line) => (isFull ? line : style.dim(line))),
    ...(isFull && last ? ['', '  As the server writes them, without:', ...indented(last.planBefore), '', '  and with:', ...indented(last.plan)] : []),
    ...warnings.map((warning) => style.yellow(wrap(`  ! ${warning.replaceAll('`', '')}`, width, 4))),
  ]
}

function rowsOf({ rows }: PlanAtScale): string {
  return Object.entries(rows).map(([table, amount]) => `${count(amount)} rows in ${table}`).join(', ')
}

/** Where values lead to other indexes than the generic plan. */
function sensitive({ indexes, withValues }: PlanAtScale): string {
  const other = withValues.filter((one) => one.indexes.join() !== indexes.join())
  return other.map(({ values, indexes: read, sequentialScans }) => `; for the ${values} values it reads ${[...read, ...sequentialScans.map((table) => `all of ${table}`)].join(', ')}`).join('')
}

function treeLines(lines: readonly PlanLine[], width: number): string[] {
  return lines.map((line) => wrap(`${' '.repeat(4 + 2 * line.depth)}${lineWords(line, (text) => text)}`, width, 4))
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`)
}

function formatAdvice(advice: readonly Advice[], { isFull }: { isFull: boolean }, { style, width }: Pick<Terminal, 'style' | 'width'>): string[] {
  const lines = advice.flatMap(({ id, query, says, remedy, runs, before, after, ddl }) => [
    wrap(`  ${style.bold(`${query}: ${id.replaceAll('-', ' ')}`)}, cost ${count(before.cost)}${runs > 1 ? ` for ${runs} requests` : ''} → ${count(after.cost)}`, width, 4),
    wrap(`    ${says.replaceAll('`', '')} ${remedy}.`, width, 4),
    ...(isFull ? [...ddl.map((statement) => wrap(`    ${statement};`, width, 6)), '', '  Then:', ...indented(after.plan)] : []),
  ])
  return lines.length === 0 ? [] : ['', style.bold('Advice'), ...lines]
}

function formatIndexes(plan: Plan, evidence: PlansEvidence, { style, width }: Pick<Terminal, 'style' | 'width'>): string[] {
  const kept = plan.indexes.map((index) => {
    const seen = evidence.indexes.find(({ name }) => name === index.name)
    const used = [...new Set([...(seen?.usedBy.launch ?? []), ...(seen?.usedBy.horizon ?? [])])]
    return [
      `  ${index.name}`,
      wrap(style.dim(`    ${indexTarget(index)}`), width, 2),
      wrap(`    ${bytes(seen?.bytes.launch ?? 0)} at launch, ${bytes(seen?.bytes.horizon ?? 0)} after ${plan.spec.horizon.text}; ${indexInsertCost(index, plan)}`, width, 2),
      wrap(`    ${worthWords(index, (text) => text)}`, width, 2),
      wrap(`    read by ${used.join(', ') || style.red('nothing')}`, width, 2),
    ].filter((line) => line.trim() !== '').join('\n')
  })
  const rejected = plan.rejected.map(({ index, because }) => wrap(`  ${indexTarget(index)}: ${because}`, width, 2))
  const superfluous = (plan.superfluous ?? []).map(({ index, by }) => wrap(`  drop index concurrently ${qualified(index)}; ${by} begins with its keys`, width, 4))
  return [...(kept.length > 0 ? ['', style.bold('Indexes'), ...kept] : []), ...(superfluous.length > 0 ? ['', style.bold('There, and not needed beside another'), ...superfluous] : []), ...(rejected.length > 0 ? ['', style.bold('Proposed and not missed'), ...rejected] : [])]
}
