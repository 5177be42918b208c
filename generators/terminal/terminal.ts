/** Where a command speaks. The only place that writes to the streams of the process, beside `cli.ts`. */
import { createProgress } from './progress.ts'
import type { Step } from './progress.ts'
import { createStyle, wantsColor } from './style.ts'
import type { Style } from './style.ts'

export interface Terminal {
  /** A person is there and may be asked. */
  interactive: boolean
  width: number
  style: Style
  /** Results, for a person. With `--json` they go to stderr. */
  print(text: string): void
  /** Remarks: always stderr. */
  note(text: string): void
  step: Step
}

export interface TerminalOptions {
  json: boolean
}

/** The terminal of this process. */
export function openTerminal(options: TerminalOptions): Terminal {
  const out = options.json ? process.stderr : process.stdout
  const style = createStyle(wantsColor(process.env, out))
  return {
    interactive: !options.json && Boolean(process.stdin.isTTY && process.stdout.isTTY) && process.env.TERM !== 'dumb',
    // Measured when it is used: windows change.
    get width() {
      return Math.max(40, out.columns ?? 100)
    },
    style,
    print: (text) => void out.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    step: createProgress(process.stderr, createStyle(wantsColor(process.env, process.stderr))),
  }
}
