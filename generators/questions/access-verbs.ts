/** Access verb by verb, for tables that no pattern describes. */
import { audienceWords } from '../design/audience.ts'
import type { AccessInput, VerbValue } from '../design/input-access.ts'
import type { SpecInput } from '../design/input.ts'
import { input, select } from './question.ts'
import type { Asking, Choice } from './question.ts'

const verbs = { select: 'see', insert: 'add', update: 'change', delete: 'delete' } as const

/** The pattern is the nearest one: it adds the columns that the answers need. */
export function* askVerbs(id: string, table: string, draft: SpecInput): Asking<AccessInput> {
  const { tenancy } = draft
  const isTeam = tenancy?.model === 'organization'
  const access: AccessInput = { pattern: isTeam ? ((tenancy.roles?.length ?? 0) > 1 ? 'org_roles' : 'org_member') : tenancy?.model === 'tenant_column' ? 'tenant' : 'owner' }
  const choices = audiences(draft)
  let before: string = choices[0]?.value ?? 'owner'
  for (const [verb, says] of Object.entries(verbs) as [keyof typeof verbs, string][]) {
    const fitting = choices.filter(({ value }) => (verb === 'select' || value !== 'anyone') && (verb !== 'insert' || !value.startsWith('own ')))
    const chosen = yield* select({
      id: `${id}.${verb}`,
      topic: 'access',
      message: `Who may ${says} rows of ${table}?`,
      choices: fitting,
      default: fitting.some(({ value }) => value === before) ? before : 'service',
    })
    access[verb] = verbValue(chosen)
    before = chosen
    if (verb === 'select' || chosen !== 'signed_in' || access.because !== undefined) continue
    access.because = yield* input({
      id: `${id}.because`,
      topic: 'access',
      message: 'Everybody who is signed in may write. Why is that right?',
      default: '',
      validate: (text) => (text.trim() === '' ? 'A reason, for the reviewers. Escape goes back.' : null),
    })
  }
  return access
}

function audiences({ tenancy }: SpecInput): Choice[] {
  const roles = tenancy?.model === 'organization' ? (tenancy.roles ?? []) : []
  const [weakest, ...stronger] = roles
  const hasOwner = tenancy?.model !== 'tenant_column' && !(tenancy?.model === 'organization' && roles.length < 2)
  return [
    ...(weakest === undefined ? [] : [{ value: 'member', name: 'Every member of the organisation' }]),
    ...stronger.map((role) => ({ value: `role ${role}`, name: `Members from ${role} up` })),
    ...stronger.map((role) => ({ value: `own ${role}`, name: `Members on their own rows, all rows from ${role} up` })),
    ...(tenancy?.model === 'tenant_column' ? [{ value: 'tenant', name: 'Everybody of the same tenant' }] : []),
    ...(hasOwner ? [{ value: 'owner', name: 'The person who made the row' }] : []),
    { value: 'signed_in', name: 'Everybody who is signed in' },
    { value: 'anyone', name: 'Everybody, signed in or not' },
    { value: 'service', name: 'Only the server' },
  ]
}

/** A role whose name means something else is marked as a role. */
function verbValue(chosen: string): VerbValue {
  const [word = '', role] = chosen.split(' ')
  if (role === undefined) return word
  const named = (audienceWords as readonly string[]).includes(role) ? { role } : role
  return word === 'own' ? { own: 'member', any: named } : named
}
