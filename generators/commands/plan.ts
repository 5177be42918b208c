/** `plan <spec>`: every query's plan before and after at scale, and what each index costs. Writes nothing. */
import type { PlansEvidence } from '../design/evidence.ts'
import type { Plan } from '../design/plan.ts'
import { nearest } from '../design/nearest.ts'
import { TrrError } from '../errors.ts'
import { provePlans } from '../proofs/plans.ts'
import { readLock } from '../repository/lock.ts'
import { readRepository } from '../repository/read.ts'
import { formatPlans } from '../terminal/report-plans.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { locateSpec } from './pipeline/locate-spec.ts'
import { openHistory } from './pipeline/open-history.ts'
import { planMigrations } from './pipeline/plan-migrations.ts'
import { withStatistics } from './pipeline/with-statistics.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { terminal, options } = input
  if (options.workload !== null || options.schema !== null) return (await import('./workload/plan-workload.ts')).planWorkload(input)
  if (options.calibrate) return (await import('./calibration/calibrate.ts')).calibrate(input)
  if (input.arguments[0] === undefined) throw new TrrError({ code: 'USAGE', message: 'Neither a design nor a workload is named.', remedy: 'Write: trr-db plan <spec>, or trr-db plan --workload file.sql --schema schema.sql' })
  const repository = await readRepository(input.cwd)
  const source = await locateSpec(input.arguments[0] ?? '', repository, input.cwd)
  const lock = await readLock(repository.root, source.design)
  await using opened = await terminal.step('Opening a Postgres with the history', (progress) => openHistory(input, { repository, lock, progress }))
  const { server, statistics } = await withStatistics(opened, input)
  const { input: { plan }, migrations } = await terminal.step('Planning', () => planMigrations({ source, repository, server, lock, now: input.now }))
  if (options.query !== null) requireQuery(plan, options.query)
  const evidence = await terminal.step('Planning at scale', () => provePlans({ server, plan, sql: { migrations }, signal: input.signal }))
  terminal.print(formatPlans(plan, evidence, { server: server.version, query: options.query }, terminal))
  return { exitCode: evidence.status === 'failed' ? 1 : 0, document: { design: source.design, spec: source.specPath, server: server.version, statistics, ...documentOf(plan, evidence, options.query) } }
}

function requireQuery({ queries, spec }: Plan, wanted: string): void {
  const names = queries.map(({ query }) => query.name)
  if (names.includes(wanted)) return
  const near = nearest(wanted, names)
  throw new TrrError({
    code: 'USAGE',
    message: `${spec.design} has no query "${wanted}".`,
    remedy: near ? `Did you mean "${near}"?` : names.length > 0 ? `Its queries: ${names.join(', ')}.` : 'It declares no queries.',
  })
}

function documentOf(plan: Plan, evidence: PlansEvidence, only: string | null): Record<string, unknown> {
  const isWanted = ({ name }: { name: string }) => only === null || name === only
  return {
    status: evidence.status,
    findings: evidence.findings,
    queries: evidence.queries.filter(isWanted).map((query) => {
      const planned = plan.queries.find((one) => one.query.name === query.name)
      return { ...query, index: planned?.index ?? null, warnings: planned?.warnings ?? [] }
    }),
    indexes: evidence.indexes,
    advice: (evidence.advice ?? []).filter(({ query }) => isWanted({ name: query })),
    rejected: plan.rejected.map(({ index, because }) => ({ name: index.name, table: `${index.table.schema}.${index.table.name}`, because })),
    assumptions: evidence.assumptions,
  }
}
