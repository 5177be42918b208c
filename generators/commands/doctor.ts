/** `doctor`: what is wrong with the environment or the repository, each with its remedy. */
import { readRepository } from '../repository/read.ts'
import type { Repository } from '../repository/read.ts'
import { wrap } from '../terminal/wrap.ts'
import { type Check, ok, tried } from './checkup/check.ts'
import { checkDesigns } from './checkup/designs.ts'
import { checkEnvironment } from './checkup/environment.ts'
import { checkHistory } from './checkup/history.ts'
import type { CommandInput, CommandOutcome } from './command.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { terminal, signal } = input
  const checks: Check[] = []
  let repository: Repository | null = null
  const found = await tried('repository', async () => {
    repository = await readRepository(input.cwd)
    return [ok('repository', `${repository.root}, for Postgres ${repository.config.major}`)]
  })
  const read = repository as Repository | null
  checks.push(...(await terminal.step('Looking at this machine', () => checkEnvironment(read?.config.major ?? 17, signal))), ...found)
  // Without a server nothing replays, and that is said already.
  if (read && checks.some(({ id, status }) => id === 'server' && status === 'ok')) checks.push(...(await terminal.step('Replaying the history', () => checkHistory(input, read))))
  if (read) checks.push(...(await checkDesigns(read)))
  terminal.print(formatChecks(checks, input))
  const problems = checks.filter(({ status }) => status === 'problem')
  terminal.print(problems.length === 0 ? `\n${terminal.style.green('All is well.')}` : `\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`)
  const environment = problems.some(({ exitCode }) => exitCode === 3)
  return { exitCode: environment ? 3 : problems.length > 0 ? 1 : 0, document: { checks: checks.map(({ exitCode: _exitCode, ...check }) => check) } }
}

function formatChecks(checks: readonly Check[], { terminal: { style, width } }: CommandInput): string {
  const marks = { ok: style.green('✓'), note: style.yellow('!'), problem: style.red('✗') }
  const column = Math.min(20, Math.max(...checks.map(({ id }) => id.length)))
  return checks
    .flatMap(({ id, status, says, remedy }) => {
      const [first = '', ...more] = says.split('\n')
      const pad = ' '.repeat(column + 5)
      const lines = [wrap(`  ${marks[status]} ${id.padEnd(column)} ${first}`, width, column + 3), ...more.map((line) => style.dim(pad + line))]
      return remedy ? [...lines, ...remedy.split('\n').map((line) => style.dim(wrap(pad + line, width)))] : lines
    })
    .join('\n')
}
