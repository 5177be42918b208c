import type { ViewInput } from '../../input-view.ts'
import { parseSelect } from '../../../sql/expression.ts'
import { SqlSyntaxError } from '../../../sql/parser.ts'
import { type SelectColumn, type SelectSource, selectColumns, selectSources } from '../../../sql/select-columns.ts'
import type { ReadView } from './read-view.ts'
import type { Reading } from '../reading.ts'
import type { Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import type { ViewColumn } from '../../view-spec.ts'
import { isReadable } from './view-source.ts'

type Fault = (message: string, remedy: string, at?: string) => null

/** One select that names its columns. Null after an issue. */
export function selectedView(reading: Reading, relations: Relations, view: Path, input: ViewInput, text: string): ReadView | null {
  const { issues } = reading
  for (const key of ['table', 'columns', 'where'] as const)
    if (input[key] !== undefined)
      issues.add({
        code: 'SPEC_CONFLICT', path: [...view, key], key: true,
        message: `"${key}" does not go with sql: the select says it.`,
        remedy: `Remove ${key}, or sql.`,
      })
  const path = [...view, 'sql']
  const fault: Fault = (message, remedy, at) => {
    issues.add({ code: 'SPEC_EXPRESSION', path, message, remedy, character: at === undefined ? undefined : Math.max(0, text.indexOf(at)) })
    return null
  }
  const select = parsed(text, fault)
  if (!select) return null
  const before = issues.count()
  if (select.parameters > 0) fault('A parameter such as $1 cannot stand in a view.', 'Leave the condition out, and ask the view with it.', '$')
  if (select.columns.some((parts) => parts.at(-1) === '*')) fault('The columns of a view are a contract, and * is whatever the tables have that day.', 'Name every column.', '*')
  const sources = selectSources(select.tree)
  const whole = select.columns.find((parts) => parts.length === 1 && sources.some(({ alias }) => alias === parts[0]))
  if (whole) fault(`"${whole[0]}" is a whole row, which changes with its table.`, 'Name every column.', whole[0])
  for (const table of select.tables) {
    if (table.schema === null) fault(`"${table.name}" has no schema, and the search path is empty.`, `Write for example: ${reading.schema}.${table.name}`, table.name)
    else {
      const found = relations.find({ schema: table.schema, name: table.name })
      const character = Math.max(0, text.indexOf(table.name))
      if (found) isReadable(reading, path, found, character)
      else issues.unknown({ path, character, what: 'table', name: `${table.schema}.${table.name}`, known: relations.names() })
    }
  }
  if (select.tables.length === 0) fault('The view reads no table.', 'Read at least one table.')
  const listed = selectColumns(select.tree)
  checkColumns(listed, fault)
  if (issues.count() > before) return null
  const reads = select.tables.flatMap(({ schema, name }) => (schema === null ? [] : [{ schema, name }]))
  return {
    table: null,
    columns: listed.map((column) => viewColumn(column, sources, relations)),
    where: null,
    sql: select.sql,
    reads: reads.filter((table, place) => reads.findIndex((other) => other.schema === table.schema && other.name === table.name) === place),
  }
}

function parsed(text: string, fault: Fault): ReturnType<typeof parseSelect> | null {
  try {
    return parseSelect(text, { lines: true })
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    return fault(`${error.message.replace(/[.]?$/, '.')}`, 'Write one select that only reads.')
  }
}

function checkColumns(listed: readonly SelectColumn[], fault: Fault): void {
  const names = listed.map(({ name }) => name)
  if (listed.length === 0) fault('The select names no column.', 'Select at least one column.')
  if (names.includes(null)) fault(`Column ${names.indexOf(null) + 1} of the select has no name.`, 'Give it one: … as total')
  const twice = names.find((name, place) => name !== null && names.indexOf(name) < place)
  if (typeof twice === 'string') fault(`The column "${twice}" stands in the select twice.`, 'Give one of them another name: … as other', twice)
}

function viewColumn({ name, source, cast }: SelectColumn, sources: readonly SelectSource[], relations: Relations): ViewColumn {
  const candidates = sources.flatMap(({ alias, schema, name: table }) => {
    const relation = schema === null ? null : relations.find({ schema, name: table })
    const column = source && (source.alias === null || source.alias === alias) ? relation?.columns.find((one) => one.name === source.column) : undefined
    return relation && column ? [{ table: { schema: relation.schema, name: relation.name }, column }] : []
  })
  const [found] = candidates
  if (!found || candidates.length > 1) return { name: name ?? '', type: cast, nullable: true, source: null }
  // An outer join makes any column null.
  return { name: name ?? '', type: found.column.type.sql, nullable: found.column.nullable || sources.length > 1, source: { table: found.table, column: found.column.name } }
}
