/** Who may do what with a table, in the words of the patterns. */
import type { AccessInput } from '../design/input-access.ts'
import type { SpecInput, TableInput } from '../design/input.ts'
import type { PatternId } from '../design/spec.ts'
import { askVerbs } from './access-verbs.ts'
import { input, select } from './question.ts'
import type { Asking, Choice } from './question.ts'

const says: Record<PatternId, string> = {
  org_roles: 'Members of the organisation, by role',
  org_member: 'Every member of the organisation reads and writes',
  owner: 'Only the person who made the row',
  tenant: 'Everybody of the same tenant',
  public_read: 'Everybody reads, signed in or not; only the server writes',
  service_only: 'Only the server',
  shared_with: 'The person who made the row, and people whom they share it with',
  parent: 'Whoever may do the same with the row that it belongs to',
}

/** Asks for the pattern, and for what goes with it. */
export function* accessQuestion(id: string, draft: SpecInput, name: string): Asking<SpecInput> {
  const patterns = patternsFor(draft, name)
  const chosen = yield* select<PatternId | 'each'>({
    id,
    topic: 'access',
    message: `Who may see and change rows of ${name}?`,
    choices: [
      ...patterns.map((value): Choice<PatternId> => ({ value, name: says[value], ...descriptionOf(draft, value) })),
      { value: 'each', name: 'I choose for each: see, add, change, delete' },
    ],
    default: patternBefore(draft, name) ?? patterns[0] ?? 'owner',
  })
  const table = draft.tables?.[name] as TableInput
  const access: AccessInput = chosen === 'each' ? yield* askVerbs(id, name, draft) : chosen === 'parent' ? yield* parentAccess(id, name, draft) : { pattern: chosen }
  if (access.pattern === 'public_read') {
    const where = yield* input({ id: `${id}.where`, topic: 'access', message: 'Which rows may everybody see? (a condition in SQL; empty: all)', default: publishedWhere(table) })
    if (where !== '') access.where = where
  }
  const removal = yield* select({
    id: `${id}.soft_delete`,
    topic: 'soft-delete',
    message: 'When a row is deleted:',
    choices: [
      { value: 'gone', name: 'It is gone' },
      { value: 'rpc', name: 'It is hidden and can be restored', description: 'Adds deleted_at; clients call a function instead of DELETE.' },
    ],
    default: 'gone',
  })
  const next: TableInput = { ...table, access, ...(removal === 'rpc' ? { soft_delete: 'rpc' as const } : {}) }
  return { ...draft, tables: { ...draft.tables, [name]: next } }
}

/** The most likely first. */
function patternsFor(draft: SpecInput, name: string): PatternId[] {
  const { tenancy } = draft
  const common: PatternId[] = ['owner', 'public_read', 'service_only', 'shared_with', ...(linksOf(draft, name).length > 0 ? ['parent' as const] : [])]
  if (tenancy?.model === 'tenant_column') return ['tenant', ...common]
  if (tenancy?.model !== 'organization') return common
  return (tenancy.roles?.length ?? 0) > 1 ? ['org_roles', 'org_member', ...common] : ['org_member', ...common]
}

/** Of a table that exists already, only who may see its rows can be followed. */
function* parentAccess(id: string, name: string, draft: SpecInput): Asking<AccessInput> {
  const links = linksOf(draft, name)
  const via =
    links.length === 1
      ? links[0]?.column
      : yield* select({ id: `${id}.via`, topic: 'access', message: 'Which of them decides?', choices: links.map(({ column, table }) => ({ value: column, name: `${table}, by ${column}` })), default: links[0]?.column ?? '' })
  const isNew = links.find(({ column }) => column === via)?.isNew === true
  return { pattern: 'parent', ...(via === undefined ? {} : { via }), ...(isNew ? {} : { insert: 'service', update: 'service', delete: 'service' }) }
}

/** Columns that point to a row of another table; people own rows, and are no parents. */
function linksOf({ tables = {}, schema }: SpecInput, name: string): { column: string; table: string; isNew: boolean }[] {
  return Object.entries(tables[name]?.columns ?? {}).flatMap(([column, written]) => {
    const table = typeof written === 'object' ? written.references?.replace(/\(.*/, '') : undefined
    if (table === undefined || table === 'auth.users' || table === name) return []
    const own = Object.keys(tables).some((other) => table === other || table === `${schema ?? ''}.${other}` || (schema === undefined && table.endsWith(`.${other}`)))
    return [{ column, table, isNew: own }]
  })
}

/** Tables of one design are mostly for the same people. */
function patternBefore({ tables = {} }: SpecInput, name: string): PatternId | null {
  const before = Object.entries(tables).filter(([other]) => other !== name).at(-1)?.[1].access
  const pattern = typeof before === 'string' ? before : before?.pattern
  return pattern !== undefined && pattern in says ? (pattern as PatternId) : null
}

function descriptionOf({ tenancy }: SpecInput, pattern: PatternId): { description?: string } {
  if (pattern !== 'org_roles' || !tenancy?.roles) return {}
  const [first, second = first, third = second] = tenancy.roles
  return { description: `From ${first} up they read, from ${second} up they add and change their own rows, from ${third} up they change and delete all.` }
}

function publishedWhere(table: TableInput): string {
  const status = table.columns['status']
  return typeof status === 'object' && status.one_of?.includes('published') ? "status = 'published'" : ''
}
