import type { ColumnInput } from '../design/input-column.ts'
import type { SpecInput, TableInput } from '../design/input.ts'
import { parseDuration } from '../design/quantities.ts'
import { checkbox, input, select } from './question.ts'
import type { Asking, Section } from './question.ts'

const personal = /mail|phone|address|contact|birth|first_name|last_name|full_name|(^|_)ip($|_)|passport|iban/

/** 6: what is personal, and how long rows are kept. */
export const privacy: Section = {
  id: 'privacy',
  title: 'Privacy and retention',
  keys: ['privacy'],
  *ask(draft) {
    const tables: Record<string, TableInput> = {}
    for (const [name, table] of Object.entries(draft.tables ?? {})) tables[name] = yield* askTable(name, table)
    const next: SpecInput = { ...draft, tables }
    const isPersonal = Object.values(tables).some((table) => Object.values(table.columns).some((column) => typeof column === 'object' && column.pii))
    if (!isPersonal) return next
    const within = yield* input({ id: 'privacy.erase_within', topic: 'personal-data', message: 'A person asks to be erased: within', default: '30 days', validate: (text) => (parseDuration(text) === null ? 'Such as 30 days.' : null) })
    return { ...next, privacy: { subject: 'auth.users', erase_within: within } }
  },
}

function* askTable(name: string, table: TableInput): Asking<TableInput> {
  const columns = { ...table.columns }
  const names = Object.keys(columns)
  const chosen = yield* checkbox({
    id: `privacy.${name}`,
    topic: 'personal-data',
    message: `Which columns of ${name} hold something about a person?`,
    choices: names.map((value) => ({ value, name: value })),
    default: names.filter((column) => personal.test(column)),
  })
  for (const column of chosen) columns[column] = withPersonalData(columns[column])
  const next: TableInput = { ...table, columns }
  if (chosen.length > 0) {
    const access = typeof table.access === 'string' ? { pattern: table.access as never } : table.access
    const isPublic = access.pattern === 'public_read'
    if (isPublic) {
      const because = yield* input({
        id: `privacy.${name}.because`,
        topic: 'personal-data',
        message: `Everybody may read ${name}. Why is that right for ${chosen.join(', ')}?`,
        default: '',
        validate: (text) => (text.trim() === '' ? 'A reason, for the reviewers; or go back and choose another access.' : null),
      })
      next.access = { ...access, because }
    }
  }
  const keep = yield* select({
    id: `privacy.${name}.keep`,
    topic: 'retention',
    message: `How long are rows of ${name} kept?`,
    choices: [
      { value: '', name: 'As long as they are of use' },
      { value: '12 months', name: '12 months, then deleted' },
      { value: '24 months', name: '24 months, then deleted' },
      { value: '7 years', name: '7 years, then deleted' },
    ],
    default: '',
  })
  return keep === '' ? next : { ...next, retention: { keep, by: 'created_at', then: 'delete' } }
}

function withPersonalData(column: string | ColumnInput | undefined): ColumnInput {
  const form: ColumnInput = typeof column === 'object' ? column : { type: column ?? 'text' }
  return { ...form, pii: 'direct', erase: form.nullable ? 'clear' : 'delete' }
}
