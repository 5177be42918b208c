/** Keys that leave a question: Escape goes back, `?` explains. */
import { emitKeypressEvents } from 'node:readline'
import type { Interface, Key } from 'node:readline'

/** The person wants something else than to answer. */
export class Aside extends Error {
  override readonly name = 'Aside'
  readonly wish: 'back' | 'explain'

  constructor(wish: 'back' | 'explain') {
    super(`The question was left: ${wish}.`)
    this.wish = wish
  }
}

interface Watch {
  /** In a text `?` is a letter, unless it is the first. */
  text: boolean
  /** Letters that stand there already. */
  length: number
}

/** Runs a question that can be left. Throws an {@link Aside} when it was. */
export async function leavable<Value>(signal: AbortSignal, { text, length }: Watch, question: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const { stdin } = process
  const left = new AbortController()
  let typed = length
  let aside: Aside | null = null
  const leave = (wish: Aside['wish']) => {
    aside ??= new Aside(wish)
    left.abort(aside)
  }
  const watch = (letters: string | undefined, key: Key) => {
    if (key.name === 'escape') leave('back')
    else if (letters === '?' && (!text || typed === 0)) leave('explain')
    else typed = lengthAfter(typed, letters, key)
  }
  // The first to look at the keys decides how long Escape waits for the rest of a sequence; the default is half a second.
  emitKeypressEvents(stdin, { escapeCodeTimeout: 40 } as unknown as Interface)
  stdin.on('keypress', watch)
  try {
    return await question(AbortSignal.any([signal, left.signal]))
  } catch (error) {
    throw aside ?? error
  } finally {
    stdin.off('keypress', watch)
  }
}

function lengthAfter(typed: number, letters: string | undefined, { name, ctrl }: Key): number {
  if (name === 'backspace') return Math.max(0, typed - 1)
  if (ctrl && (name === 'u' || name === 'w')) return 0
  if (name === 'tab') return typed + 1
  const isText = letters !== undefined && !ctrl && /^[^\u0000-\u001f\u007f]+$/.test(letters)
  return isText ? typed + letters.length : typed
}
