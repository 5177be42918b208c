import type { ColumnInput } from '../design/input-column.ts'
import type { TableInput } from '../design/input.ts'
import { parseDuration } from '../design/quantities.ts'
import { checkbox, input, select } from './question.ts'
import type { Asking, Choice, Section } from './question.ts'

type Tables = Record<string, TableInput>

const personal = /mail|phone|address|contact|birth|first_name|last_name|full_name|(^|_)ip($|_)|passport|iban/

/** 6: what is personal, and how long rows are kept. One question each for all tables, unless they differ. */
export const privacy: Section = {
  id: 'privacy',
  title: 'Privacy and retention',
  keys: ['privacy'],
  *ask(draft) {
    const marked = yield* askPersonal(draft.tables ?? {})
    const tables = yield* askRetention(marked)
    const isPersonal = Object.values(tables).some((table) => Object.values(table.columns).some((column) => typeof column === 'object' && column.pii))
    if (!isPersonal) return { ...draft, tables }
    const within = yield* input({
      id: 'privacy.erase_within',
      topic: 'personal-data',
      message: 'A person asks to be erased: within',
      default: '30 days',
      validate: (text) => (parseDuration(text) === null ? 'Such as 30 days.' : null),
    })
    return { ...draft, tables, privacy: { subject: 'auth.users', erase_within: within } }
  },
}

function* askPersonal(tables: Tables): Asking<Tables> {
  const several = Object.keys(tables).length > 1
  const columns = Object.entries(tables).flatMap(([table, { columns: its }]) => Object.keys(its).map((column) => ({ table, column, value: `${table}.${column}` })))
  const chosen = yield* checkbox({
    id: 'privacy.columns',
    topic: 'personal-data',
    message: 'Which columns hold something about a person?',
    choices: columns.map(({ column, value }) => ({ value, name: several ? value : column })),
    default: columns.filter(({ column }) => personal.test(column)).map(({ value }) => value),
  })
  const next: Tables = {}
  for (const [name, table] of Object.entries(tables)) {
    const its = columns.filter((one) => one.table === name && chosen.includes(one.value)).map(({ column }) => column)
    next[name] = its.length === 0 ? table : yield* markPersonal(name, table, its)
  }
  return next
}

function* markPersonal(name: string, table: TableInput, personalColumns: readonly string[]): Asking<TableInput> {
  const columns = { ...table.columns }
  for (const column of personalColumns) columns[column] = withPersonalData(columns[column])
  const access = typeof table.access === 'string' ? { pattern: table.access as never } : table.access
  if (access.pattern !== 'public_read' && access.select !== 'anyone') return { ...table, columns }
  const because = yield* input({
    id: `privacy.${name}.because`,
    topic: 'personal-data',
    message: `Everybody may read ${name}. Why is that right for ${personalColumns.join(', ')}?`,
    default: '',
    validate: (text) => (text.trim() === '' ? 'A reason, for the reviewers; or go back and choose another access.' : null),
  })
  return { ...table, columns, access: { ...access, because } }
}

const periods = [
  { value: '', name: 'As long as they are of use' },
  { value: '12 months', name: '12 months, then deleted' },
  { value: '24 months', name: '24 months, then deleted' },
  { value: '7 years', name: '7 years, then deleted' },
]

function* askRetention(tables: Tables): Asking<Tables> {
  const names = Object.keys(tables)
  const each = { value: 'each', name: 'That differs from table to table' }
  const all = yield* askPeriod('privacy.keep', 'How long are rows kept?', names.length > 1 ? [...periods, each] : periods)
  const next: Tables = {}
  for (const name of names) {
    const keep = all === 'each' ? yield* askPeriod(`privacy.${name}.keep`, `How long are rows of ${name} kept?`, periods) : all
    const table = tables[name] as TableInput
    next[name] = keep === '' ? table : { ...table, retention: { keep, by: 'created_at', then: 'delete' } }
  }
  return next
}

function* askPeriod(id: string, message: string, choices: Choice[]): Asking<string> {
  return yield* select({ id, topic: 'retention', message, choices, default: '' })
}

function withPersonalData(column: string | ColumnInput | undefined): ColumnInput {
  const form: ColumnInput = typeof column === 'object' ? column : { type: column ?? 'text' }
  return { ...form, pii: 'direct', erase: form.nullable ? 'clear' : 'delete' }
}
