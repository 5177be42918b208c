/** Through the sections in order, and back. */
import type { SpecInput } from '../../design/input.ts'
import type { SpecContext } from '../../design/read-spec.ts'
import { sections } from '../../questions/index.ts'
import type { Section, World } from '../../questions/question.ts'
import type { Ask } from '../../terminal/ask.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { conduct } from './conduct.ts'
import { preview } from './preview.ts'
import type { Trail } from './trail.ts'

interface Walking {
  ask: Ask
  terminal: Terminal
  trail: Trail
  /** The first section does not wait for the server. */
  worldFor(section: Section): Promise<World>
  saved(): Promise<void>
}

export interface Walk {
  /** Asks what does not stand yet, to the end. */
  finish(): Promise<SpecInput>
  /** Asks a section again; later ones only where their questions change. */
  returnTo(section: Section): void
}

export function createWalk({ terminal, trail, worldFor, ...conductor }: Walking): Walk {
  /** Drafts at the beginning of each section, and the questions that led on. */
  const starts: SpecInput[] = [{ design: '', story: '' }]
  const paths: string[][] = []
  let at = 0

  const goBack = () => {
    const earlier = paths.slice(0, at).findLastIndex((path) => path.length > 0)
    const last = paths[earlier]?.at(-1)
    if (last === undefined) return terminal.print(terminal.style.dim('  This is the first question.'))
    trail.reopen(last)
    at = earlier
  }

  return {
    async finish() {
      while (at < sections.length) {
        const section = sections[at] as Section
        const start = starts[at] as SpecInput
        const world = await worldFor(section)
        const opened = () => terminal.print(`\n${terminal.style.bold(section.title)} ${terminal.style.dim(`${at + 1}/${sections.length}`)}`)
        const { result, path, asked } = await conduct(() => section.ask(start, world), { ...conductor, terminal, trail, opened })
        if (result === null) {
          goBack()
          continue
        }
        starts[at + 1] = result
        paths[at] = path
        at += 1
        if (asked) await show(section, result, world, terminal)
      }
      return starts[at] as SpecInput
    },
    returnTo(section) {
      at = sections.indexOf(section)
      for (const id of paths[at] ?? []) trail.reopen(id)
    },
  }
}

async function show({ id }: Section, draft: SpecInput, context: SpecContext, terminal: Terminal): Promise<void> {
  const text = await preview(id, draft, context, terminal)
  if (text !== '') terminal.print(`\n${text}`)
}
