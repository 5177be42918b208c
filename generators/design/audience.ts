/** Verb values → who passes. */
import type { DefaultAudience } from './access-defaults.ts'
import type { VerbValue } from './input-access.ts'
import { suggestion } from './issues.ts'
import type { Reading } from './reading/reading.ts'
import type { Path } from './source.ts'
import type { Audience, Tenancy, Verb, VerbRule } from './spec.ts'

export interface AudienceScope {
  reading: Reading
  /** For messages. */
  table: string
  tenancy: Tenancy
  /** The table has the tenancy column. */
  scoped: boolean
  /** The table has an owner column. */
  owned: boolean
}

/** Words with a meaning of their own. A role may be called `owner` or, if weakest, `member`; nothing else of these. */
export const audienceWords = ['nobody', 'service', 'owner', 'member', 'tenant', 'signed_in', 'anyone'] as const

/** Everybody who may act on rows of their own: those whom the table's tenancy lets in at all. */
export function baseAudience({ tenancy, scoped }: AudienceScope): Audience {
  if (tenancy.model === 'organization' && scoped) return { role: tenancy.roles[0] ?? '' }
  return tenancy.model === 'tenant_column' && scoped ? 'tenant' : 'signed_in'
}

/** A written verb value. After an issue the service alone passes. */
export function readRule(scope: AudienceScope, path: Path, value: VerbValue, verb: Verb): VerbRule {
  if (value === 'owner') return { own: baseAudience(scope), any: 'service' }
  if (typeof value === 'string') return ruleFor(readAudience(scope, path, value), scope, verb)
  const { issues } = scope.reading
  if (value.role !== undefined && (value.own ?? value.any) === undefined) return ruleFor(readRole(scope, [...path, 'role'], value.role), scope, verb)
  if (value.own === undefined || value.any === undefined || value.role !== undefined) {
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `"${verb}" of "${scope.table}" needs own and any.`,
      remedy: 'Write for example: { own: editor, any: admin }',
    })
    return { own: 'service', any: 'service' }
  }
  if (value.any === 'owner')
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'any'],
      message: 'Among any rows, nobody is the owner.',
      remedy: 'For rows of the caller only write: owner',
    })
  const side = (key: 'own' | 'any') => {
    const written = value[key]
    if (written === 'owner' || written === undefined) return key === 'own' ? baseAudience(scope) : 'service'
    return typeof written === 'string' ? readAudience(scope, [...path, key], written) : readRole(scope, [...path, key, 'role'], written.role)
  }
  return { own: side('own'), any: side('any') }
}

/** What a pattern means when nothing is written. */
export function defaultRule(scope: AudienceScope, value: DefaultAudience | { own: DefaultAudience; any: DefaultAudience }, verb: Verb): VerbRule {
  if (value === 'owner') return { own: baseAudience(scope), any: 'service' }
  if (typeof value === 'string') return ruleFor(defaultAudience(scope, value), scope, verb)
  return { own: defaultAudience(scope, value.own), any: defaultAudience(scope, value.any) }
}

/** Where rows have owners, clients insert as themselves. */
function ruleFor(audience: Audience, { owned }: AudienceScope, verb: Verb): VerbRule {
  const isClient = audience !== 'nobody' && audience !== 'service'
  return { own: audience, any: verb === 'insert' && owned && isClient ? 'service' : audience }
}

function defaultAudience(scope: AudienceScope, value: DefaultAudience): Audience {
  const { tenancy, scoped } = scope
  const roles = tenancy.model === 'organization' && scoped ? tenancy.roles : []
  const roleAt = (place: number): Audience => {
    const role = roles[Math.min(place, roles.length - 1)]
    return role === undefined ? 'service' : { role }
  }
  switch (value) {
    case 'owner':
      return baseAudience(scope)
    case 'member':
    case 'weakest role':
      return roleAt(0)
    case 'second role':
      return roleAt(1)
    case 'third role':
      return roleAt(2)
    case 'tenant':
      return tenancy.model === 'tenant_column' && scoped ? 'tenant' : 'service'
    default:
      return value
  }
}

function readAudience(scope: AudienceScope, path: Path, word: string): Audience {
  const { tenancy } = scope
  if (word === 'nobody' || word === 'service' || word === 'signed_in' || word === 'anyone') return word
  if (word === 'tenant') return requireScope(scope, path, word, 'tenant_column') ? 'tenant' : 'service'
  if (word === 'member') return requireScope(scope, path, word, 'organization') && tenancy.model === 'organization' ? { role: tenancy.roles[0] ?? '' } : 'service'
  return readRole(scope, path, word)
}

function readRole(scope: AudienceScope, path: Path, role: string): Audience {
  const { reading, tenancy } = scope
  const roles = tenancy.model === 'organization' ? tenancy.roles : []
  if (roles.includes(role)) return requireScope(scope, path, role, 'organization') ? { role } : 'service'
  const known = [...audienceWords, ...roles]
  reading.issues.add({
    code: 'SPEC_VALUE', path,
    message: `"${role}" is neither a role of the tenancy nor a word for somebody.`,
    remedy: suggestion(role, known),
  })
  return 'service'
}

function requireScope({ reading, tenancy, scoped, table }: AudienceScope, path: Path, word: string, model: 'organization' | 'tenant_column'): boolean {
  if (tenancy.model === model && scoped) return true
  const isUnscoped = tenancy.model === model
  const message = isUnscoped
    ? `"${table}" has no tenancy column, so nobody is "${word}" of its rows.`
    : `"${word}" needs the tenancy model ${model}, and this design has ${tenancy.model}.`
  reading.issues.add({
    code: 'SPEC_CONFLICT', path,
    message,
    remedy: isUnscoped
      ? 'Remove tenancy: none from the table, or choose signed_in, owner or service.'
      : 'Choose owner, signed_in, anyone or service, or change the tenancy.',
  })
  return false
}

/** Larger = more people. For roles of the same tenancy, a weaker role is the wider audience. */
export function widthOf(audience: Audience, tenancy: Tenancy): number {
  if (typeof audience === 'object') return tenancy.model === 'organization' ? 2 + tenancy.roles.length - tenancy.roles.indexOf(audience.role) : 2
  return { nobody: 0, service: 1, tenant: 3, signed_in: 10_000, anyone: 20_000 }[audience]
}
