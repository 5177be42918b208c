/** The built program: in this process, or as one of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

interface CliOptions {
  env?: NodeJS.ProcessEnv
}

const program = resolve('dist/generators/cli.js')

/** One command without a terminal, loaded once for all of a test file: a start of Node costs more than most commands. Not side by side. */
export async function runCli(argv: string[], { env = {} }: CliOptions = {}): Promise<CliResult> {
  const { main } = (await import(pathToFileURL(program).href)) as { main(argv: string[]): Promise<number> }
  const output = { stdout: '', stderr: '' }
  const before = { ...process.env }
  const writers = { stdout: process.stdout.write, stderr: process.stderr.write }
  setEnvironment({ ...withoutColors(before), ...env })
  for (const stream of ['stdout', 'stderr'] as const) process[stream].write = capture((text) => (output[stream] += text))
  try {
    return { code: await main(argv), ...output }
  } finally {
    for (const stream of ['stdout', 'stderr'] as const) process[stream].write = writers[stream]
    setEnvironment(before)
  }
}

/** In a process of its own, for what is the process's: signals, streams, exit. */
export function runProgram(argv: string[], { env = {}, started }: CliOptions & { started?: (child: ChildProcess) => void } = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [program, ...argv], { env: { ...withoutColors(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  started?.(child)
  return new Promise((settle, reject) => {
    child.on('error', reject)
    // A death by signal, as a shell counts it.
    child.on('close', (code, signal) => settle({ code: signal ? 128 + constants.signals[signal] : code, ...output }))
  })
}

function withoutColors({ NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return rest
}

function setEnvironment(wanted: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name]
  Object.assign(process.env, wanted)
}

function capture(take: (text: string) => void): typeof process.stdout.write {
  return (chunk: Uint8Array | string, ...rest: unknown[]) => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const told = rest.findLast((argument) => typeof argument === 'function') as (() => void) | undefined
    told?.()
    return true
  }
}
