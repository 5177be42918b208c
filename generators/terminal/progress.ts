/** Says what is going on when it takes longer than half a second. */
import type { Style } from './style.ts'

const patience = 500
/** Without a terminal a line stays: few of them are enough. */
const silence = 3000
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Runs the work under its name. The work may say more exactly what it is doing. */
export type Step = <T>(name: string, work: (rename: (name: string) => void) => Promise<T>) => Promise<T>

/** On a terminal one line that goes away, elsewhere plain lines. */
export function createProgress(stream: NodeJS.WriteStream, style: Style): Step {
  return async (name, work) => {
    let current = name
    const hide = stream.isTTY ? spin(stream, style, () => current) : announce(stream, () => current)
    try {
      return await work((renamed) => (current = renamed))
    } finally {
      hide()
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

function announce(stream: NodeJS.WriteStream, name: () => string): () => void {
  let said = ''
  const say = () => {
    if (name() !== said) stream.write(`${(said = name())}…\n`)
    timer = setTimeout(say, silence)
  }
  let timer = setTimeout(say, patience)
  return () => clearTimeout(timer)
}
