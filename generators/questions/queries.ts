import type { QueryInput, SpecInput } from '../design/input.ts'
import { parseRate } from '../design/quantities.ts'
import { proposeQueries } from './proposed-queries.ts'
import { checkbox, input, select } from './question.ts'
import type { Asking, Section, World } from './question.ts'

/** 3: the reads that must be fast. They decide about the indexes. */
export const queries: Section = {
  id: 'queries',
  title: 'What is read often',
  keys: ['queries'],
  *ask(draft, world) {
    const perTable = Object.entries(draft.tables ?? {}).map(([name, table]) => proposeQueries(name, table, draft))
    const offered = perTable.flat()
    const chosen = yield* checkbox({
      id: 'queries',
      topic: 'queries',
      message: 'Which of these are read often?',
      choices: offered.map(({ id, says }) => ({ value: id, name: says })),
      default: perTable.flatMap((proposals) => proposals.slice(0, 1).map(({ id }) => id)),
    })
    const answered: Record<string, QueryInput> = {}
    for (const { id, says, query } of offered.filter((proposal) => chosen.includes(proposal.id))) {
      const rate = yield* input({ id: `queries.${id}.rate`, topic: 'rates', message: `How often at the busiest time: ${says}?`, default: '1/s', validate: rateFault })
      answered[id] = { ...query, rate }
    }
    return { ...draft, queries: yield* askSql(answered, draft, world) }
  },
}

/** Read with the real parser and tried on the server while the question is open. */
function* askSql(answered: Record<string, QueryInput>, draft: SpecInput, world: World): Asking<Record<string, QueryInput>> {
  const next = { ...answered }
  for (let number = 1; ; number += 1) {
    const id = (question: string) => `queries.sql.${number}${question}`
    const sql = yield* input({
      id: id(''),
      topic: 'sql',
      message: 'Another read, as SQL with $1, $2 (Enter: no more):',
      default: '',
      validate: async (text) => (text.trim() === '' ? null : ((await world.faults({ ...draft, queries: { trial: { sql: text, as: 'service_role' } } }, ['queries', 'trial']))[0] ?? null)),
    })
    if (sql === '') return next
    const name = yield* input({ id: id('.name'), topic: 'sql', message: 'A name for it:', default: `query_${number}`, validate: (text) => nameFault(text, next) })
    const role = yield* select({ id: id('.as'), topic: 'sql', message: 'Who runs it?', choices: roles, default: 'authenticated' })
    const rate = yield* input({ id: id('.rate'), topic: 'rates', message: 'How often at the busiest time?', default: '1/s', validate: rateFault })
    next[name] = { sql, rate, as: role }
  }
}

const roles = [
  { value: 'authenticated', name: 'People who are signed in (authenticated)' },
  { value: 'anon', name: 'Anybody (anon)' },
  { value: 'service_role', name: 'The server (service_role)' },
]

function nameFault(name: string, taken: Record<string, QueryInput>): string | null {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return 'Small letters, digits and _.'
  return name in taken ? `There is a query ${name} already.` : null
}

function rateFault(text: string): string | null {
  return parseRate(text) === null ? 'Such as 120/s, 30/min, 5/h or 900/day.' : null
}
