import type { IndexPlan, NumberedPhase } from '../design/plan.ts'
import { indexPhase, newTableIndexes } from '../planner/phases.ts'
import { renderTemplate } from '../render/template.ts'
import { ident } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { type ArtifactInput, defineArtifact } from './define-artifact.ts'
import { indexTarget } from '../planner/index-target.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'
import type { PlannedFile } from '../design/planned-file.ts'

/** Indexes of new tables in one file; those of existing tables concurrently, each alone, and a check that all are valid. */
export const indexes = defineArtifact({
  id: 'indexes',
  title: 'Indexes',
  stage: 'sql',
  render: async (input) => {
    const fresh = newTableIndexes(input.plan)
    const concurrent = input.plan.indexes.filter((index) => index.concurrently)
    return [
      ...(fresh.length > 0 ? await indexFile(input, phaseOf(input, 'indexes'), fresh) : []),
      ...(await Promise.all(concurrent.map((index) => concurrentFile(phaseOf(input, indexPhase(index)), index)))).flat(),
      ...(concurrent.length > 0 ? await validFile(input, phaseOf(input, 'indexes-valid'), concurrent) : []),
    ]
  },
})

async function indexFile(input: ArtifactInput, phase: NumberedPhase, list: IndexPlan[]): Promise<PlannedFile[]> {
  const view = { indexes: list.map(indexView) }
  return [
    { path: phase.migration, kind: 'migration', text: await renderTemplate('indexes/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'indexes. The tables are new, so nothing waits for the builds') }) },
    { path: phase.rollback, kind: 'rollback', text: await renderTemplate('indexes/rollback.sql.ejs', { ...view, migration: phase.migration }) },
  ]
}

/** The directive must be the first line, byte for byte; then exactly one statement. Knowledge: how Supabase runs a file. */
async function concurrentFile(phase: NumberedPhase, index: IndexPlan): Promise<PlannedFile[]> {
  const view = indexView(index)
  return [
    { path: phase.migration, kind: 'migration', text: await renderTemplate('indexes/concurrent.sql.ejs', view) },
    { path: phase.rollback, kind: 'rollback', text: await renderTemplate('indexes/concurrent-rollback.sql.ejs', view) },
  ]
}

async function validFile(input: ArtifactInput, phase: NumberedPhase, list: IndexPlan[]): Promise<PlannedFile[]> {
  const view = { wanted: list.map((index) => `(${literal(index.table.schema)}, ${literal(index.name)})`).join(', ') }
  return [
    { path: phase.migration, kind: 'migration', text: await renderTemplate('indexes/valid.sql.ejs', { ...view, head: sqlHead(input, phase, 'stops when a concurrent build was left invalid') }) },
    { path: phase.rollback, kind: 'rollback', text: await renderTemplate('indexes/valid-rollback.sql.ejs', { migration: phase.migration }) },
  ]
}

function indexView(index: IndexPlan) {
  return {
    name: ident(index.name),
    qualifiedName: `${ident(index.table.schema)}.${ident(index.name)}`,
    target: indexTarget(index),
    says: [...new Set(index.reasons.map((reason) => reason.says))].join('; '),
  }
}
