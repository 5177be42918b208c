/** `generate <spec…>`: expands specs again, one after another: a later one may stand on an earlier one. */
import { readRepository } from '../repository/read.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { applyExpansion } from './pipeline/apply-expansion.ts'
import { expandDesign } from './pipeline/expand-design.ts'
import { locateSpec } from './pipeline/locate-spec.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const outcomes: CommandOutcome[] = []
  for (const word of input.arguments) {
    const repository = await readRepository(input.cwd)
    const source = await locateSpec(word, repository, input.cwd)
    if (input.arguments.length > 1) input.terminal.print(input.terminal.style.bold(`\n${source.design}`))
    const expansion = await expandDesign(input, { repository, source })
    outcomes.push(await applyExpansion(input, expansion, { root: repository.root, diff: 'always', confirm: true }))
  }
  return {
    exitCode: outcomes.some(({ exitCode }) => exitCode === 1) ? 1 : 0,
    document: { designs: outcomes.map(({ document }) => document) },
  }
}
