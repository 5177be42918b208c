import type { CommandInput, CommandOutcome } from './command.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  input.terminal.print('new-table')
  return { exitCode: 0, document: {} }
}
