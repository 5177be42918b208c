/** Sizes of tables that are there already. */
import { findTable } from '../catalog.ts'
import { findRelation } from './normalize-queries.ts'
import { readScale } from './read-scale.ts'
import type { Reading } from './reading.ts'
import type { Relations } from './relations.ts'
import type { Duration } from '../duration.ts'
import type { Spec } from '../spec.ts'

export function normalizeExisting(reading: Reading, relations: Relations, horizon: Duration): Spec['existing'] {
  return Object.entries(reading.input.existing ?? {}).flatMap(([key, { scale: input }]) => {
    const path = ['existing', key]
    const relation = findRelation(reading, relations, path, key, { key: true })
    if (!relation) return []
    const { schema, name } = relation
    const table = findTable(reading.catalog, schema, name)
    const isStored = relation.kind === 'table' || relation.kind === 'partitioned' || relation.kind === 'materialized view'
    if (relation.draft || !table || !isStored) {
      const remedy = relation.draft ? `Write its scale under "tables: ${name}".` : 'Name the tables that it reads.'
      reading.issues.add({ code: 'SPEC_CONFLICT', path, key: true, message: relation.draft ? `"${name}" is new in this design.` : `"${schema}.${name}" is a ${relation.kind}, and stores no rows.`, remedy })
      return []
    }
    const columns = relation.columns.map((column) => ({ ...column, allowed: table.columns.find((one) => one.name === column.name)?.enumLabels ?? [] }))
    if (input.rows === undefined)
      reading.issues.add({ code: 'SPEC_MISSING_KEY', path: [...path, 'scale'], key: true, message: `The scale of "${schema}.${name}" says no "rows".`, remedy: 'Write how many rows it has: rows: 40k' })
    return [{ table: { schema, name }, scale: readScale(reading, { name, columns }, { path: [...path, 'scale'], input, horizon, rows: 1 }) }]
  })
}
