/** The observed matrix as people read it: who × verb, and for which rows. */
import type { AccessCell, AccessTableEvidence } from '../../design/evidence.ts'
import { type Verb, verbs } from '../../design/spec.ts'
import { code, listed, prose, table } from './markdown.ts'

export interface MatrixView {
  table: string
  /** Sentences that the marks refer to, in order. */
  footnotes: string[]
}

const passes = '✓'
const refused = '–'
const disagrees = '✗'

export function matrixView(evidence: AccessTableEvidence): MatrixView {
  const footnotes: string[] = []
  const mark = (sign: string, sentence: string) => {
    if (!footnotes.includes(sentence)) footnotes.push(sentence)
    return `${sign} <sup>${footnotes.indexOf(sentence) + 1}</sup>`
  }
  const rows = evidence.identities.map(({ id, title }) => [
    prose(title),
    ...verbs.map((verb) => cellOf(evidence.cells.filter((cell) => cell.identity === id && cell.verb === verb), evidence, mark, verb)),
  ])
  return { table: table(['who', ...verbs], rows), footnotes }
}

function cellOf(cells: readonly AccessCell[], evidence: AccessTableEvidence, mark: (sign: string, sentence: string) => string, verb: Verb): string {
  const wrong = cells.filter((cell) => cell.expected !== cell.observed)
  if (wrong.length > 0) return mark(disagrees, `Not as the spec says: ${listed(wrong.map((cell) => disagreement(cell, evidence)))}.`)
  const allowed = cells.filter((cell) => cell.observed === 'allowed')
  if (cells.length === 0) return ''
  if (allowed.length === 0) return refused
  if (allowed.length === cells.length) return passes
  const verbOnRows = verb === 'insert' ? 'New rows only' : 'Only'
  return mark(passes, `${verbOnRows}: ${listed(allowed.map((cell) => rowTitle(cell, evidence)))}.`)
}

function disagreement(cell: AccessCell, evidence: AccessTableEvidence): string {
  const request = cell.witness === null ? '' : ` (${code(cell.witness)})`
  return `${cell.verb} of ${rowTitle(cell, evidence)} was ${cell.observed}${request}`
}

function rowTitle(cell: AccessCell, evidence: AccessTableEvidence): string {
  return prose(evidence.rows.find((row) => row.id === cell.row)?.title ?? cell.row)
}
