/** The sample repository and what is generated for its designs. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderSql, renderTests } from '../../generators/artifacts/index.ts'
import { habitsOf } from '../../generators/design/habits.ts'
import type { Plan } from '../../generators/design/plan.ts'
import { readSpec } from '../../generators/design/read-spec.ts'
import type { GeneratedSql, SqlFile } from '../../generators/design/sql-file.ts'
import { phasesOf } from '../../generators/planner/phases.ts'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { chooseForDesign } from '../../generators/postgres/scale/choose-design.ts'
import type { ReplayedServer } from '../../generators/postgres/server.ts'
import { numberPhases } from '../../generators/repository/numbering.ts'
import { readRepository } from '../../generators/repository/read.ts'

const examples = join(import.meta.dirname, '../../references/examples')

export const trr = await readRepository(join(examples, 'trr'))

/** Spec → plan → SQL, for a design of `references/examples/designs`. `chosen`: with the indexes that the planner of the server is best served with, else with those that the rules want. */
export async function generate(server: ReplayedServer, design: string, { chosen = false } = {}): Promise<{ plan: Plan; sql: GeneratedSql }> {
  const file = join(examples, 'designs', `${design}.yaml`)
  const text = await readFile(file, 'utf8')
  const { catalog } = server
  const proposed = planDesign(await readSpec({ text, file }, { catalog, habits: habitsOf(catalog, { apiSchemas: trr.config.apiSchemas }) }), catalog)
  if (!chosen) return expand(proposed, { server, design, text })
  const bare = await expand({ ...proposed, indexes: [] }, { server, design, text })
  return expand(await chooseForDesign(server, proposed, bare.sql.migrations), { server, design, text })
}

async function expand(plan: Plan, { server: { catalog }, design, text }: { server: ReplayedServer; design: string; text: string }): Promise<{ plan: Plan; sql: GeneratedSql }> {
  const phases = numberPhases(trr, phasesOf(plan), null, new Date(0))
  const input = { plan, phases, catalog, specPath: `supabase/designs/${design}.yaml`, specText: text }
  const files = [...(await renderSql(input)), ...(await renderTests({ ...input, scenario: null }))]
  const find = (path: string | undefined): SqlFile => ({ path: path ?? '', sql: files.find((candidate) => candidate.path === path)?.text ?? '' })
  return {
    plan,
    sql: {
      migrations: phases.map(({ migration }) => find(migration)),
      rollbacks: phases.map(({ rollback }) => find(rollback)),
      test: find(files.find(({ kind }) => kind === 'test')?.path),
    },
  }
}
