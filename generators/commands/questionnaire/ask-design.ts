/** The questionnaire: sections in order, a look at the whole, and a way back. Nothing is written before the proof. */
import type { Catalog } from '../../design/catalog.ts'
import { habitsOf } from '../../design/habits.ts'
import type { SpecInput } from '../../design/input.ts'
import type { Spec } from '../../design/spec.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { sections } from '../../questions/index.ts'
import type { Section, World } from '../../questions/question.ts'
import { specText } from '../../questions/spec-text.ts'
import type { Repository } from '../../repository/read.ts'
import { createAsk } from '../../terminal/ask.ts'
import { editText } from '../../terminal/edit-text.ts'
import { formatIssues } from '../../terminal/report-issues.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'
import { openHistory } from '../pipeline/open-history.ts'
import { readCheckedSpec } from '../pipeline/read-checked-spec.ts'
import { specSource } from '../pipeline/locate-spec.ts'
import type { SpecSource } from '../pipeline/locate-spec.ts'
import { faultsBelow, issuesOf } from './check-draft.ts'
import { conduct } from './conduct.ts'
import type { Memory } from './conduct.ts'

type Apply = (source: SpecSource, server: ReplayedServer) => Promise<CommandOutcome>

const nothing: Catalog = { serverVersion: 0, schemas: [], tables: [], types: [], functions: [], roles: [], extensions: [] }

/** Asks until the design is proved and written, or the person has had enough. */
export async function askDesign(input: CommandInput, repository: Repository, apply: Apply): Promise<CommandOutcome> {
  const { terminal } = input
  const ask = createAsk(input.signal)
  const memory = prefilled(input.arguments)
  const opening = openHistory(input, { repository, lock: null })
  // Whoever waits for it hears of a failure; until then it is nobody's.
  opening.catch(() => undefined)
  try {
    let draft: SpecInput = { design: '', story: '' }
    let section = 0
    for (;;) {
      for (const current of sections.slice(section)) {
        terminal.print(`\n${terminal.style.bold(current.title)}`)
        const world = current.id === 'story' ? worldOf(nothing, repository) : await knownWorld(input, repository, opening)
        draft = await conduct(current.ask(draft, world), ask, terminal, memory)
      }
      const server = await opening
      const { text, next } = await review(specText(draft), (text) => readCheckedSpec({ text, file: 'spec', server, repository }), input)
      if (next !== 'prove') {
        if (next === null) return { exitCode: 0, document: { result: 'declined', design: draft.design } }
        section = sections.indexOf(next)
        continue
      }
      const outcome = await apply(specSource(text, 'spec'), server)
      if (outcome.document.result === 'written' || outcome.document.result === 'unchanged') return outcome
      const back = await chooseSection('Change an answer?', input)
      if (back === null) return outcome
      section = sections.indexOf(back)
    }
  } finally {
    await opening.then((server) => server.stop(), () => undefined)
  }
}

/** `new-table notes title:text`: answers that are there already, to be confirmed with Enter. */
function prefilled([name, ...columns]: readonly string[]): Memory {
  const memory: Memory = new Map()
  if (name !== undefined) memory.set('design', name)
  if (columns.length > 0) memory.set(`tables.${name}.columns`, columns.join(' '))
  return memory
}

async function knownWorld(input: CommandInput, repository: Repository, opening: Promise<ReplayedServer>): Promise<World> {
  const { catalog } = await input.terminal.step('Replaying your migrations, to know your tables', () => opening)
  return worldOf(catalog, repository)
}

function worldOf(catalog: Catalog, { config, designs }: Repository): World {
  const habits = habitsOf(catalog, { apiSchemas: config.apiSchemas })
  return { catalog, habits, designs: designs.map(({ design }) => design), faults: (draft, path) => faultsBelow(draft, path, { catalog, habits }) }
}

/** Shows the spec, and asks what to do with it. Faults send the person back. */
async function review(first: string, read: (text: string) => Promise<Spec>, input: CommandInput): Promise<{ text: string; next: Section | 'prove' | null }> {
  const { terminal, signal } = input
  const ask = createAsk(signal)
  let text = first
  for (;;) {
    terminal.print(`\n${terminal.style.bold('The design')}\n\n${text.replace(/^/gm, '  ').trimEnd()}\n`)
    const issues = await terminal.step('Checking the spec', () => issuesOf(read(text)))
    if (issues.length > 0) terminal.print(`${formatIssues(issues, terminal)}\n`)
    const choice = await ask.select({
      message: issues.length > 0 ? 'This does not work yet.' : 'What now?',
      choices: [
        ...(issues.length > 0 ? [] : [{ value: 'prove', name: 'Prove it on Postgres' }]),
        { value: 'back', name: 'Change an answer' },
        { value: 'edit', name: 'Edit the spec by hand' },
        { value: 'leave', name: 'Leave, and write nothing' },
      ],
    })
    if (choice === 'edit') {
      const edited = await editText(text, 'spec.yaml', signal)
      if (edited === null) terminal.note('No editor could be started. Name one, for example: export EDITOR=nano')
      text = edited ?? text
      continue
    }
    if (choice === 'prove') return { text, next: 'prove' }
    return { text, next: choice === 'back' ? await chooseSection('Back to:', input) : null }
  }
}

async function chooseSection(message: string, { signal }: CommandInput): Promise<Section | null> {
  const chosen = await createAsk(signal).select({
    message,
    choices: [...sections.map(({ id, title }) => ({ value: id as string, name: title })), { value: 'leave', name: 'Leave, and write nothing' }],
  })
  return sections.find(({ id }) => id === chosen) ?? null
}
