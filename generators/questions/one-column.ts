/** One column at a time: its type or table is searched, the rest is two keys. */
import type { ColumnInput } from '../design/input-column.ts'
import { isSystemSchema } from '../design/system-schemas.ts'
import { findChoices } from './find.ts'
import { tableOfColumn } from './known-tables.ts'
import type { KnownTable } from './known-tables.ts'
import { confirm, search } from './question.ts'
import type { Asking, Choice, World } from './question.ts'
import { defaultOf } from './shorthand.ts'

interface Scope {
  /** Ids of the questions begin with it. */
  id: (question: string) => string
  tables: KnownTable[]
  world: World
}

const types: Choice[] = [
  { value: 'text', name: 'text', description: 'Any length. A limit is a check, and can be changed without a rewrite.' },
  { value: 'integer', name: 'integer', description: '4 bytes, up to 2.1 billion.' },
  { value: 'bigint', name: 'bigint', description: '8 bytes.' },
  { value: 'boolean', name: 'boolean', description: 'Yes or no.' },
  { value: 'timestamptz', name: 'timestamptz', description: 'A moment, whatever the time zone.' },
  { value: 'date', name: 'date', description: 'A day.' },
  { value: 'numeric(12,2)', name: 'numeric(12,2)', description: 'Money. Under row level security it cannot be an index condition.' },
  { value: 'uuid', name: 'uuid', description: 'An id that points to no table.' },
  { value: 'jsonb', name: 'jsonb', description: 'A document whose shape is not known.' },
  { value: 'text[]', name: 'text[]', description: 'A list, such as labels.' },
]

/** Asks what a bare name is. */
export function* askColumn(name: string, { id, tables, world }: Scope): Asking<string | ColumnInput> {
  const choices = typeChoices(name, tables, world)
  const type = yield* search({
    id: id(`${name}.type`),
    topic: 'columns',
    message: `${name}: which type, or which table?`,
    find: (typed) => [...findChoices(choices, typed), ...own(typed, choices)],
  })
  const nullable = yield* confirm({ id: id(`${name}.nullable`), topic: 'columns', message: `May ${name} be empty?`, default: false })
  const known = tables.find(({ path }) => path === type)
  if (known) return { type: known.keyType, references: known.path, on_delete: 'restrict', ...(nullable ? { nullable } : {}) }
  const functions = functionChoices(type, world)
  const fallback = yield* search({
    id: id(`${name}.default`),
    topic: 'columns',
    message: `${name} when nothing is given:`,
    find: (typed) => [...findChoices(functions, typed), ...own(typed, functions)],
  })
  if (!nullable && fallback === '') return type
  return { type, ...(nullable ? { nullable } : {}), ...(fallback === '' ? {} : { default: defaultOf(fallback) }) }
}

/** What the name suggests comes first. */
function typeChoices(name: string, tables: KnownTable[], { catalog }: World): Choice[] {
  const enums = catalog.types.filter(({ kind, schema }) => (kind === 'enum' || kind === 'domain') && !isSystemSchema(schema))
  const all: Choice[] = [
    ...types,
    ...tables.map(({ path, isNew }) => ({ value: path, name: path, description: `A row of ${isNew ? 'the new table ' : ''}${path}.` })),
    ...enums.map(({ schema, name: type, labels }) => ({ value: `${schema}.${type}`, name: `${schema}.${type}`, description: labels.length > 0 ? labels.join(', ') : 'A domain.' })),
  ]
  const guess = guessOf(name, tables)
  return all.toSorted((left, right) => Number(right.value === guess) - Number(left.value === guess))
}

function guessOf(name: string, tables: KnownTable[]): string {
  const table = tableOfColumn(name, tables)
  if (table) return table.path
  if (name.endsWith('_at')) return 'timestamptz'
  if (/_on$|_date$|^date$|day$/.test(name)) return 'date'
  if (/^(is|has|can)_|_enabled$/.test(name)) return 'boolean'
  if (/count$|number$|position$|_no$|amount$|score$|rank$|seconds$/.test(name)) return 'integer'
  if (/price$|total$|cost$/.test(name)) return 'numeric(12,2)'
  if (/_ids$|tags$|labels$/.test(name)) return 'text[]'
  return /(^|_)(data|meta|metadata|payload|settings)$/.test(name) ? 'jsonb' : 'text'
}

/** Functions without arguments whose result fits, those of the repository included. */
function functionChoices(type: string, { catalog }: World): Choice[] {
  const builtIn = ['now()', 'gen_random_uuid()', 'auth.uid()'].filter((call) => (call === 'now()' ? /^(timestamp|date)/.test(type) : type === 'uuid'))
  const theirs = catalog.functions.filter(({ schema, arguments: takes, returns }) => takes === '' && returns === type && !isSystemSchema(schema))
  const literals = type === 'boolean' ? ['false', 'true'] : /^(integer|bigint|numeric)/.test(type) ? ['0'] : []
  return [
    { value: '', name: 'Nothing: it must be given' },
    ...[...builtIn, ...theirs.map(({ schema, name }) => `${schema}.${name}()`), ...literals].map((value) => ({ value, name: value })),
  ]
}

/** What was typed itself, when it is none of those that are listed. */
function own(typed: string, choices: readonly Choice[]): Choice[] {
  const value = typed.trim()
  return value === '' || choices.some((choice) => choice.value === value) ? [] : [{ value, name: value, description: 'As typed.' }]
}
