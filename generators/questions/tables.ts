import { accessDefaults } from '../design/access-defaults.ts'
import type { SpecInput, TableInput } from '../design/input.ts'
import type { PatternId } from '../design/spec.ts'
import { accessQuestion } from './access.ts'
import { askColumns } from './columns.ts'
import { columnLine } from './column-line.ts'
import { findChoices } from './find.ts'
import { columnFor, knownTables } from './known-tables.ts'
import { checkbox, confirm, input, say, search } from './question.ts'
import type { Asking, Choice, Section, World } from './question.ts'
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
    for (;;) {
      next = yield* askTable(name, given[name], next, world)
      if (!(yield* confirm({ id: `tables.${name}.more`, topic: 'tables', message: 'Another table in this design?', default: false }))) return next
      const offered = [`${draft.design}_items`, `${draft.design}_events`].find((candidate) => tableFault(candidate, next, world) === null) ?? ''
      name = yield* input({ id: `tables.${name}.next`, topic: 'tables', message: 'Its name:', default: offered, validate: (text) => tableFault(text, next, world) })
    }
  },
}

function* askTable(first: string, given: TableInput | undefined, draft: SpecInput, world: World): Asking<SpecInput> {
  let name = first
  const fault = tableFault(name, draft, world)
  if (fault) {
    yield* say(fault)
    name = yield* input({ id: `tables.${name}.name`, topic: 'name', message: 'Another name for the table:', default: `${name}_2`, validate: (text) => tableFault(text, draft, world) })
  }
  const id = (question: string) => `tables.${first}.${question}`
  const about = yield* input({ id: id('about'), topic: 'about', message: `What is one row of ${name}?`, default: given?.about ?? `One of the ${words(name)} that people keep.` })
  const parents = parentChoices(draft, world)
  const parent = given ? '' : yield* search({ id: id('parent'), topic: 'relations', message: 'What does it belong to? (type to search)', find: (typed) => findChoices(parents, typed) })
  const columns = yield* askColumns({ id, table: name, draft, world }, given ? columnLine(given) : `${parent}title:text`)
  const table: TableInput = { about, columns, access: 'service_only' }
  const next = yield* accessQuestion(id('access'), { ...draft, tables: { ...draft.tables, [name]: table } }, name)
  return yield* askUnique(id('unique'), next, name, given)
}

/** After access, which may add the owner: one vote of each person is unique with it. */
function* askUnique(id: string, draft: SpecInput, name: string, given: TableInput | undefined): Asking<SpecInput> {
  const table = draft.tables?.[name] as TableInput
  const pattern = (typeof table.access === 'string' ? table.access : table.access.pattern) as PatternId
  const owner = accessDefaults[pattern].needs.owner === null ? [] : [{ value: 'owner_id', name: 'owner_id (who made the row)' }]
  const unique = yield* checkbox({
    id,
    topic: 'unique',
    message: 'Which columns are unique together? (none is fine)',
    choices: [...Object.keys(table.columns).map((value) => ({ value, name: value })), ...owner],
    default: given ? uniqueOf(given) : [],
  })
  return unique.length === 0 ? draft : { ...draft, tables: { ...draft.tables, [name]: { ...table, unique: [unique] } } }
}

/** As the column that points there. Another table most likely belongs to the first. */
function parentChoices(draft: SpecInput, world: World): Choice[] {
  const none = { value: '', name: 'Nothing that is there already' }
  const tables = knownTables(draft, world).map((table) => ({
    value: `${columnFor(table)}:${table.path} `,
    name: table.path,
    description: `${table.isNew ? 'Of this design. ' : ''}Adds the column ${columnFor(table)}.`,
  }))
  return draft.tables && Object.keys(draft.tables).length > 0 ? [...tables.slice(0, 1), none, ...tables.slice(1)] : [none, ...tables]
}

function uniqueOf({ unique }: TableInput): string[] {
  const [first] = unique ?? []
  return Array.isArray(first) ? first : (first?.columns ?? [])
}

function tableFault(name: string, draft: SpecInput, { catalog, habits }: World): string | null {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) return 'Small letters, digits and _, at most 41; it begins with a letter.'
  if (draft.tables && name in draft.tables) return `${name} is in this design already.`
  const schema = draft.schema ?? habits.schema
  const taken = catalog.tables.find((table) => table.schema === schema && table.name === name)
  return taken ? `${schema}.${name} exists already: a ${taken.kind} with ${taken.columns.length} columns.` : null
}
