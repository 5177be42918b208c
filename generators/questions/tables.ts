import type { SpecInput, TableInput } from '../design/input.ts'
import { isSystemSchema } from '../design/system-schemas.ts'
import { accessQuestion } from './access.ts'
import { confirm, input, say, search, select } from './question.ts'
import type { Asking, Choice, Section, World } from './question.ts'
import { ShorthandError, parseShorthand, shorthandForm } from './shorthand.ts'
import { words } from './story.ts'

/** 2: entities, their columns and what they refer to; and who may do what with them. */
export const tables: Section = {
  id: 'tables',
  title: 'Tables, columns, relations',
  keys: ['tables', 'schema'],
  *ask(draft, world) {
    const given = draft.tables ?? {}
    let next: SpecInput = { ...draft, tables: {} }
    let name = draft.design
    const existing = world.catalog.tables.filter(({ schema }) => schema === world.habits.schema).map((table) => table.name)
    yield* say(`Tables in ${world.habits.schema}: ${existing.join(', ') || 'none yet'}`)
    for (;;) {
      next = yield* askTable(name, given[name], next, world)
      if (!(yield* confirm({ id: `tables.${name}.more`, message: 'Another table in this design?', default: false }))) return next
      name = yield* input({ id: `tables.${name}.next`, message: 'Its name:', default: `${draft.design}_items`, validate: (text) => tableFault(text, next, world) })
    }
  },
}

function* askTable(first: string, given: TableInput | undefined, draft: SpecInput, world: World): Asking<SpecInput> {
  let name = first
  const fault = tableFault(name, draft, world)
  if (fault) {
    yield* say(fault)
    name = yield* input({ id: `tables.${name}.name`, message: 'Another name for the table:', default: `${name}_2`, validate: (text) => tableFault(text, draft, world) })
  }
  const id = (question: string) => `tables.${first}.${question}`
  const about = yield* input({ id: id('about'), message: `What is one row of ${name}?`, default: given?.about ?? `One of the ${words(name)} that people keep.` })
  const parent = given ? '' : yield* search({ id: id('parent'), message: 'What does it belong to? (type to search)', choices: parents(world) })
  yield* say(`id, organisation, owner and timestamps are added. Columns: ${shorthandForm}`)
  const line = yield* input({
    id: id('columns'),
    message: 'Columns:',
    default: given ? toLine(given) : `${parent}title:text`,
    validate: (text) => columnsFault(text, name, draft, world),
  })
  const columns = yield* askReferences(id, parseShorthand(line, world.catalog))
  const table: TableInput = { about, columns, access: 'service_only' }
  const unique = yield* input({
    id: id('unique'),
    message: 'Columns that are unique together (empty: none):',
    default: '',
    validate: (text) => unknownColumns(text, columns),
  })
  if (unique !== '') table.unique = [list(unique)]
  const withAccess = yield* accessQuestion(id('access'), { ...draft, tables: { ...draft.tables, [name]: table } }, name)
  return withAccess
}

/** Tables that a row may point to, as the column that does it. */
function parents({ catalog }: World): Choice[] {
  const tables = catalog.tables.filter(({ schema, kind, primaryKey }) => kind === 'table' && primaryKey.length === 1 && !isSystemSchema(schema))
  return [{ value: '', name: 'Nothing that is there already' }, ...tables.map(({ schema, name }) => ({ value: `${singular(name)}_id:${schema}.${name} `, name: `${schema}.${name}` }))]
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(?<!s)s$/, '')
}

/** A foreign key says what becomes of the row when its target goes. */
function* askReferences(id: (question: string) => string, columns: TableInput['columns']): Asking<TableInput['columns']> {
  const answered = { ...columns }
  for (const [name, column] of Object.entries(columns)) {
    if (typeof column === 'string' || !column.references) continue
    const choices: Choice<'restrict' | 'cascade' | 'set null'>[] = [
      { value: 'restrict', name: 'It cannot be deleted while rows point to it (restrict)' },
      { value: 'cascade', name: 'The rows go with it (cascade)' },
      ...(column.nullable ? [{ value: 'set null' as const, name: `The rows stay, ${name} becomes null (set null)` }] : []),
    ]
    const onDelete = yield* select({ id: id(`${name}.on_delete`), message: `${name}: when the row of ${column.references} is deleted?`, choices, default: 'restrict' })
    answered[name] = { ...column, on_delete: onDelete }
    if (onDelete === 'restrict') continue
    const because = yield* input({ id: id(`${name}.because`), message: 'Why is that right?', default: `a row means nothing without its ${words(name.replace(/_id$/, ''))}` })
    answered[name] = { ...column, on_delete: onDelete, because }
  }
  return answered
}

async function columnsFault(line: string, table: string, draft: SpecInput, world: World): Promise<string | null> {
  try {
    const columns = parseShorthand(line, world.catalog)
    if (Object.keys(columns).length === 0) return 'At least one column.'
    const trial: SpecInput = { ...draft, tables: { ...draft.tables, [table]: { about: 'A trial.', columns, access: 'service_only' } } }
    return (await world.faults(trial, ['tables', table, 'columns']))[0] ?? null
  } catch (error) {
    if (error instanceof ShorthandError) return error.message
    throw error
  }
}

function tableFault(name: string, draft: SpecInput, { catalog, habits }: World): string | null {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) return 'Small letters, digits and _, at most 41; it begins with a letter.'
  if (draft.tables && name in draft.tables) return `${name} is in this design already.`
  const schema = draft.schema ?? habits.schema
  return catalog.tables.some((table) => table.schema === schema && table.name === name) ? `${schema}.${name} exists already.` : null
}

function unknownColumns(text: string, columns: TableInput['columns']): string | null {
  const unknown = list(text).filter((name) => !(name in columns))
  return unknown.length === 0 ? null : `Not among the columns: ${unknown.join(', ')}. They are: ${Object.keys(columns).join(', ')}.`
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** The columns as they would be typed. */
function toLine({ columns }: TableInput): string {
  return Object.entries(columns)
    .map(([name, column]) => {
      if (typeof column === 'string') return `${name}:${column}`
      const type = column.references ?? column.one_of?.join('|') ?? column.type
      const fallback = typeof column.default === 'object' && column.default !== null ? String(column.default.sql) : column.default
      return `${name}:${type}${column.nullable ? ':nullable' : ''}${column.unique ? ':unique' : ''}${fallback === undefined ? '' : `=${fallback}`}`
    })
    .join(' ')
}
