/**
 * What psql makes of a script: where statements end, which lines are commands of its own, which are rows of a COPY. No
 * SQL is read here; a part that is none does not hide the others.
 */
export interface PsqlScript {
  statements: ScriptPart[]
  /** `\connect db`, `\timing`, … */
  commands: { text: string; start: number }[]
}

export interface ScriptPart {
  /** Without the semicolon, and without the comments before it. */
  sql: string
  /** Offsets in the script, in characters from 0; `end` is exclusive. */
  start: number
  end: number
  /** What follows `copy … from stdin`, up to `\.`. */
  rows: string | null
}

const copiesRows = /^copy\b[^;]*\bfrom\s+stdin\b/i
const makesFunction = /^create\s+(or\s+replace\s+)?(function|procedure)\b/i

export function readPsqlScript(text: string): PsqlScript {
  const found: PsqlScript = { statements: [], commands: [] }
  let at = 0
  let start: number | null = null
  let parentheses = 0
  // `begin atomic … end` holds semicolons.
  let blocks = 0
  const finish = (end: number) => {
    if (start !== null) found.statements.push({ sql: text.slice(start, end).trimEnd(), start, end: start + text.slice(start, end).trimEnd().length, rows: null })
    start = null
    parentheses = 0
    blocks = 0
  }
  while (at < text.length) {
    const comment = commentEnd(text, at)
    if (comment !== null) {
      at = comment
      continue
    }
    const character = text[at] ?? ''
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    if (character === '\\') {
      const end = lineEnd(text, at)
      found.commands.push({ text: text.slice(at, end).trimEnd(), start: at })
      at = end
      continue
    }
    if (character === ';' && parentheses === 0 && blocks === 0) {
      finish(at)
      at += 1
      const last = found.statements.at(-1)
      if (last && copiesRows.test(last.sql)) at = takeRows(text, at, last)
      continue
    }
    start ??= at
    const quoted = quotedEnd(text, at)
    if (quoted !== null) {
      at = quoted
      continue
    }
    if (character === '(') parentheses += 1
    if (character === ')') parentheses = Math.max(0, parentheses - 1)
    const word = /[\p{L}_][\p{L}\p{N}_$]*/uy
    word.lastIndex = at
    const [name = ''] = word.exec(text) ?? []
    if (name !== '' && makesFunction.test(text.slice(start, start + 40))) {
      if (/^begin$/i.test(name) || (/^case$/i.test(name) && blocks > 0)) blocks += 1
      if (/^end$/i.test(name) && blocks > 0) blocks -= 1
    }
    at += Math.max(1, name.length)
  }
  finish(text.length)
  return found
}

/** Up to the line with `\.`, or to the end. */
function takeRows(text: string, at: number, part: ScriptPart): number {
  const from = Math.min(text.length, lineEnd(text, at) + 1)
  const end = /^\\\.\r?$/m.exec(text.slice(from))
  part.rows = text.slice(from, end ? from + end.index : undefined)
  return end ? lineEnd(text, from + end.index) : text.length
}

/** Null where no comment begins. Those of C are nested. */
function commentEnd(text: string, at: number): number | null {
  if (text.startsWith('--', at)) return lineEnd(text, at)
  if (!text.startsWith('/*', at)) return null
  let depth = 0
  const mark = /\/\*|\*\//g
  mark.lastIndex = at
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return text.length
}

/** Of a string, a quoted name or a text between dollars; null where none begins. */
function quotedEnd(text: string, at: number): number | null {
  const character = text[at]
  if (character === '"') return closing(text, /"/g, at + 1)
  if (character === "'") return closing(text, /'/g, at + 1)
  if ((character === 'e' || character === 'E') && text[at + 1] === "'") return closing(text, /\\[^]|'/g, at + 2)
  if (character !== '$') return null
  const tag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy
  tag.lastIndex = at
  const [mark] = tag.exec(text) ?? []
  if (mark === undefined) return null
  const end = text.indexOf(mark, at + mark.length)
  return end === -1 ? text.length : end + mark.length
}

function closing(text: string, mark: RegExp, from: number): number {
  mark.lastIndex = from
  for (let found = mark.exec(text); found; found = mark.exec(text)) if (!found[0].startsWith('\\')) return mark.lastIndex
  return text.length
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}
