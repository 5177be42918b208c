/** The proofs in one line each, readable in ten seconds. */
import type { Evidence, ProofId, Verdict } from '../design/evidence.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

/** One line for each proof with its number, and below it what went wrong or stayed open. */
export function formatEvidence(evidence: Evidence, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const marks = { proved: style.green('✓'), failed: style.red('✗'), open: style.yellow('?') }
  const proofs = Object.keys(summaries) as ProofId[]
  const lines = proofs.flatMap((proof) => {
    const { status, findings }: Verdict = evidence[proof]
    const line = wrap(`  ${marks[status]} ${proof.padEnd(9)} ${summaries[proof](evidence)}`, width, 12)
    const paint = status === 'failed' ? style.red : style.yellow
    const more = findings.length > listed ? [`      … and ${number(findings.length - listed)} more; --json lists them all`] : []
    return [line, ...[...findings.slice(0, listed).map((finding) => wrap(`      ${finding}`, width, 2)), ...more].map(paint)]
  })
  return [`Proved on Postgres ${evidence.server}`, ...lines].join('\n')
}

/** One mistake shows in many places. */
const listed = 8

const summaries: Record<ProofId, (evidence: Evidence) => string> = {
  replay({ replay }) {
    const places = replay.interrupted.reduce((sum, { statements }) => sum + statements, 0)
    return `${count(replay.files.length, 'new file')} on ${count(replay.historyFiles, 'migration')}, in ${count(replay.modes.length, 'runner mode')}, twice, and cut off at ${count(places, 'place')}`
  },
  rollback({ rollback }) {
    return rollback.status === 'proved' ? `up, down, up again: ${count(rollback.compared, 'line')} of the catalog are the same` : `${count(rollback.compared, 'line')} of the catalog compared`
  },
  access({ access }) {
    const cells = access.tables.flatMap((table) => table.cells)
    const wrong = cells.filter((cell) => cell.expected !== cell.observed).length
    const settled = access.status === 'open' ? 'as the spec says, as far as they could be asked' : 'all as the spec says'
    const verdict = wrong === 0 ? settled : `${number(wrong)} not as the spec says`
    if (wrong === 0 && access.status === 'failed') return `${count(access.probes, 'request')}, ${count(access.findings.length, 'finding')}`
    return `${count(access.probes, 'request')}, ${count(cells.length, 'answer')} about who may do what: ${verdict}`
  },
  plans({ plans }) {
    const scanned = plans.queries.filter((query) => query.sequentialScans.length > 0).length
    const indexed = plans.queries.length - scanned
    if (plans.queries.length === 0) return 'no declared queries'
    return `${number(indexed)} of ${count(plans.queries.length, 'declared query', 'declared queries')} without a sequential scan, each planned as its role`
  },
  pgtap({ pgtap }) {
    return `${count(pgtap.assertions, 'assertion')} in ${pgtap.file}`
  },
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`
}

function number(amount: number): string {
  return amount.toLocaleString('en-US')
}
