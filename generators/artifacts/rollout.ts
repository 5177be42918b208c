import type { NumberedPhase, Plan } from '../design/plan.ts'
import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { bullets, code, codes, counted } from './pages/markdown.ts'
import { bootstrap } from './pages/membership-functions.ts'
import { type MigrationFacts, readMigrations } from './pages/migration-facts.ts'
import { fileName, renderPage } from './pages/page.ts'
import { gateAfter } from './pages/phase-gates.ts'
import { existingLocks, lockMeanings, phaseTable } from './pages/phase-table.ts'
import { phaseInWords } from './pages/phase-words.ts'
import { rollbackTable } from './pages/rollback-steps.ts'
import { nameOf } from '../planner/table-indexes.ts'

/** In which order it goes out, what others feel, when to go on and how to go back. */
export const rollout = defineArtifact({
  id: 'rollout',
  title: 'Phases, locks, gates and rollback',
  stage: 'document',
  render: async (input) => renderPage('rollout', 'rollout', input, rolloutView(input, await readMigrations(input))),
})

function rolloutView({ plan, phases, evidence }: DocumentInput, migrations: readonly MigrationFacts[]) {
  const concurrent = phases.filter((phase) => phase.concurrent)
  return {
    phases: phaseTable(migrations, plan),
    locks: bullets(lockMeanings(migrations, plan)),
    waits: waits(migrations, plan),
    gates: phases.map((phase, place) => ({ title: `${place + 1}. ${fileName(phase.migration)}`, ...gateAfter(phase, plan), next: nextStep(phase, phases[place + 1], plan) })),
    apps: bullets(appSteps(plan, phases)),
    backfill: backfill(plan),
    psql: phases.map((phase) => `psql "$DATABASE_URL" -v ON_ERROR_STOP=1 ${phase.concurrent ? '' : '--single-transaction '}-f ${phase.migration}`).join('\n'),
    versions: phases.map((phase) => phase.version).join(' '),
    concurrent: bullets(concurrent.map((phase) => `${code(phase.migration)}: ${phaseInWords(phase, plan)}`)),
    invalid: concurrent.map((phase) => `drop index concurrently if exists ${indexOf(phase, plan)};`).join('\n'),
    rollback: rollbackTable(phases, plan),
    rollbackProof: rollbackProof(evidence),
    rollbackPsql: phases.toReversed().map((phase) => `psql "$DATABASE_URL" -v ON_ERROR_STOP=1 ${phase.concurrent ? '' : '--single-transaction '}-f ${phase.rollback}`).join('\n'),
  }
}

/** Whether anybody can feel the rollout at all. */
function waits(migrations: readonly MigrationFacts[], plan: Plan): string {
  const locked = migrations.filter((migration) => existingLocks(migration, plan).length > 0)
  if (locked.length === 0) return 'No phase locks a table that others use.'
  const unbounded = locked.filter((migration) => migration.lockTimeout === null && !migration.phase.concurrent)
  if (unbounded.length > 0) return `**No lock_timeout in ${codes(unbounded.map(({ phase }) => phase.migration))}**: a long transaction on the other side makes everybody behind it wait.`
  return 'While a lock is waited for, everybody behind it waits as well. `lock_timeout` ends that: the file fails without effect and is run again at a quieter moment.'
}

function nextStep(phase: NumberedPhase, next: NumberedPhase | undefined, plan: Plan): string {
  if (phase.id === 'rls') return next ? 'Then go on. The application may be deployed from here; its queries are slow on many rows until the indexes are there.' : 'Then deploy the application.'
  if (phase.id === 'storage') return next ? 'Then go on. Uploads may be deployed from here.' : 'Then deploy what uploads.'
  if (phase.id === 'views') return next ? 'Then go on. What reads the views may be deployed from here.' : 'Then deploy what reads the views.'
  if (next) return phase.id === 'tables' ? 'Then go on. Clients cannot reach the tables yet.' : 'Then go on.'
  return plan.tables.length > 0 ? 'Then the database is ready.' : 'Then it is done.'
}

function appSteps(plan: Plan, phases: readonly NumberedPhase[]): string[] {
  const exposed = [...new Set(plan.newSchemas)].filter((schema) => plan.tables.some((planned) => planned.table.schema === schema && planned.grants.length > 0))
  const last = fileName(phases.at(-1)?.migration ?? '')
  return [
    `First the database, up to ${code(last)}; then the application that uses it. What runs today does not know the new tables and needs no change.`,
    ...exposed.map((schema) => `Schema ${code(schema)} is new: add it to the exposed schemas of the API before the application asks for it.`),
    ...bootstrap(plan),
    ...plan.spec.files.filter((file) => file.objects === null).map((file) => `Bucket ${code(file.bucket)} has to exist before the application takes uploads.`),
    'To go back: first the application, then the rollbacks.',
  ]
}

function backfill({ tables, tenantKeys }: Plan): string {
  const created = tables.length > 0 ? `None: ${codes(tables.map((planned) => nameOf(planned.table)))} ${tables.length === 1 ? 'is' : 'are'} new and begin${tables.length === 1 ? 's' : ''} empty` : 'None'
  return `${created}${tenantKeys.length > 0 ? `; ${codes(tenantKeys.map((key) => nameOf(key.table)))} ${tenantKeys.length === 1 ? 'gets its key' : 'get their keys'} without a change of a row` : ', and no existing row changes'}.`
}

function indexOf(phase: NumberedPhase, plan: Plan): string {
  const [, object = ''] = phase.id.split(/:(.*)/s)
  const key = plan.tenantKeys.find((candidate) => `${candidate.table.schema}.${candidate.table.name}` === object)
  if (key) return nameOf({ schema: key.table.schema, name: key.name })
  const index = plan.indexes.find((candidate) => candidate.name === object)
  return nameOf({ schema: index?.table.schema ?? plan.spec.schema, name: object })
}

function rollbackProof({ server, rollback }: DocumentInput['evidence']): string {
  if (rollback.status === 'proved') return `Proved on Postgres ${server}: going back leaves the catalog as it was (${counted(rollback.compared, 'line')} compared), and going forward again gives the same as the first time.`
  return `**Not proved**: ${rollback.findings.join(' ') || 'going back was not settled.'}`
}
