import type { TenancyInput } from '../design/input.ts'
import { askMemberships } from './own-memberships.ts'
import { findMemberships } from './memberships.ts'
import { confirm, input, select } from './question.ts'
import type { Asking, Choice, Section, World } from './question.ts'

/** 5: whose rows they are. Asked second: columns, keys and access depend on it. */
export const tenancy: Section = {
  id: 'tenancy',
  title: 'Whose rows they are',
  keys: ['tenancy'],
  *ask(draft, world) {
    const found = findMemberships(world.catalog)
    const choices: Choice[] = [
      ...found.map((tenancy, index) => ({
        value: `found ${index}`,
        name: `Organisations: ${tenancy.organizations}`,
        description: `Members are in ${tenancy.memberships?.table}, roles ${tenancy.roles?.join(' < ')}.`,
      })),
      { value: 'none', name: 'No: single users, everybody, or the server', description: 'No column for an organisation or tenant.' },
      { value: 'tenant_column', name: 'A tenant that the token names', description: 'Rows carry tenant_id; the claim app_metadata.tenant_id decides.' },
      { value: 'other', name: 'Organisations whose members are in another table', description: 'You name the table; its columns are proposed.' },
      ...(found.length === 0 ? [{ value: 'create', name: 'Organisations, to be created by this design', description: 'Adds organisations, memberships with roles, and functions to found, invite, change roles, leave and hand over.' }] : []),
    ]
    const chosen = yield* select({ id: 'tenancy', topic: 'tenancy', message: 'Do the rows belong to organisations?', choices, default: choices[0]?.value ?? 'none' })
    return { ...draft, tenancy: yield* complete(chosen, found, world) }
  },
}

function* complete(chosen: string, found: TenancyInput[], world: World): Asking<TenancyInput> {
  if (chosen === 'none') return { model: 'none' }
  if (chosen === 'tenant_column') return { model: 'tenant_column', column: 'tenant_id', type: 'uuid', claim: 'app_metadata.tenant_id' }
  const known = chosen === 'other' ? yield* askMemberships(world) : found[Number(chosen.replace('found ', ''))]
  if (chosen === 'create' || !known) {
    const { schema } = world.habits
    return {
      model: 'organization',
      column: 'org_id',
      organizations: `${schema}.organizations`,
      memberships: { table: `${schema}.org_memberships`, user: 'user_id', organization: 'org_id', role: 'role' },
      roles: yield* askRoles(['viewer', 'editor', 'admin', 'owner']),
      create: true,
      functions: yield* askFunctions(),
    }
  }
  if (!known.memberships?.role) return known
  return { ...known, roles: yield* askRoles(known.roles ?? []) }
}

/** What is generated is said before it is chosen. */
function* askFunctions(): Asking<boolean> {
  return yield* confirm({ id: 'tenancy.functions', topic: 'roles', message: 'Do members found, invite, give roles, leave and hand over themselves, by calling functions?', default: true })
}

function* askRoles(roles: string[]): Asking<string[]> {
  const line = yield* input({
    id: 'tenancy.roles',
    topic: 'roles',
    message: 'Roles, weakest first:',
    default: roles.join(' '),
    validate: (text) => (list(text).length === new Set(list(text)).size && list(text).length > 0 ? null : 'Each role once, at least one.'),
  })
  return list(line)
}

function list(text: string): string[] {
  return text.split(/[\s,<]+/).filter(Boolean)
}
