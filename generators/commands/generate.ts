import type { CommandInput, CommandOutcome } from './command.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  input.terminal.print('generate')
  return { exitCode: 0, document: {} }
}
