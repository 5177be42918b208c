/** The columns of a table: in one line, one by one, or both. */
import type { ColumnInput } from '../design/input-column.ts'
import type { SpecInput, TableInput } from '../design/input.ts'
import { nearest } from '../design/nearest.ts'
import { catalogWith, knownTables } from './known-tables.ts'
import type { KnownTable } from './known-tables.ts'
import { askColumn } from './one-column.ts'
import { input, say, select } from './question.ts'
import type { Asking, Choice, World } from './question.ts'
import { ShorthandError, parseShorthand, shorthandForm, splitParts } from './shorthand.ts'
import { words } from './story.ts'

type Columns = TableInput['columns']

interface Scope {
  id: (question: string) => string
  table: string
  draft: SpecInput
  world: World
}

/** A name alone is asked about; a name with a type is taken as it stands. */
export function* askColumns(scope: Scope, offered: string): Asking<Columns> {
  const { id, draft } = scope
  if (Object.keys(draft.tables ?? {}).length === 0) yield* say(`Columns: ${shorthandForm}\nA name alone is asked about. The id, timestamps and what access needs are added.`)
  let columns = yield* settle(yield* askLine(scope, id('columns'), 'Columns, in one line or one at a time:', offered, {}), scope, {})
  for (let round = 1; ; round += 1) {
    const line = yield* askLine(scope, id(`columns.more.${round}`), 'More columns (Enter: that is all):', '', columns)
    if (line === '') return yield* askReferences(id, columns, scope)
    columns = yield* settle(line, scope, columns)
  }
}

function* askLine({ table, draft, world }: Scope, id: string, message: string, offered: string, before: Columns): Asking<string> {
  return yield* input({
    id,
    topic: 'columns',
    message,
    default: offered,
    validate: async (line) => (line === '' && Object.keys(before).length > 0 ? null : faultOf(line, before, { table, draft, world })),
  })
}

function* settle(line: string, { id, draft, world }: Scope, before: Columns): Asking<Columns> {
  const columns: Columns = { ...before }
  const tables = knownTables(draft, world)
  for (const part of splitParts(line)) {
    if (isBare(part)) columns[part] = yield* askColumn(part, { id, tables, world })
    else Object.assign(columns, parseShorthand(part, catalogWith(draft, world)))
  }
  return columns
}

function isBare(part: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(part)
}

async function faultOf(line: string, before: Columns, { table, draft, world }: Omit<Scope, 'id'>): Promise<string | null> {
  try {
    const columns = parseShorthand(line, catalogWith(draft, world))
    if (Object.keys(columns).length === 0) return 'At least one column.'
    const twice = Object.keys(columns).find((name) => name in before)
    if (twice) return `"${twice}" stands there already.`
    const trial: SpecInput = { ...draft, tables: { ...draft.tables, [table]: { about: 'A trial.', columns: { ...before, ...columns }, access: 'service_only' } } }
    const [fault = null] = await world.faults(trial, ['tables', table, 'columns'])
    return fault && (misspeltTable(fault, columns, knownTables(draft, world)) ?? fault)
  } catch (error) {
    if (error instanceof ShorthandError) return error.message
    throw error
  }
}

/** What is no type was perhaps meant as a table. */
function misspeltTable(fault: string, columns: Columns, tables: readonly KnownTable[]): string | null {
  const types = Object.values(columns).map((column) => (typeof column === 'string' ? column : column.type))
  const type = types.find((candidate) => fault.includes(`no type "${candidate}"`))
  const paths = tables.map(({ path }) => path)
  const near = type === undefined ? null : nearest(type, type.includes('.') ? paths : paths.map((path) => path.split('.').at(-1) ?? path))
  return near === null ? null : `There is no type and no table "${type}". Did you mean ${near}?`
}

/** A foreign key says what becomes of the row when its target goes. */
function* askReferences(id: Scope['id'], columns: Columns, { draft, world }: Scope): Asking<Columns> {
  const tables = knownTables(draft, world)
  const answered = { ...columns }
  for (const [name, column] of Object.entries(columns)) {
    if (typeof column === 'string' || !column.references) continue
    const isChild = tables.find(({ path }) => path === column.references)?.isNew ?? false
    answered[name] = yield* askOnDelete(id, name, column, isChild)
  }
  return answered
}

function* askOnDelete(id: Scope['id'], name: string, column: ColumnInput, isChild: boolean): Asking<ColumnInput> {
  const choices: Choice<'restrict' | 'cascade' | 'set null'>[] = [
    { value: 'restrict', name: 'It cannot be deleted while rows point to it (restrict)' },
    { value: 'cascade', name: 'The rows go with it (cascade)' },
    ...(column.nullable ? [{ value: 'set null' as const, name: `The rows stay, ${name} becomes null (set null)` }] : []),
  ]
  const onDelete = yield* select({
    id: id(`${name}.on_delete`),
    topic: 'on-delete',
    message: `${name}: when the row of ${column.references} is deleted?`,
    choices,
    default: isChild ? 'cascade' : 'restrict',
  })
  if (onDelete === 'restrict') return { ...column, on_delete: onDelete }
  const subject = words(name.replace(/_id$/, ''))
  const offered = onDelete === 'cascade' ? `a row means nothing without its ${subject}` : `the row keeps its meaning without its ${subject}`
  const because = yield* input({ id: id(`${name}.because`), topic: 'on-delete', message: 'Why is that right?', default: offered })
  return { ...column, on_delete: onDelete, because }
}
