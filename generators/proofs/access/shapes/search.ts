import { isClient } from '../identity.ts'
import { type Probe, perRow } from '../probe.ts'
import type { ShapeContext } from './context.ts'

/** Search functions, called by every client: of the rows that match, the first page of those that the spec lets them see. */
export function searchProbes(context: ShapeContext): Probe[] {
  const { table, rows, world } = context.subject
  return world.identities.filter(isClient).flatMap((identity) =>
    (context.searches ?? []).map(({ name, sql, matching, size }): Probe => {
      const found = matching.flatMap((key) => rows.find((row) => row.key === key) ?? [])
      const page = new Set(found.filter((row) => context.allows('select', identity, row.facts)).slice(0, size))
      return {
        identity, verb: 'select', shape: name, sql, keys: table.primaryKey, readsState: 'never',
        judge: (outcome) => perRow(rows, outcome, identity, (row) => page.has(row), ({ key }) => outcome.keys.includes(key)),
      }
    }),
  )
}
