/** Where a session begins: with nothing, with what the command line says, or where the last one was left. */
import { TrrError } from '../../errors.ts'
import { createAsk } from '../../terminal/ask.ts'
import type { CommandInput } from '../command.ts'
import { deleteDraft, readDraft } from './draft-store.ts'
import type { Draft } from './draft-store.ts'
import type { Answered } from './trail.ts'

/** A draft that is there is taken up with `--resume`; without it the person is asked. */
export async function startDraft({ arguments: words, options, terminal, signal }: CommandInput, root: string): Promise<Draft> {
  const left = await readDraft(root)
  if (options.resume) {
    if (words.length > 0) throw new TrrError({ code: 'USAGE', message: `"${words.join(' ')}" and --resume exclude each other.`, remedy: 'A draft knows its table.' })
    if (!left) throw new TrrError({ code: 'USAGE', message: 'There is no draft for this repository.', remedy: 'Start with: trr-db new-table' })
    return left
  }
  if (!left) return prefilled(words)
  const count = left.answers.length
  const goOn = await createAsk(signal).select({
    message: `A draft of ${left.design || 'a table'} is kept, with ${count} ${count === 1 ? 'answer' : 'answers'}.`,
    choices: [
      { value: true, name: 'Go on with it' },
      { value: false, name: words[0] === undefined ? 'Start anew, and drop it' : `Start ${words[0]}, and drop it` },
    ],
  })
  if (goOn) return left
  await deleteDraft(root)
  terminal.print('')
  return prefilled(words)
}

/** `new-table notes title:text`: what is given is not asked. */
function prefilled([name, ...columns]: readonly string[]): Draft {
  const given: Record<string, unknown> = {
    ...(name === undefined ? {} : { design: name }),
    ...(columns.length === 0 ? {} : { [`tables.${name}.parent`]: '', [`tables.${name}.columns`]: columns.join(' '), [`tables.${name}.columns.more.1`]: '' }),
  }
  const answers = Object.entries(given).map(([id, answer]): [string, Answered] => [id, { answer, choices: null, stands: true }])
  return { design: name ?? '', answers, text: null }
}
