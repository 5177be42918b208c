/** The questionnaire: sections in order, a look at the whole, and a way back. Nothing is written before the proof. */
import type { ReplayedServer } from '../../postgres/server.ts'
import type { World } from '../../questions/question.ts'
import { specText } from '../../questions/spec-text.ts'
import type { Repository } from '../../repository/read.ts'
import { createAsk } from '../../terminal/ask.ts'
import { wrap } from '../../terminal/wrap.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'
import { specSource } from '../pipeline/locate-spec.ts'
import type { SpecSource } from '../pipeline/locate-spec.ts'
import { openHistory } from '../pipeline/open-history.ts'
import { readCheckedSpec } from '../pipeline/read-checked-spec.ts'
import { deleteDraft, saveDraft } from './draft-store.ts'
import { chooseSection, reviewDesign } from './review-design.ts'
import { startDraft } from './start-draft.ts'
import { createTrail } from './trail.ts'
import { createWalk } from './walk.ts'
import { firstWorld, knownWorld } from './world.ts'

type Apply = (source: SpecSource, server: ReplayedServer) => Promise<CommandOutcome>

/** Asks until the design is proved and written, or the person has had enough. The answers outlive both. */
export async function askDesign(input: CommandInput, repository: Repository, apply: Apply): Promise<CommandOutcome> {
  const { root } = repository
  // The server comes up while the first questions are answered.
  const opening = openHistory(input, { repository, lock: null })
  // Whoever waits for it hears of a failure; until then it is nobody's.
  opening.catch(() => undefined)
  let kept = false
  try {
    const draft = await startDraft(input, root)
    kept = input.options.resume || draft.text !== null
    const outcome = await converse(input, { repository, opening, apply, draft, saved: () => (kept = true) })
    if (outcome.document.result === 'written' || outcome.document.result === 'unchanged') {
      await deleteDraft(root)
      kept = false
    }
    return outcome
  } finally {
    if (kept) input.terminal.note('The answers are kept. Go on with: trr-db new-table --resume')
    await opening.then((server) => server.stop(), () => undefined)
  }
}

interface Conversation {
  repository: Repository
  opening: Promise<ReplayedServer>
  apply: Apply
  draft: Awaited<ReturnType<typeof startDraft>>
  saved(): void
}

async function converse(input: CommandInput, { repository, opening, apply, draft, saved }: Conversation): Promise<CommandOutcome> {
  const { terminal, signal } = input
  const trail = createTrail(draft.answers)
  let { text } = draft
  const save = async () => {
    await saveDraft(repository.root, { design: String(trail.remembered('design') ?? ''), answers: trail.entries(), text })
    saved()
  }
  const first = firstWorld(repository)
  let known: World | null = null
  const worldFor = async ({ id }: { id: string }) => {
    if (id === 'story') return first
    return (known ??= knownWorld(await terminal.step('Replaying your migrations, to know your tables', () => opening), repository))
  }
  const walk = createWalk({ ask: createAsk(signal), terminal, trail, worldFor, saved: save })
  terminal.print(terminal.style.dim(wrap('Enter takes what is offered, ? explains, Esc goes back. Ctrl-C leaves and keeps the answers.', terminal.width)))
  for (;;) {
    const answers = await walk.finish()
    const server = await opening
    const reviewed = await reviewDesign(input, {
      text: text ?? specText(answers),
      read: (edited) => readCheckedSpec({ text: edited, file: 'spec', server, repository }),
      edited: async (edited) => {
        text = edited
        await save()
      },
    })
    let next = reviewed.next
    if (next === null) return { exitCode: 0, document: { result: 'declined', design: answers.design } }
    if (next === 'prove') {
      const outcome = await apply(specSource(reviewed.text, 'spec'), server)
      if (outcome.document.result === 'written' || outcome.document.result === 'unchanged') return outcome
      next = await chooseSection('Change an answer?', signal, 'No, leave')
      if (next === null) return outcome
    }
    if (text !== null) terminal.note('What was edited by hand is given up: the answers make the spec anew.')
    text = null
    walk.returnTo(next)
  }
}
