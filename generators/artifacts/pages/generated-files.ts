/** Every file of the design with one line each. */
import type { DocumentInput } from '../define-artifact.ts'
import { code, table } from './markdown.ts'
import { fileLink, fileName, lockPath, pageLink, pages } from './page.ts'
import { phaseInWords } from './phase-words.ts'

export function generatedFiles(input: DocumentInput): string {
  const { phases, sql, specPath, plan } = input
  const tests = sql.filter((file) => file.kind === 'test')
  return table(
    ['file', 'what'],
    [
      [fileLink(specPath), 'the design spec: what people said'],
      [fileLink(lockPath(specPath)), 'numbers and hashes of the generated files'],
      ...phases.map((phase) => [fileLink(phase.migration), phaseInWords(phase, plan)]),
      ...phases.map((phase) => [fileLink(phase.rollback), `undoes ${code(fileName(phase.migration))}`]),
      ...tests.map((file) => [fileLink(file.path), 'pgTAP for `supabase test db`']),
      ...pages.map((page) => [pageLink(page.name), page.about]),
    ],
  )
}
