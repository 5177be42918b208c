/** The built program as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { resolve } from 'node:path'

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

interface CliOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Called once with the process, for signals. */
  started?: (child: ChildProcess) => void
}

const program = resolve('dist/generators/cli.js')

/** Runs it without a terminal and waits for its end. */
export function runCli(argv: string[], { cwd = '.', env = {}, started }: CliOptions = {}): Promise<CliResult> {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env
  const child = spawn(process.execPath, [program, ...argv], { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  started?.(child)
  return new Promise((settle, reject) => {
    child.on('error', reject)
    // A death by signal, as a shell counts it.
    child.on('close', (code, signal) => settle({ code: signal ? 128 + constants.signals[signal] : code, ...output }))
  })
}
