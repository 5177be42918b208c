import type { QueryInput, SpecInput, TableInput } from '../design/input.ts'
import { parseRate } from '../design/quantities.ts'
import { checkbox, confirm, input, select } from './question.ts'
import type { Asking, Section, World } from './question.ts'

/** 3: the reads that must be fast. They decide about the indexes. */
export const queries: Section = {
  id: 'queries',
  title: 'What is read often',
  keys: ['queries'],
  *ask(draft, world) {
    const offered = Object.entries(draft.tables ?? {}).flatMap(([name, table]) => proposals(name, table, draft))
    const chosen = yield* checkbox({
      id: 'queries',
      message: 'Which of these are read often?',
      choices: offered.map(({ id, says }) => ({ value: id, name: says })),
      default: offered.slice(0, 1).map(({ id }) => id),
    })
    const answered: Record<string, QueryInput> = {}
    for (const { id, query } of offered.filter((proposal) => chosen.includes(proposal.id))) {
      const rate = yield* input({ id: `queries.${id}.rate`, message: `How often is ${id} run at the busiest time?`, default: '1/s', validate: rateFault })
      answered[id] = { ...query, rate }
    }
    return { ...draft, queries: yield* askSql(answered, draft, world) }
  },
}

function* askSql(answered: Record<string, QueryInput>, draft: SpecInput, world: World): Asking<Record<string, QueryInput>> {
  const next = { ...answered }
  while (yield* confirm({ id: `queries.sql.${Object.keys(next).length}`, message: 'Another query, typed as SQL?', default: false })) {
    const number = Object.keys(next).length
    const name = yield* input({ id: `queries.sql.${number}.name`, message: 'A name for it:', default: `query_${number + 1}`, validate: (text) => (/^[a-z][a-z0-9_]*$/.test(text) ? null : 'Small letters, digits and _.') })
    const role = yield* select({ id: `queries.sql.${number}.as`, message: 'Who runs it?', choices: roles, default: 'authenticated' })
    const sql = yield* input({
      id: `queries.sql.${number}.text`,
      message: 'The select, with $1, $2 for what changes:',
      default: '',
      validate: async (text) => (await world.faults({ ...draft, queries: { [name]: { sql: text, as: role } } }, ['queries', name]))[0] ?? null,
    })
    const rate = yield* input({ id: `queries.sql.${number}.rate`, message: 'How often at the busiest time?', default: '1/s', validate: rateFault })
    next[name] = { sql, rate, as: role }
  }
  return next
}

const roles = [
  { value: 'authenticated', name: 'People who are signed in (authenticated)' },
  { value: 'anon', name: 'Anybody (anon)' },
  { value: 'service_role', name: 'The server (service_role)' },
]

interface Proposal {
  id: string
  says: string
  query: QueryInput
}

/** Lists by newest: of the whole scope, of the owner, and for every reference. */
function proposals(name: string, table: TableInput, { tenancy }: SpecInput): Proposal[] {
  const pattern = typeof table.access === 'string' ? table.access : table.access.pattern
  const role = pattern === 'public_read' ? 'anon' : pattern === 'service_only' ? 'service_role' : 'authenticated'
  const scope = tenancy?.model === 'organization' || tenancy?.model === 'tenant_column' ? [`${tenancy.column} =`] : []
  const newest = { order_by: 'created_at desc, id desc', page: 'keyset 20', as: role }
  const references = Object.entries(table.columns).flatMap(([column, form]) => (typeof form === 'object' && form.references ? [column] : []))
  const byReference = references.map((column) => ({
    id: `${name}_by_${column.replace(/_id$/, '')}`,
    says: `${name} of one ${column.replace(/_id$/, '')}, newest first`,
    query: { table: name, where: [...scope, `${column} =`], ...newest },
  }))
  const own = { id: `my_${name}`, says: `${name} of the person who asks, newest first`, query: { table: name, where: [...scope, 'owner_id ='], ...newest } }
  const latest = { id: `latest_${name}`, says: scope.length > 0 ? `${name} of one organisation, newest first` : `${name}, newest first`, query: { table: name, where: [...scope], ...newest } }
  const owned = pattern === 'owner' || pattern === 'org_roles' ? [own] : []
  const all = pattern === 'owner' ? [...owned, ...byReference] : [...byReference, latest, ...owned]
  return all.map((proposal) => ({ ...proposal, query: withoutEmptyWhere(proposal.query) }))
}

function withoutEmptyWhere(query: QueryInput): QueryInput {
  if (query.where && query.where.length > 0) return query
  const { where: _where, ...rest } = query
  return rest
}

function rateFault(text: string): string | null {
  return parseRate(text) === null ? 'Such as 120/s, 30/min, 5/h or 900/day.' : null
}
