/** Every error that a person can cause or meet. Anything else is a bug and shows its stack. */

/** 1 findings or a failed proof · 2 usage or a bad spec · 3 the environment · 130 interrupted. */
export type ExitCode = 1 | 2 | 3 | 130

export type ErrorCode =
  // usage and the spec (2)
  | 'USAGE'
  | 'SPEC_SYNTAX'
  | 'SPEC_UNKNOWN_KEY'
  | 'SPEC_MISSING_KEY'
  | 'SPEC_TYPE'
  | 'SPEC_VALUE'
  | 'SPEC_NAME'
  | 'SPEC_UNKNOWN_NAME'
  | 'SPEC_DUPLICATE'
  | 'SPEC_EXPRESSION'
  | 'SPEC_CONFLICT'
  | 'SPEC_CYCLE'
  | 'SPEC_PATH'
  | 'SPEC_NOT_YET'
  | 'SPEC_HISTORY'
  // the proofs (1)
  | 'PROOF_FAILED'
  | 'FILE_EDITED'
  // the environment (3)
  | 'REPO_MISSING'
  | 'REPO_CONFIG'
  | 'REPLAY_FAILED'
  | 'EXTENSION_MISSING'
  | 'SERVER_MISSING'
  | 'SERVER_FAILED'
  | 'DISK'
  // Ctrl-C (130)
  | 'INTERRUPTED'

/** A place in a file of the user's. Line and column count from 1. */
export interface Place {
  file: string
  line?: number
  column?: number
}

/** One thing that is wrong, where, and what to do about it. */
export interface Issue {
  code: ErrorCode
  /** One sentence that names the object. */
  message: string
  /** The remedy, built from the user's own names. */
  remedy?: string
  place?: Place
  /** The offending line of the file, and a caret line below it. */
  excerpt?: string
}

/** An expected failure: one or more issues and the exit code that they mean. */
export class TrrError extends Error {
  override readonly name = 'TrrError'
  readonly issues: readonly Issue[]
  readonly exitCode: ExitCode

  constructor(issues: Issue | readonly Issue[], options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    const list: readonly Issue[] = 'code' in issues ? [issues] : issues
    super(list.map(formatIssue).join('\n'), { cause: options.cause })
    this.issues = list
    this.exitCode = options.exitCode ?? exitCodeOf(list[0]?.code ?? 'USAGE')
  }
}

/** The exit code that an error code means. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'USAGE' || code.startsWith('SPEC_')) return 2
  if (code === 'PROOF_FAILED' || code === 'FILE_EDITED') return 1
  return code === 'INTERRUPTED' ? 130 : 3
}

/** `file:line:column  CODE  sentence`, then the excerpt and the remedy, indented. */
export function formatIssue(issue: Issue): string {
  const { place } = issue
  const where = place ? [place.file, place.line, place.column].filter((part) => part !== undefined).join(':') : ''
  const lines = [[where, issue.code, issue.message].filter(Boolean).join('  ')]
  if (issue.excerpt) lines.push(...issue.excerpt.split('\n').map((line) => `    ${line}`))
  if (issue.remedy) lines.push(...issue.remedy.split('\n').map((line) => `  ${line}`))
  return lines.join('\n')
}

/** Line and column (from 1) of an offset (from 0) in a text, with the line and a caret under the column. */
export function locate(text: string, offset: number): { line: number; column: number; excerpt: string } {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  const line = text.slice(0, start).split('\n').length
  const column = offset - start + 1
  const source = text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '')
  // A long line is cut to 80 columns around the caret.
  const cut = Math.max(0, column - 60)
  return { line, column, excerpt: `${source.slice(cut, cut + 80)}\n${' '.repeat(column - 1 - cut)}^` }
}
