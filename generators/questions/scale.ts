import type { SpecInput, TableInput } from '../design/input.ts'
import { parseCount, parseGrowth } from '../design/quantities.ts'
import { input, say, select } from './question.ts'
import type { Asking, Section, World } from './question.ts'

const sizes = {
  small: { rows: '10k', growth: '1k/month' },
  medium: { rows: '1M', growth: '50k/month' },
  large: { rows: '50M', growth: '2M/month' },
}

type Size = keyof typeof sizes | 'own'

/** 4: how much there will be. */
export const scale: Section = {
  id: 'scale',
  title: 'How much there will be',
  keys: ['horizon'],
  *ask(draft, world) {
    let next: SpecInput = draft
    let before: Size = 'small'
    for (const [name, table] of Object.entries(draft.tables ?? {})) {
      const size: Size = yield* askSize(name, before)
      const known: TableInput = { ...table, scale: size === 'own' ? yield* askNumbers(name) : sizes[size] }
      next = { ...next, tables: { ...next.tables, [name]: known } }
      yield* sayGrowth(next, name, world)
      before = size
    }
    return next
  },
}

function* sayGrowth(draft: SpecInput, name: string, world: World): Asking<void> {
  yield* say(() => world.growth(draft, name))
}

function* askSize(name: string, before: Size): Asking<Size> {
  return yield* select<Size>({
    id: `scale.${name}`,
    topic: 'scale',
    message: `How many rows will ${name} have soon?`,
    choices: [
      { value: 'small', name: 'About ten thousand', description: '1k more each month: 46k in three years.' },
      { value: 'medium', name: 'About a million', description: '50k more each month: 2.8M in three years.' },
      { value: 'large', name: 'Fifty million or more', description: '2M more each month: 122M in three years.' },
      { value: 'own', name: 'I know the numbers' },
    ],
    default: before,
  })
}

function* askNumbers(name: string): Asking<NonNullable<TableInput['scale']>> {
  const rows = yield* input({
    id: `scale.${name}.rows`,
    topic: 'scale',
    message: 'Rows:',
    default: '100k',
    validate: (text) => (parseCount(text) === null ? 'Such as 950, 40k, 1.5M or 2B.' : null),
  })
  const growth = yield* input({
    id: `scale.${name}.growth`,
    topic: 'scale',
    message: 'More of them:',
    default: '10k/month',
    validate: (text) => (parseGrowth(text) === null ? 'Such as 300k/month (day, week, month, year).' : null),
  })
  return { rows, growth }
}
