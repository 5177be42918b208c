/** The plop adapter: a menu of commands, each with one action that calls it. No templates, no text actions. */
import nodePlop from 'node-plop'
import type { NodePlopAPI } from 'node-plop'
import type { CommandEntry, CommandInput, CommandOutcome } from './generators/commands/command.ts'
import { commands } from './generators/commands/index.ts'
import { readRepository } from './generators/repository/read.ts'
import { createAsk } from './generators/terminal/ask.ts'
import { openTerminal } from './generators/terminal/terminal.ts'

const action = 'plan and apply'

/** What `npx plop` loads. */
export default function plopfile(plop: NodePlopAPI): void {
  const interruption = new AbortController()
  process.once('SIGINT', () => interruption.abort())
  const options = { yes: false, json: false, skip: [], answers: null, resume: false, writeAnyway: false, keep: false, check: false, mutations: false, as: null, claims: null, sql: null, seed: false, markdown: false, query: null, statsFrom: null, workload: null, schema: null, scale: null, budget: null, measure: false, calibrate: false }
  const terminal = openTerminal({ json: false })
  register(plop, { arguments: [], options, cwd: process.cwd(), signal: interruption.signal, terminal, now: new Date() }, () => undefined)
}

/** The menu of `npx trr-db`: choose a generator, run it. */
export async function runMenu(input: CommandInput): Promise<CommandOutcome> {
  const results: PromiseSettledResult<CommandOutcome>[] = []
  const plop = await nodePlop()
  register(plop, input, (result) => results.push(result))
  const generators = plop.getGeneratorList()
  const chosen = await createAsk(input.signal).select({
    message: 'What do you want to do?',
    choices: generators.map(({ name, description }) => ({ value: name, name: `${name.padEnd(10)}  ${description}` })),
  })
  const generator = plop.getGenerator(chosen)
  await generator.runActions((await generator.runPrompts()) as Record<string, unknown>)
  // Plop turns errors into texts; the code and the remedy are in the original.
  const [result] = results
  if (result?.status === 'rejected') throw result.reason
  return result?.value ?? { exitCode: 0, document: {} }
}

function register(plop: NodePlopAPI, input: CommandInput, settled: (result: PromiseSettledResult<CommandOutcome>) => void): void {
  plop.setActionType(action, async (answers) => {
    const { entry, words } = answers as unknown as { entry: CommandEntry; words: string[] }
    try {
      const value = await (await entry.load()).run({ ...input, arguments: words })
      settled({ status: 'fulfilled', value })
      return entry.id
    } catch (reason) {
      settled({ status: 'rejected', reason })
      throw reason
    }
  })
  for (const entry of commands) {
    // A function: plop's own questions would come from an old inquirer.
    const prompts = async () => ({ entry, words: await askWords(entry, input) })
    plop.setGenerator(entry.id, { description: entry.summary, prompts: prompts as never, actions: [{ type: action }] })
  }
}

/** The designs that a command is about, when it is about designs. */
async function askWords(entry: CommandEntry, { cwd, signal }: CommandInput): Promise<string[]> {
  if (!entry.arguments.some(({ name }) => name.includes('spec'))) return []
  const { designs } = await readRepository(cwd)
  return createAsk(signal).checkbox({
    message: 'Which designs?',
    choices: designs.map(({ design }) => ({ value: design, name: design, checked: true })),
  })
}
