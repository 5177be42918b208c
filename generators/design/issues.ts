/** Everything that is wrong with a spec, collected while it is read. */
import type { ErrorCode, Issue } from '../errors.ts'
import { nearest } from './nearest.ts'
import type { Path, Source } from './source.ts'
import { visible } from './visible.ts'

export interface Fault {
  code: ErrorCode
  path: Path
  message: string
  remedy?: string | undefined
  /** The key is wrong, not its value. */
  key?: boolean
  /** A character within the scalar, from 0; left out, the whole scalar is meant. */
  character?: number | undefined
}

export interface Issues {
  add: (fault: Fault) => void
  /** A name that nothing has: with the nearest one that exists. Silent for names whose definition is at fault itself. */
  unknown: (fault: { path: Path; what: string; name: string; known: readonly string[]; key?: boolean; character?: number | undefined }) => void
  count: () => number
  /** In the order of the file. */
  list: () => Issue[]
}

/** `broken` are names whose own definition could not be read: complaints about their absence would be noise. */
export function collectIssues(source: Source, broken: ReadonlySet<string>): Issues {
  const found = new Map<string, Issue>()
  const add = ({ code, path, message, remedy, key = false, character }: Fault) => {
    const text = { message: visible(message), ...(remedy ? { remedy: remedy.split('\n').map(visible).join('\n') } : {}) }
    const issue: Issue = { code, ...text, ...source.placeOf(path, { key, character }) }
    const identity = `${code} ${issue.place?.line}:${issue.place?.column} ${message}`
    // What has the wrong type altogether needs no second complaint about its form.
    const isTold = code !== 'SPEC_TYPE' && [...found.values()].some((other) => other.code === 'SPEC_TYPE' && isSamePlace(other, issue))
    if (!isTold && !found.has(identity)) found.set(identity, issue)
  }
  return {
    add,
    unknown: ({ path, what, name, known, ...rest }) => {
      if (broken.has(name)) return
      add({ code: 'SPEC_UNKNOWN_NAME', path, message: `There is no ${what} "${name}".`, remedy: suggestion(name, known), ...rest })
    },
    count: () => found.size,
    list: () => [...found.values()].toSorted(inOrder),
  }
}

/** `Did you mean "shows"?`, or the list when it is short. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known)
  if (near !== null) return `Did you mean "${near}"?`
  if (known.length === 0) return undefined
  return known.length <= 20 ? `Use one of: ${known.join(', ')}.` : `There are ${known.length}, for example: ${known.slice(0, 8).join(', ')}.`
}

function isSamePlace({ place: left }: Issue, { place: right }: Issue): boolean {
  return left?.line === right?.line && left?.column === right?.column
}

function inOrder({ place: left }: Issue, { place: right }: Issue): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0)
}
