import type { Plan } from '../design/plan.ts'
import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { columnsTable } from './pages/columns-table.ts'
import { decisionsTable, plannedChoices } from './pages/design-choices.ts'
import { entityDiagram, neighboursOf } from './pages/erd.ts'
import { filesSection } from './pages/files-section.ts'
import { generatedFiles } from './pages/generated-files.ts'
import { checksTable, foreignKeysTable, keysTable, triggersTable } from './pages/keys-table.ts'
import { bullets, code, fence, table as markdownTable, prose } from './pages/markdown.ts'
import { bootstrap, functionList, guardRule } from './pages/membership-functions.ts'
import { fileLink, pages, renderPage } from './pages/page.ts'
import { privacySection } from './pages/privacy-section.ts'
import { proofTable } from './pages/proof-table.ts'
import { ruleInWords } from './pages/rule-words.ts'
import { scaleTable } from './pages/scale-table.ts'
import { viewInWords } from './pages/views-section.ts'
import { nameOf } from '../planner/table-indexes.ts'
import { verbs } from '../design/spec.ts'
import { loadParser } from '../sql/parser.ts'

/** The page that a reviewer reads first: what there is, and why it is so. */
export const overview = defineArtifact({
  id: 'overview',
  title: 'Table list with ERD and decisions',
  stage: 'document',
  render: async (input) => {
    await loadParser()
    return renderPage('overview', 'README', input, overviewView(input))
  },
})

function overviewView(input: DocumentInput) {
  const { plan, catalog, specPath } = input
  return {
    story: story(plan.spec.story),
    spec: fileLink(specPath),
    proofs: proofTable(input),
    links: pages.filter((page) => page.name !== 'README').map((page) => `[${page.title}](${page.name}.md)`).join(' · '),
    diagram: fence('mermaid', entityDiagram(plan, catalog)),
    hasNeighbours: neighboursOf(plan).length > 0,
    tables: plan.tables.map((table) => tableView(table, plan)),
    views: plan.views.map((planned) => ({ name: nameOf(planned.view), about: prose(planned.view.about), says: viewInWords(planned), columns: viewColumns(planned.view) })),
    memberships: { list: functionList(plan), bootstrap: bootstrap(plan).join(' '), guard: guardRule(plan).join(' ') },
    decisions: decisionsTable(plan),
    choices: bullets(plannedChoices(plan)),
    notes: bullets(plan.notes.filter((note) => !isToldElsewhere(note)).map(prose)),
    scale: scaleTable(plan, input.catalog),
    horizon: plan.spec.horizon.text,
    assumedScale: plan.tables.filter((table) => !table.table.scale.declared).map((table) => code(nameOf(table.table))).join(', '),
    privacy: privacySection(plan),
    files: filesSection(plan),
    generated: generatedFiles(input),
  }
}

function viewColumns({ columns }: Plan['views'][number]['view']): string {
  return markdownTable(['column', 'type', 'is'], columns.map(({ name, type, source }) => [code(name), type === null ? '' : code(type), source === null ? 'computed' : code(`${nameOf(source.table)}.${source.column}`)]))
}

/** Erasure and retention have a section of their own. */
function isToldElsewhere(note: string): boolean {
  return /^(Retention|Erasure) /.test(note)
}

function story(parts: readonly string[]): string {
  return parts.length === 1 ? prose(parts[0] ?? '') : bullets(parts.map(prose))
}

function tableView(planned: Plan['tables'][number], plan: Plan) {
  return {
    name: nameOf(planned.table),
    about: prose(planned.table.about),
    columns: columnsTable(planned, plan),
    keys: keysTable(planned, plan),
    foreignKeys: foreignKeysTable(planned),
    checks: checksTable(planned),
    triggers: triggersTable(planned, plan),
    access: verbs.map((verb) => `${verb}: ${ruleInWords(planned.table, plan.spec.tenancy, verb)}`).join(' · '),
  }
}
