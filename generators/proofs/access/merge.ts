/** Judgements of many requests as one matrix: a cell for each identity, verb and row, and a sentence for each disagreement. */
import type { AccessCell, AccessTableEvidence } from '../../design/evidence.ts'
import type { RowFacts } from '../../design/access.ts'
import type { Verb } from '../../design/spec.ts'
import { type Identity, witness } from './identity.ts'
import { type Judgement, type Probe, wholeTable } from './probe.ts'
import type { Subject } from './subject.ts'

export interface Answer {
  probe: Probe
  judgements: Judgement[]
}

export interface Matrix {
  evidence: AccessTableEvidence
  /** Every request was sent, or all that notice access which is too wide. */
  isFull: boolean
  findings: string[]
}

type Allows = (verb: Verb, identity: Identity, facts: RowFacts) => boolean

export function mergeAnswers(subject: Subject, answers: readonly Answer[], allows: Allows, { isFull }: { isFull: boolean }): Matrix {
  const { table, label, world } = subject
  const facts = factsById(subject)
  const cells = new Map<string, AccessCell & { through: boolean }>()
  const asked = new Map<string, string>()
  /** Sentence → with its first request. */
  const told = new Map<string, string>()
  for (const { probe, judgements } of answers) {
    const { identity, verb, shape } = probe
    const request = witness(identity, probe.sql, probe.setup)
    const news: Judgement[] = []
    for (const judgement of judgements) {
      const { row, expected, observed, complaint } = judgement
      const key = JSON.stringify([identity.id, verb, row.id])
      asked.set(row.id, row.title)
      const known = facts(identity, row.id)
      const cell = cells.get(key) ?? { identity: identity.id, verb, row: row.id, expected: word(known === undefined ? expected : allows(verb, identity, known)), observed: 'denied', shapes: [], witness: null, through: false }
      cells.set(key, cell)
      if (!cell.shapes.includes(shape)) cell.shapes.push(shape)
      cell.through ||= observed
      if (expected === observed && complaint === undefined) continue
      // What a cell's first request showed is not told again for every other shape.
      if (cell.witness === null || complaint !== undefined) news.push(judgement)
      cell.witness ??= request
    }
    for (const sentence of sentences(subject, probe, news)) if (!told.has(sentence)) told.set(sentence, `${sentence}; request: ${request}`)
  }
  return {
    isFull,
    evidence: {
      schema: table.schema,
      table: label ?? table.name,
      ...(subject.of ? { of: subject.of } : {}),
      identities: world.identities.map(({ id, title }) => ({ id, title })),
      rows: rowsOf(subject, cells, asked),
      cells: [...cells.values()].map(({ through, ...cell }) => ({ ...cell, observed: observedOf(cell, through) })),
    },
    findings: [...told.values()],
  }
}

/** A shape that disagreed decides what a cell shows, also where other shapes agreed. */
function observedOf(cell: AccessCell, through: boolean): AccessCell['observed'] {
  return cell.witness === null ? cell.expected : word(through)
}

/** One for what the caller could do beyond the spec, one for what they could not, and every complaint. */
function sentences({ table, label }: Subject, { identity, verb, shape }: Probe, judgements: readonly Judgement[]): string[] {
  const complaints = judgements.flatMap(({ complaint }) => complaint ?? [])
  const rest = judgements.filter(({ complaint }) => complaint === undefined)
  const told = [true, false].flatMap((observed) => {
    const rows = rest.filter((judgement) => judgement.observed === observed).map(({ row }) => row.title)
    if (rows.length === 0) return []
    return [`${identity.title} ${observed ? 'can' : 'cannot'} ${verb} in ${label ?? `${table.schema}.${table.name}`} (${shape}), which the spec ${observed ? 'does not allow' : 'allows'}: ${rows.join(', ')}`]
  })
  return [...new Set([...complaints, ...told])]
}

function rowsOf(subject: Subject, cells: Map<string, AccessCell>, asked: ReadonlyMap<string, string>): AccessTableEvidence['rows'] {
  const used = new Set([...cells.values()].map(({ row }) => row))
  const drafts = [...subject.drafts.values()].flat()
  const all = [...subject.rows, ...drafts, wholeTable].map(({ id, title }) => [id, title] as const)
  return [...new Map([...all, ...[...asked].filter(([id]) => !all.some(([known]) => known === id))])].filter(([id]) => used.has(id)).map(([id, title]) => ({ id, title }))
}

function factsById(subject: Subject): (identity: Identity, row: string) => RowFacts | undefined {
  const rows = new Map(subject.rows.map(({ id, facts }) => [id, facts]))
  const drafts = new Map([...subject.drafts].map(([identity, list]) => [identity, new Map(list.map(({ id, facts }) => [id, facts]))]))
  return (identity, row) => rows.get(row) ?? drafts.get(identity)?.get(row)
}

function word(allowed: boolean): 'allowed' | 'denied' {
  return allowed ? 'allowed' : 'denied'
}
