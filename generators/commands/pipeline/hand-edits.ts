/** Files that somebody edited since they were generated: theirs until they say otherwise. */
import { unifiedDiff } from '../../repository/diff.ts'
import type { FileChange } from '../../repository/changes.ts'
import type { Lock } from '../../repository/lock.ts'
import { hashText } from '../../repository/text-file.ts'
import { createAsk } from '../../terminal/ask.ts'
import { formatDiff } from '../../terminal/report-files.ts'
import type { CommandInput } from '../command.ts'

/** What becomes of the edited files. */
export interface EditDecisions {
  /** Paths whose edits the person gave up. */
  overwrite: Set<string>
  /** Paths that stay as edited. */
  kept: Set<string>
  /** Of those kept, the ones for which something new was generated. */
  conflicts: Set<string>
}

export function noDecisions(): EditDecisions {
  return { overwrite: new Set(), kept: new Set(), conflicts: new Set() }
}

/** Decides about edited files that are not decided yet. Asks a person when there is one; keeps them otherwise. */
export async function settleEdits(input: CommandInput, changes: readonly FileChange[], lock: Lock | null, decisions: EditDecisions): Promise<void> {
  for (const change of changes) {
    const { path } = change
    if (!isEdit(change) || decisions.kept.has(path) || decisions.overwrite.has(path)) continue
    const isNews = isConflict(change, lock)
    if (isNews && (await mayOverwrite(input, change))) {
      decisions.overwrite.add(path)
      continue
    }
    decisions.kept.add(path)
    if (isNews) decisions.conflicts.add(path)
  }
}

/** True when more was generated than what the person knew when editing the file. */
export function isConflict(change: FileChange, lock: Lock | null): boolean {
  const known = lock?.files.find(({ path }) => path === change.path)?.sha256
  return isEdit(change) && (change.after === null || known !== hashText(change.after))
}

function isEdit({ change, byHand }: FileChange): boolean {
  return change === 'edited' || (change === 'orphaned' && byHand)
}

async function mayOverwrite({ terminal, options, signal }: CommandInput, change: FileChange): Promise<boolean> {
  if (!terminal.interactive || options.yes) return false
  terminal.print(`\n${formatDiff(unifiedDiff(change), terminal)}\n`)
  const what = change.after === null ? 'is no longer generated. Remove it' : 'was edited by hand, and something else is generated now. Overwrite it'
  return createAsk(signal).confirm({ message: `${change.path} ${what}?`, default: false })
}
