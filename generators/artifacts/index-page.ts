import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { adviceViews } from './pages/advice-section.ts'
import { tableArray } from './pages/data-checks.ts'
import { indexTarget } from '../planner/index-target.ts'
import { foreignKeyIndexes, indexesTable, writeCost } from './pages/index-tables.ts'
import { bullets, code, codes, fence, prose } from './pages/markdown.ts'
import { type MigrationFacts, indexDefinition, readMigrations } from './pages/migration-facts.ts'
import { renderPage } from './pages/page.ts'
import { qualified } from '../sql/identifier.ts'
import { figuresSentence, measuredSentence, settingsSentence, worthWords } from './pages/scale-words.ts'
import { queryView } from './pages/query-view.ts'
import { nameOf, sameTable, tableIndexes } from '../planner/table-indexes.ts'

/** Queries with their plans, indexes with their reasons, and how to look after them. */
export const indexPage = defineArtifact({
  id: 'index-page',
  title: 'Queries, plans and indexes',
  stage: 'document',
  render: async (input) => renderPage('index-page', 'indexes', input, indexView(input, await readMigrations(input))),
})

function indexView(input: DocumentInput, migrations: readonly MigrationFacts[]) {
  const { plan, evidence } = input
  const existing = plan.indexes.filter((index) => !plan.tables.some((table) => sameTable(table.table, index.table)))
  return {
    server: evidence.server,
    findings: bullets(evidence.plans.findings.map(prose)),
    queries: plan.queries.map((query) => queryView(query, evidence.plans.queries.find((one) => one.name === query.query.name), plan.spec.horizon)),
    advice: adviceViews(evidence.plans.advice),
    rejected: bullets(plan.rejected.map(({ index, because }) => `${code(indexTarget(index))}: ${prose(because)}.`)),
    assumptions: bullets(evidence.plans.assumptions.map(({ table, columns, says }) => `${code(table)}${columns.length > 0 ? ` ${codes(columns)}` : ''}: ${prose(says)}.`)),
    measured: measuredSentence(),
    settings: settingsSentence(),
    figures: figuresSentence(plan),
    horizon: plan.spec.horizon.text,
    tables: plan.tables.map((planned) => ({
      name: nameOf(planned.table),
      indexes: indexesTable(planned, input),
      definitions: definitions(tableIndexes(plan, planned).map((index) => index.name), migrations),
    })),
    existing: bullets(existing.map((index) => `${code(index.name)} on ${code(nameOf(index.table))}, built concurrently: ${prose([...new Set(index.reasons.map((reason) => reason.says))].join('; '))}${index.worth ? `; ${worthWords(index, code)}` : ''}.`)),
    existingDefinitions: definitions(existing.map((index) => index.name), migrations),
    superfluous: bullets((plan.superfluous ?? []).map(({ index, by, isNew }) => `${code(qualified(index))}: ${isNew ? 'the new' : ''} ${code(by)} begins with its keys and holds its rows.`.replaceAll(/ {2,}/g, ' '))),
    drops: (plan.superfluous ?? []).length > 0 ? fence('sql definition', (plan.superfluous ?? []).map(({ index }) => `drop index concurrently ${qualified(index)};`).join('\n')) : '',
    foreignKeys: foreignKeyIndexes(plan),
    writes: bullets(plan.tables.flatMap((planned) => writeCost(planned, plan))),
    tableArray: tableArray(plan),
    reindexed: nameOf({ schema: plan.tables[0]?.table.schema ?? '', name: plan.indexes[0]?.name ?? plan.tables[0]?.primaryKey.name ?? '' }),
  }
}

/** As the files hold them; indexes that a constraint makes have no statement of their own. */
function definitions(names: readonly string[], migrations: readonly MigrationFacts[]): string {
  const found = names.map((name) => indexDefinition(migrations, name)).filter((definition) => definition !== null)
  return found.length === 0 ? '' : fence('sql definition', found.join('\n\n'))
}
