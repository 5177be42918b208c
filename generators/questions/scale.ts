import type { TableInput } from '../design/input.ts'
import { parseCount, parseGrowth } from '../design/quantities.ts'
import { input, say, select } from './question.ts'
import type { Asking, Section } from './question.ts'

const sizes = {
  small: { rows: '10k', growth: '1k/month' },
  medium: { rows: '1M', growth: '50k/month' },
  large: { rows: '50M', growth: '2M/month' },
}

/** 4: how much there will be. */
export const scale: Section = {
  id: 'scale',
  title: 'How much there will be',
  keys: ['horizon'],
  *ask(draft) {
    const tables: Record<string, TableInput> = {}
    for (const [name, table] of Object.entries(draft.tables ?? {})) tables[name] = { ...table, scale: yield* askScale(name) }
    return { ...draft, tables }
  },
}

function* askScale(name: string): Asking<NonNullable<TableInput['scale']>> {
  const size = yield* select({
    id: `scale.${name}`,
    message: `How many rows will ${name} have soon?`,
    choices: [
      { value: 'small', name: 'About ten thousand', description: '1k more each month' },
      { value: 'medium', name: 'About a million', description: '50k more each month' },
      { value: 'large', name: 'Fifty million or more', description: '2M more each month' },
      { value: 'own', name: 'I know the numbers' },
    ],
    default: 'small',
  })
  if (size !== 'own') return sizes[size as keyof typeof sizes]
  const rows = yield* input({ id: `scale.${name}.rows`, message: 'Rows:', default: '100k', validate: (text) => (parseCount(text) === null ? 'Such as 950, 40k, 1.5M or 2B.' : null) })
  const growth = yield* input({
    id: `scale.${name}.growth`,
    message: 'More of them:',
    default: '10k/month',
    validate: (text) => (parseGrowth(text) === null ? 'Such as 300k/month (day, week, month, year).' : null),
  })
  const perDay = parseGrowth(growth) ?? 0
  yield* say(`In three years: about ${Math.round((parseCount(rows) ?? 0) + perDay * 365.25 * 3).toLocaleString('en-US')} rows.`)
  return { rows, growth }
}
