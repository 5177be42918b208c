/** The menu. */
import type { CommandInput, CommandOutcome } from './generators/commands/command.ts'

export async function runMenu(input: CommandInput): Promise<CommandOutcome> {
  input.terminal.print('menu')
  return { exitCode: 0, document: {} }
}
