#!/usr/bin/env node
/** argv → command → exit code. The only place that exits. */
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import type { Argument } from 'commander'
import type { CommandEntry, CommandOptions, CommandOutcome } from './commands/command.ts'
import { commands } from './commands/index.ts'
import { TrrError } from './errors.ts'
import type { Terminal } from './terminal/terminal.ts'

const description = 'Designs Supabase/Postgres tables from a spec, and proves the result on a real Postgres before you commit it.'

const epilogue = `
Without a command: a menu on a terminal, this help elsewhere. NO_COLOR is honoured.
Exit codes: 0 fine, 1 findings or a failed proof, 2 usage or a bad spec, 3 the environment, 130 interrupted.`

/** The options as commander names them. */
interface Flags extends Partial<Omit<CommandOptions, 'skip'>> {
  skip?: string[]
  cwd?: string
}

interface Invocation {
  /** Null: the menu. */
  entry: CommandEntry | null
  words: string[]
  flags: Flags
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  process.exit(await main(process.argv.slice(2)))
}

/** Runs one command, and gives its exit code. */
export async function main(argv: string[]): Promise<number> {
  // Libraries that ask and paint look here.
  if (argv.includes('--no-color')) process.env.NO_COLOR = '1'
  try {
    const invocation = await parse(argv)
    return invocation ? await execute(invocation) : 0
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    return fail(usageError(error), { entry: null, words: [], flags: { json: argv.includes('--json') } })
  } finally {
    await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((flushed) => stream.write('', flushed))))
  }
}

/** What argv asks for; null when help was the answer. */
async function parse(argv: string[]): Promise<Invocation | null> {
  let invocation: Invocation | null = null
  const program = createProgram((chosen) => (invocation = chosen))
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== 'commander.help') throw error
    const flags: Flags = program.opts()
    if (process.stdin.isTTY && process.stdout.isTTY && !flags.json) return { entry: null, words: [], flags }
    program.outputHelp()
  }
  return invocation
}

function createProgram(choose: (invocation: Invocation) => void): Command {
  const program = new Command('trr-db')
    .description(description)
    .usage('<command> [options]')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ') })
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help, of a command when named')
    .option('--cwd <dir>', 'the repository, instead of this folder')
    .option('--yes', 'do not ask for confirmation; hand-edited files are kept')
    .option('--json', 'one JSON document on stdout, all else on stderr')
    .option('--skip <file>', 'do not replay this migration; repeatable', (file: string, files: string[] = []) => [...files, file])
    .option('--no-color', 'no colours')
    .addHelpText('after', epilogue)
  for (const entry of commands) {
    const command = program.command(entry.id).summary(entry.summary).description(entry.summary).helpGroup(entry.group)
    for (const { name, says } of entry.arguments) command.argument(name, says)
    for (const { flags, says } of entry.options) command.option(flags, says)
    command.addHelpText('after', ['\nExamples:', ...entry.examples.map((example) => `  ${example}`)].join('\n'))
    command.action(() => choose({ entry, words: command.args, flags: command.optsWithGlobals() }))
  }
  return program
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

async function execute(invocation: Invocation): Promise<number> {
  const { openTerminal } = await import('./terminal/terminal.ts')
  const { entry, words, flags } = invocation
  const terminal = openTerminal({ json: flags.json ?? false })
  const options: CommandOptions = {
    yes: flags.yes ?? false,
    json: flags.json ?? false,
    skip: flags.skip ?? [],
    answers: flags.answers ?? null,
    resume: flags.resume ?? false,
    writeAnyway: flags.writeAnyway ?? false,
    keep: flags.keep ?? false,
    check: flags.check ?? false,
    mutations: flags.mutations ?? false,
    as: flags.as ?? null,
    claims: flags.claims ?? null,
    sql: flags.sql ?? null,
    seed: flags.seed ?? false,
    markdown: flags.markdown ?? false,
    query: flags.query ?? null,
    statsFrom: flags.statsFrom ?? null,
    workload: flags.workload ?? null,
    schema: flags.schema ?? null,
    scale: flags.scale ?? null,
    budget: flags.budget ?? null,
    measure: flags.measure ?? false,
    calibrate: flags.calibrate ?? false,
  }
  const { signal, release } = interruptible(terminal)
  const input = { arguments: words, options, cwd: resolve(flags.cwd ?? '.'), signal, terminal, now: new Date() }
  try {
    const outcome = entry ? await (await entry.load()).run(input) : await (await import('../plopfile.ts')).runMenu(input)
    if (options.json) printDocument(entry, outcome)
    return outcome.exitCode
  } catch (error) {
    // After Ctrl-C whatever broke first broke because of it.
    return fail(input.signal.aborted ? input.signal.reason : error, invocation, terminal)
  } finally {
    release()
  }
}

/** Aborted by the first Ctrl-C; the second does not wait for things to be put away. */
function interruptible(terminal: Terminal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130)
    terminal.note('Stopping…')
    controller.abort(new TrrError({ code: 'INTERRUPTED', message: 'Interrupted. Nothing was written.' }))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, interrupt)
  return { signal: controller.signal, release: () => signals.forEach((signal) => process.off(signal, interrupt)) }
}

async function fail(error: unknown, { entry, flags }: Invocation, opened?: Terminal): Promise<number> {
  const [{ openTerminal }, { formatIssues }] = await Promise.all([import('./terminal/terminal.ts'), import('./terminal/report-issues.ts')])
  const terminal = opened ?? openTerminal({ json: flags.json ?? false })
  if (!(error instanceof TrrError)) {
    terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    terminal.note('\nThis is a bug in trr-db. Nothing was written.')
    if (flags.json) printJson({ ok: false, command: entry?.id ?? null, exitCode: 1, issues: [], bug: String(error) })
    return 1
  }
  terminal.note(formatIssues(error.issues, terminal))
  if (flags.json) printJson({ ok: false, command: entry?.id ?? null, exitCode: error.exitCode, issues: error.issues })
  return error.exitCode
}

function printDocument(entry: CommandEntry | null, { exitCode, document }: CommandOutcome): void {
  printJson({ ok: exitCode === 0, command: entry?.id ?? null, exitCode, ...document })
}

function printJson(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` as an issue. */
function usageError(error: CommanderError): TrrError {
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`
  const remedy = hint ? hint.replace(/^\(|\)$/g, '') : 'See: trr-db --help'
  return new TrrError({ code: 'USAGE', message: sentence, remedy })
}

/** Found from the sources and from `dist/` alike. */
function packageVersion(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    try {
      return (JSON.parse(readFileSync(resolve(directory, 'package.json'), 'utf8')) as { version: string }).version
    } catch {
      directory = dirname(directory)
    }
  }
}

/** A reader that has seen enough (`| head`) is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
