/** Shows what an expansion would change, asks, and writes all of it or nothing. */
import { schemaDocsFolder } from '../../artifacts/schema-docs/folder.ts'
import type { Issue } from '../../errors.ts'
import type { FileChange } from '../../repository/changes.ts'
import { unifiedDiff } from '../../repository/diff.ts'
import { writeFiles } from '../../repository/write.ts'
import { createAsk } from '../../terminal/ask.ts'
import { formatEvidence } from '../../terminal/report-evidence.ts'
import { formatDiff, formatFiles } from '../../terminal/report-files.ts'
import type { FileLine } from '../../terminal/report-files.ts'
import { formatSummary } from '../../terminal/report-summary.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'
import type { Expansion } from './expand-design.ts'

interface ApplyOptions {
  /** `always`: show the differences first. `never`: the list of files is enough. */
  diff: 'always' | 'never'
  /** Ask before writing, when a person is there. */
  confirm: boolean
  /** The repository's root, for the files. */
  root: string
}

/** Exit code 1 when a proof failed, or when a hand-edited file stood in the way of something new. */
export async function applyExpansion(input: CommandInput, expansion: Expansion, { diff, confirm, root }: ApplyOptions): Promise<CommandOutcome> {
  const { terminal, options, signal } = input
  const { evidence, changes, decisions, green } = expansion
  const files = changes.map((change) => fileLine(change, decisions.overwrite))
  const outcome = (result: string, issues: Issue[]): CommandOutcome => ({
    exitCode: issues.length > 0 ? 1 : 0,
    document: { result, design: expansion.design, spec: expansion.specPath, files, evidence, notes: expansion.notes, issues },
  })

  for (const note of expansion.notes) terminal.note(terminal.style.dim(`note: ${note}`))
  terminal.print(`\n${formatEvidence(evidence, terminal)}\n`)
  const failures = findings(expansion)
  if (!green && !options.writeAnyway) {
    terminal.print('Nothing was written, because a proof failed. --write-anyway writes and leaves the review open.')
    return outcome('failed', failures)
  }
  const moving = changes.filter(({ path, change }) => change !== 'same' && !decisions.kept.has(path))
  if (diff === 'always') for (const change of moving.filter(({ change }) => change !== 'create')) terminal.print(`${formatDiff(unifiedDiff(change), terminal)}\n`)
  if (files.some(({ action }) => action !== 'same')) terminal.print(`${formatFiles(files, terminal)}\n`)
  const issues = [...failures, ...conflicts(expansion)]
  if (moving.length === 0) {
    terminal.print(`Nothing to write: ${expansion.design} is already as its spec says.`)
    return outcome('unchanged', issues)
  }
  if (confirm && terminal.interactive && !options.yes && !(await mayWrite(input, moving))) {
    terminal.print('Nothing was written.')
    return outcome('declined', issues)
  }
  const remove = new Set(moving.filter(({ change }) => change === 'orphaned').map(({ path }) => path))
  await writeFiles(root, changes, { overwrite: decisions.overwrite, remove, signal })
  const review = changes.find(({ path }) => path === `docs/db/${expansion.design}/review.md`)?.after ?? ''
  terminal.print(formatSummary({ design: expansion.design, specPath: expansion.specPath, files, evidence, review }, terminal))
  return outcome('written', issues)
}

async function mayWrite({ terminal, signal }: CommandInput, moving: readonly FileChange[]): Promise<boolean> {
  const ask = createAsk(signal)
  for (;;) {
    const answer = await ask.select({
      message: `Write ${counted(moving.length)}?`,
      choices: [
        { value: 'yes', name: 'Yes' },
        { value: 'show', name: 'Show me one of them first' },
        { value: 'no', name: 'No, write nothing' },
      ],
    })
    if (answer !== 'show') return answer === 'yes'
    const chosen = await ask.select({ message: 'Which one?', choices: moving.map((change) => ({ value: change, name: change.path })) })
    terminal.print(`${formatDiff(unifiedDiff(chosen), terminal)}\n`)
  }
}

function findings({ evidence }: Expansion): Issue[] {
  const failed = [evidence.replay, evidence.rollback, evidence.access, evidence.plans, evidence.pgtap].filter(({ status }) => status === 'failed')
  return failed.flatMap((verdict) => verdict.findings).map((message) => ({ code: 'PROOF_FAILED', message }))
}

function conflicts({ decisions }: Expansion): Issue[] {
  return [...decisions.conflicts].map((path) => ({
    code: 'FILE_EDITED',
    message: `"${path}" was edited by hand and is kept; what the spec generates now is something else.`,
    remedy: path.startsWith(`${schemaDocsFolder}/`) ? 'Write the docs of all tables anew: trr-db schema-docs' : 'Move the edit into the spec, or delete the file and run again.',
    place: { file: path },
  }))
}

/** The line of a change in the list of files. */
export function fileLine({ path, change, before, after }: FileChange, overwrite: ReadonlySet<string>): FileLine {
  const kept = change === 'edited' && !overwrite.has(path)
  const actions = { create: 'create', same: 'same', update: 'update', edited: 'update', orphaned: 'remove' } as const
  const lines = unifiedDiff({ path, before, after }).split('\n')
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length
  return { path, action: kept ? 'keep' : actions[change], added: count('+'), removed: count('-') }
}

function counted(amount: number): string {
  return `${amount} ${amount === 1 ? 'file' : 'files'}`
}
