/** The built program on a pseudo-terminal, as a person has it before them. */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { IPty } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'

type Pty = typeof import('@lydell/node-pty')

export const keys = { enter: '\r', escape: '\u001B', down: '\u001B[B', interrupt: '\u0003', space: ' ' }

/** Why there is no pseudo-terminal; null when there is one. */
export const missingPty: string | null = (() => {
  try {
    loadPty()
    return null
  } catch (error) {
    return (error as Error).message
  }
})()

function loadPty(): Pty {
  return createRequire(import.meta.url)('@lydell/node-pty') as Pty
}

export interface Session {
  /** Waits for the text to come after what was seen so far. */
  sees(text: string | RegExp): Promise<void>
  types(text: string): void
  /** Waits for the question, then answers: text and Enter, or keys as they are. */
  answers(question: string | RegExp, ...typed: string[]): Promise<void>
  /** The exit code. */
  ended(): Promise<number>
  /** All output so far, with and without its codes. */
  raw(): string
  text(): string
}

interface SessionOptions {
  columns: number
  env?: NodeJS.ProcessEnv
}

/** Wherever the line broke. */
function pattern(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`)) : text
}

export function openSession(argv: string[], { columns, env = {} }: SessionOptions): Session {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, CI: _ci, ...inherited } = process.env
  const pty: IPty = loadPty().spawn(process.execPath, [resolve('dist/generators/cli.js'), ...argv], {
    name: 'xterm-256color', cols: columns, rows: 45, cwd: process.cwd(), env: { ...inherited, ...env, TERM: 'xterm-256color' } as Record<string, string>,
  })
  let output = ''
  let seen = 0
  let code: number | null = null
  pty.onData((data) => (output += data))
  pty.onExit(({ exitCode }) => (code = exitCode))
  onTestFinished(() => {
    if (code === null) pty.kill()
  })
  const plain = () => stripVTControlCharacters(output).replaceAll('\r', '')
  const until = async (isDone: () => boolean, waitingFor: string) => {
    for (const start = Date.now(); !isDone(); await new Promise((settle) => setTimeout(settle, 15)))
      if (Date.now() - start > 20_000 || (code !== null && waitingFor !== 'the end')) throw new Error(`Waited for ${waitingFor}. On the screen:\n${plain().slice(-2500)}`)
  }
  const session: Session = {
    async sees(text) {
      let found = -1
      await until(() => {
        const match = pattern(text).exec(plain().slice(seen))
        if (match) found = seen + match.index + match[0].length
        return match !== null
      }, String(text))
      seen = found
    },
    types: (text) => pty.write(text),
    async answers(question, ...typed) {
      await session.sees(question)
      // Keys that come before the question is drawn are dropped.
      await new Promise((settle) => setTimeout(settle, 60))
      for (const part of typed) {
        pty.write(part)
        await new Promise((settle) => setTimeout(settle, 40))
      }
    },
    async ended() {
      await until(() => code !== null, 'the end')
      return code ?? -1
    },
    raw: () => output,
    text: plain,
  }
  return session
}
