/**
 * What has a say in the answers about a table: its own rights, guards, shape and rows, and everything that its policies,
 * triggers, views and functions name, and what those name. Names are looked up as words, so rather too much is found than too little.
 */
import type { StateLine } from '../../postgres/access-state.ts'

export interface StateObject {
  kind: StateLine['kind']
  schema: string
  name: string
  lines: StateLine[]
}

export interface AccessState {
  objects: Map<string, StateObject>
  /** Word → keys of the objects that are called so. */
  called: Map<string, string[]>
}

export function stateOf(lines: readonly StateLine[]): AccessState {
  const objects = new Map<string, StateObject>()
  const called = new Map<string, string[]>()
  for (const line of lines) {
    // One name, one object: overloads of a function stand together.
    const key = keyOf(line)
    const known = objects.get(key)
    if (known) known.lines.push(line)
    else {
      objects.set(key, { kind: line.kind, schema: line.schema, name: line.name, lines: [line] })
      if (line.kind !== 'schema' && line.kind !== 'cluster') called.set(line.name, [...(called.get(line.name) ?? []), key])
    }
  }
  return { objects, called }
}

export function keyOf({ kind, schema, name }: Pick<StateLine, 'kind' | 'schema' | 'name'>): string {
  return `${kind === 'view' ? 'table' : kind} ${schema}.${name}`
}

/** Keys of everything that is reached from there, the beginning included; always the rights on its schemas and the roles. */
export function reach({ objects, called }: AccessState, start: readonly string[]): Set<string> {
  const found = new Set([...start, keyOf({ kind: 'cluster', schema: '', name: '' })])
  // A set that grows while it is read is read to its end.
  for (const key of found) {
    const object = objects.get(key)
    if (!object) continue
    if (object.schema !== '') found.add(keyOf({ kind: 'schema', schema: object.schema, name: object.schema }))
    for (const { isGuard, text } of object.lines) {
      if (isGuard) for (const word of wordsOf(text)) for (const named of called.get(word) ?? []) found.add(named)
    }
  }
  return found
}

/** Identifiers, bare or quoted, as the catalog spells them. */
export function wordsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)].map(([bare, quoted]) => (quoted === undefined ? bare.toLowerCase() : quoted.replaceAll('""', '"'))))
}

/** Lines of the reached objects that one side has and the other has not, in words. */
export function changesBetween(base: AccessState, head: AccessState, keys: ReadonlySet<string>): string[] {
  return [...keys].toSorted().flatMap((key) => {
    const [before, after] = [base, head].map((state) => state.objects.get(key)?.lines ?? []) as [StateLine[], StateLine[]]
    const texts = (lines: readonly StateLine[]) => new Set(lines.map(({ says, text }) => `${says}\n${text}`))
    const [old, now] = [texts(before), texts(after)]
    const of = ({ schema, name, kind }: StateLine) => (kind === 'table' || kind === 'view' ? ` of ${schema}.${name}` : kind === 'schema' ? ` ${schema}` : '')
    const gone = before.filter(({ says, text }) => !now.has(`${says}\n${text}`))
    const come = after.filter(({ says, text }) => !old.has(`${says}\n${text}`))
    return [
      ...come.map((line) => `${line.says}${of(line)} ${gone.some(({ says }) => says === line.says) ? 'changed' : 'is new'}`),
      ...gone.filter(({ says }) => !come.some((line) => line.says === says)).map((line) => `${line.says}${of(line)} is gone`),
    ]
  })
}
