/** What must be there besides the table so that its answers mean something: tables that its guards read, and what they look at. */
import { type AccessState, keyOf, reach } from './reach.ts'
import { type Hints, type HintSource, hintsOf } from './hints.ts'
import type { QualifiedName } from '../../sql/identifier.ts'

export interface Surroundings {
  /** Tables that have a say, the asked one left out. */
  reached: QualifiedName[]
  hints: Hints
}

/** Of all states together: both sides of a comparison get the same people and rows. */
export function surroundingsOf(states: readonly AccessState[], table: QualifiedName): Surroundings {
  const own = keyOf({ kind: 'table', ...table })
  const sources: HintSource[] = []
  const tables = new Map<string, QualifiedName>()
  for (const state of states) {
    for (const key of reach(state, [own])) {
      const object = state.objects.get(key)
      if (object?.kind === 'table' && key !== own) tables.set(key, { schema: object.schema, name: object.name })
      for (const line of object?.lines ?? []) {
        const name = `${line.schema}.${line.name}`
        for (const text of line.expressions ?? []) sources.push({ table: name, text, kind: 'condition' })
        if (line.isGuard && line.expressions === null && line.kind === 'function') sources.push({ table: null, text: line.text, kind: 'body' })
        if (line.isGuard && line.says === 'definition') sources.push({ table: null, text: line.text, kind: 'body' })
      }
    }
  }
  return { reached: [...tables.keys()].toSorted().map((key) => tables.get(key) as QualifiedName), hints: hintsOf(sources) }
}
