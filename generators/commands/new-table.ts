/** `new-table`: from answers, or a spec that holds them, to proved files. */
import { TrrError } from '../errors.ts'
import { readRepository } from '../repository/read.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { applyExpansion } from './pipeline/apply-expansion.ts'
import { refuseOtherDesign } from './pipeline/design-identity.ts'
import { expandDesign } from './pipeline/expand-design.ts'
import { locateSpec } from './pipeline/locate-spec.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const repository = await readRepository(input.cwd)
  const { answers } = input.options
  if (answers !== null) {
    if (input.options.resume) throw new TrrError({ code: 'USAGE', message: '--resume and --answers exclude each other.', remedy: 'Give one of them.' })
    if (input.arguments.length > 0) {
      throw new TrrError({ code: 'USAGE', message: `"${input.arguments.join(' ')}" and --answers exclude each other.`, remedy: 'The spec names the tables and their columns.' })
    }
    const source = await locateSpec(answers, repository, input.cwd)
    await refuseOtherDesign(repository, source)
    const expansion = await expandDesign(input, { repository, source })
    return applyExpansion(input, expansion, { root: repository.root, diff: 'never', confirm: false })
  }
  if (!input.terminal.interactive) {
    throw new TrrError({
      code: 'USAGE',
      message: 'new-table asks questions, and nobody is there to answer them.',
      remedy: 'Give the answers as a spec: trr-db new-table --answers spec.yaml',
    })
  }
  const { askDesign } = await import('./questionnaire/ask-design.ts')
  return askDesign(input, repository, async (source, server) => {
    const expansion = await expandDesign(input, { repository, source, server })
    return applyExpansion(input, expansion, { root: repository.root, diff: 'never', confirm: true })
  })
}
