/** Each proof with its numbers, from the evidence. */
import type { Evidence, ProofId } from '../../design/evidence.ts'
import type { DocumentInput } from '../define-artifact.ts'
import { counted, listed, table } from './markdown.ts'

export const proofTitles: Record<ProofId, string> = {
  replay: 'Replay',
  rollback: 'Rollback',
  access: 'Access matrix',
  plans: 'Query plans',
  pgtap: 'pgTAP',
}

export const proofIds = Object.keys(proofTitles) as ProofId[]

const words: Record<ProofId, (evidence: Evidence) => string> = {
  replay: ({ replay }) =>
    [
      `${counted(replay.files.length, 'file')} on ${counted(replay.historyFiles, 'migration')} of the repository`,
      ...(replay.modes.length > 0 ? [`applied as ${listed(replay.modes.map(({ mode, outcome }) => `${mode}${outcome === 'failed' ? ' (failed)' : ''}`))}`] : []),
      ...(replay.again.length > 0 ? [`a second time: ${listed(tally(replay.again.map(({ outcome }) => outcome)))}`] : []),
      ...(replay.interrupted.length > 0 ? [`cut off at ${counted(replay.interrupted.reduce((sum, { statements }) => sum + statements, 0), 'statement')} and run again: ${listed(tally(replay.interrupted.map(({ outcome }) => outcome)))}`] : []),
    ].join('; '),
  rollback: ({ rollback }) =>
    `${counted(rollback.compared, 'line')} of the catalog compared; down ${rollback.downRestores ? 'restores' : 'does not restore'} it, up again ${rollback.upAgainEquals ? 'equals' : 'differs from'} the first time`,
  access: ({ access }) => {
    const cells = access.tables.flatMap((one) => one.cells)
    const wrong = cells.filter((cell) => cell.expected !== cell.observed).length
    return `${counted(access.probes, 'request')}, ${counted(cells.length, 'case')} of identity × verb × row: ${wrong === 0 ? 'all as the spec says' : `${wrong} not as the spec says`}`
  },
  plans: ({ plans }) => {
    const scanned = plans.queries.filter((query) => query.sequentialScans.length > 0).length
    if (plans.queries.length === 0) return 'no declared query'
    return `${counted(plans.queries.length, 'declared query', 'declared queries')}, each as its role: ${scanned === 0 ? 'no sequential scan' : `${scanned} with a sequential scan`}`
  },
  pgtap: ({ pgtap }) => `${counted(pgtap.assertions, 'assertion')}`,
}

export function proofTable({ evidence }: DocumentInput): string {
  return table(
    [`on Postgres ${evidence.server}`, 'state', 'seen'],
    proofIds.map((id) => [proofTitles[id], stateOf(evidence[id].status), words[id](evidence)]),
  )
}

function stateOf(status: 'proved' | 'failed' | 'open'): string {
  return status === 'failed' ? '**failed**' : status
}

/** `same catalog for 3 files and refused without effect for 1 file`. */
function tally(outcomes: readonly string[]): string[] {
  return [...new Set(outcomes)].map((outcome) => `${outcome} for ${counted(outcomes.filter((one) => one === outcome).length, 'file')}`)
}
