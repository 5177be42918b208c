/** Says what is going on when it takes longer than half a second. */
import type { Style } from './style.ts'

const patience = 500
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Runs the work under its name. */
export type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Steps may nest: the innermost is the one that is shown. On a terminal one line that goes away, elsewhere plain lines. */
export function createProgress(stream: NodeJS.WriteStream, style: Style): Step {
  const names: string[] = []
  return async (name, work) => {
    names.push(name)
    const hide = stream.isTTY ? spin(stream, style, () => names.at(-1) ?? '') : announce(stream, name)
    try {
      return await work()
    } finally {
      hide()
      names.splice(names.lastIndexOf(name), 1)
    }
  }
}

function spin(stream: NodeJS.WriteStream, style: Style, name: () => string): () => void {
  let frame = 0
  let shown = false
  const draw = () => {
    shown = true
    const text = `${frames[frame++ % frames.length]} ${name()}…`
    stream.write(`\r\u001B[K${style.dim(text.slice(0, (stream.columns ?? 80) - 1))}`)
  }
  let timer = setTimeout(() => {
    draw()
    timer = setInterval(draw, 80)
  }, patience)
  return () => {
    clearTimeout(timer)
    if (shown) stream.write('\r\u001B[K')
  }
}

function announce(stream: NodeJS.WriteStream, name: string): () => void {
  const timer = setTimeout(() => stream.write(`${name}…\n`), patience)
  return () => clearTimeout(timer)
}
