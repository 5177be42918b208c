/** The spec before the proof: shown, checked, edited by hand, or taken back to a section. */
import type { Spec } from '../../design/spec.ts'
import { sections } from '../../questions/index.ts'
import type { Section } from '../../questions/question.ts'
import { createAsk } from '../../terminal/ask.ts'
import { editText } from '../../terminal/edit-text.ts'
import { formatIssues } from '../../terminal/report-issues.ts'
import type { CommandInput } from '../command.ts'
import { issuesOf } from './check-draft.ts'

interface Reviewed {
  text: string
  /** Null: leave. */
  next: Section | 'prove' | null
}

interface ReviewRequest {
  text: string
  read(text: string): Promise<Spec>
  edited(text: string): Promise<void>
}

/** Faults send the person back. */
export async function reviewDesign({ terminal, signal }: CommandInput, { text: first, read, edited }: ReviewRequest): Promise<Reviewed> {
  const ask = createAsk(signal)
  let text = first
  for (;;) {
    terminal.print(`\n${terminal.style.bold('The design')}\n\n${text.replace(/^/gm, '  ').trimEnd()}\n`)
    const issues = await terminal.step('Checking the spec', () => issuesOf(read(text)))
    if (issues.length > 0) terminal.print(`${formatIssues(issues, terminal)}\n`)
    const choice = await ask.select({
      message: issues.length > 0 ? 'This does not work yet.' : 'What now?',
      choices: [
        ...(issues.length > 0 ? [] : [{ value: 'prove', name: 'Prove it on Postgres, then list the files' }]),
        { value: 'back', name: 'Change an answer' },
        { value: 'edit', name: 'Edit the spec by hand' },
        { value: 'leave', name: 'Leave; the answers are kept' },
      ],
    })
    if (choice === 'prove') return { text, next: 'prove' }
    if (choice === 'edit') {
      const changed = await editText(text, 'spec.yaml', signal)
      if (changed === null) terminal.note('No editor could be started. Name one, for example: export EDITOR=nano')
      else await edited((text = changed))
      continue
    }
    const next = choice === 'back' ? await chooseSection('Back to:', signal) : null
    if (choice === 'leave' || next !== null) return { text, next }
  }
}

/** Null: the person stays where they are. */
export async function chooseSection(message: string, signal: AbortSignal, stay = 'Stay here'): Promise<Section | null> {
  const chosen = await createAsk(signal).select({
    message,
    choices: [...sections.map(({ id, title }) => ({ value: id as string, name: title })), { value: 'stay', name: stay }],
  })
  return sections.find(({ id }) => id === chosen) ?? null
}
