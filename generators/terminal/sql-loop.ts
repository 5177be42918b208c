/** Reads SQL line by line, from a person or a pipe, and hands over each statement when it is complete. */
import { createInterface } from 'node:readline'

export interface SqlLoop {
  prompt: string
  /** True when the text needs no further line. */
  isComplete(text: string): boolean
  /** Runs a statement or a `\command`. False ends the loop. */
  run(text: string): Promise<boolean>
  /** Stops what runs. */
  cancel(): void
  signal: AbortSignal
}

/** Ends with the input, or when `run` says so. Ctrl-C drops what was typed so far, or stops what runs. */
export async function runSqlLoop({ prompt, isComplete, run, cancel, signal }: SqlLoop): Promise<void> {
  const isPerson = Boolean(process.stdin.isTTY)
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: isPerson, prompt })
  let text = ''
  let isRunning = false
  const ask = () => {
    if (!isPerson) return
    lines.setPrompt(text === '' ? prompt : `${' '.repeat(Math.max(0, prompt.length - 3))}-> `)
    lines.prompt()
  }
  lines.on('SIGINT', () => {
    if (isRunning) return cancel()
    text = ''
    process.stderr.write('\n')
    ask()
  })
  const close = () => lines.close()
  signal.addEventListener('abort', close, { once: true })
  ask()
  for await (const line of lines) {
    text = text === '' ? line : `${text}\n${line}`
    const isCommand = text.trimStart().startsWith('\\')
    if (text.trim() === '') text = ''
    else if (isCommand || isComplete(text)) {
      const statement = text
      text = ''
      isRunning = true
      const goesOn = await run(statement)
      isRunning = false
      if (!goesOn) break
    }
    ask()
  }
  // A pipe need not end with a semicolon.
  if (!isPerson && text.trim() !== '') await run(text)
  signal.removeEventListener('abort', close)
  lines.close()
}
