/** The observed matrix as people read it: who × verb, and for which rows. */
import type { AccessCell, AccessTableEvidence } from '../../design/evidence.ts'
import { verbs } from '../../design/spec.ts'
import { code, listed, prose, table } from './markdown.ts'

export interface MatrixView {
  table: string
  /** Sentences that the marks refer to, in order. */
  footnotes: string[]
}

const passes = '✓'
const refused = '–'
const disagrees = '✗'
const wholeTable = 'table'

export function matrixView(evidence: AccessTableEvidence): MatrixView {
  const footnotes: string[] = []
  const mark = (sign: string, sentence: string) => {
    if (!footnotes.includes(sentence)) footnotes.push(sentence)
    return `${sign} <sup>${footnotes.indexOf(sentence) + 1}</sup>`
  }
  const rows = evidence.identities.map(({ id, title }) => [
    prose(title),
    ...verbs.map((verb) => cellOf(evidence.cells.filter((cell) => cell.identity === id && cell.verb === verb), evidence, mark)),
  ])
  return { table: table(['who', ...verbs], rows), footnotes }
}

function cellOf(cells: readonly AccessCell[], evidence: AccessTableEvidence, mark: (sign: string, sentence: string) => string): string {
  const wrong = cells.filter((cell) => cell.expected !== cell.observed)
  if (wrong.length > 0) return mark(disagrees, `Not as the spec says: ${listed(wrong.map((cell) => disagreement(cell, evidence)))}.`)
  // Requests to the table as a whole (`truncate`, a protected column) are no rows; they are in the checklist.
  const rows = cells.filter((cell) => cell.row !== wholeTable)
  const allowed = rows.filter((cell) => cell.observed === 'allowed')
  if (rows.length === 0) return ''
  if (allowed.length === 0) return refused
  return allowed.length === rows.length ? passes : mark(passes, someRows(allowed, rows, evidence))
}

/** What passes or what does not, whichever is said in fewer words. */
function someRows(allowed: readonly AccessCell[], all: readonly AccessCell[], evidence: AccessTableEvidence): string {
  const denied = all.filter((cell) => !allowed.includes(cell))
  const titles = (cells: readonly AccessCell[]) => cells.map((cell) => (cell.row === `of:${cell.identity}` ? 'their own row' : rowTitle(cell, evidence))).join('; ')
  return allowed.length <= denied.length ? `Only: ${titles(allowed)}.` : `All but: ${titles(denied)}.`
}

function disagreement(cell: AccessCell, evidence: AccessTableEvidence): string {
  const request = cell.witness === null ? '' : ` (${code(cell.witness)})`
  return `${cell.verb} of ${rowTitle(cell, evidence)} was ${cell.observed}${request}`
}

function rowTitle(cell: AccessCell, evidence: AccessTableEvidence): string {
  return prose(evidence.rows.find((row) => row.id === cell.row)?.title ?? cell.row)
}
