import type { ViewInput } from '../../input-view.ts'
import { bracketed } from '../../../sql/bracketed.ts'
import { identList, qualified } from '../../../sql/identifier.ts'
import { findRelation } from '../normalize-queries.ts'
import type { ReadView } from './read-view.ts'
import { readExpression } from '../read-expression.ts'
import { type Reading, readNames } from '../reading.ts'
import type { Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import { isReadable } from './view-source.ts'

/** `table`, `columns` and `where` → a select. Null after an issue. */
export function tableView(reading: Reading, relations: Relations, path: Path, input: ViewInput): ReadView | null {
  const { issues } = reading
  for (const key of ['table', 'columns'] as const)
    if (input[key] === undefined)
      issues.add({
        code: 'SPEC_MISSING_KEY', path, key: true,
        message: `The view "${String(path.at(-1))}" needs the key "${key}", or sql in place of table and columns.`,
        remedy: key === 'table' ? `Add for example: table: ${relations.names()[0] ?? 'core.shows'}` : 'Add for example: columns: [id, title]',
      })
  if (input.table === undefined || input.columns === undefined) return null
  const base = findRelation(reading, relations, [...path, 'table'], input.table)
  if (!base || !isReadable(reading, [...path, 'table'], base)) return null
  const known = base.columns.map((column) => column.name)
  const names: string[] = []
  for (const { name, path: place } of readNames(reading, [...path, 'columns'], input.columns)) {
    if (!known.includes(name)) issues.unknown({ path: place, what: `column of "${base.name}" called`, name, known })
    else if (names.includes(name)) issues.add({ code: 'SPEC_DUPLICATE', path: place, message: `The column "${name}" stands in this view twice.`, remedy: 'Leave it out once.' })
    else names.push(name)
  }
  const expression = input.where === undefined ? null : readExpression(reading, [...path, 'where'], { table: base, columns: known, about: 'row' })
  if (names.length === 0 || (input.where !== undefined && !expression)) return null
  const table = { schema: base.schema, name: base.name }
  const where = expression?.sql ?? null
  return {
    table,
    columns: names.flatMap((name) => base.columns.filter((column) => column.name === name).map(({ type, nullable }) => ({ name, type: type.sql, nullable, source: { table, column: name } }))),
    where,
    sql: [`select ${identList(names)}`, `from ${qualified(table)}`, ...(where === null ? [] : [`where ${bracketed(where)}`])].join('\n'),
    reads: [table],
  }
}
