/** Verb values → who passes. */
import type { DefaultAudience } from './access-defaults.ts'
import type { SideValue, VerbValue } from './input-access.ts'
import { suggestion } from './issues.ts'
import type { Reading } from './reading/reading.ts'
import type { Path } from './source.ts'
import { baseAudience, isParent, isRole, isShared } from './audience-kinds.ts'
import type { ParentAudience, SharesSpec, ViaSpec } from './followed.ts'
import type { Audience, Tenancy, Verb, VerbRule } from './spec.ts'

export interface AudienceScope {
  reading: Reading
  /** For messages. */
  table: string
  tenancy: Tenancy
  /** Its rows belong to tenants. */
  scoped: boolean
  /** The table has an owner column. */
  owned: boolean
  via: ViaSpec | null
  shares: SharesSpec | null
}

/** Words with a meaning of their own. A role may be called `owner` or, if weakest, `member`; nothing else of these. */
export const audienceWords = ['nobody', 'service', 'owner', 'member', 'tenant', 'signed_in', 'anyone'] as const

/** A written verb value. After an issue the service alone passes. */
export function readRule(scope: AudienceScope, path: Path, value: VerbValue, verb: Verb): VerbRule {
  if (value === 'owner') return { own: ownAudience(scope), any: 'service' }
  if (typeof value === 'string') return ruleFor(readWord(scope, path, value, verb), scope, verb)
  const { issues } = scope.reading
  const { own, any, ...one } = value
  if (own === undefined && any === undefined && Object.keys(one).length > 0) return ruleFor(readObject(scope, path, one, verb), scope, verb)
  if (own === undefined || any === undefined || Object.keys(one).length > 0) {
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `"${verb}" of "${scope.table}" needs own and any.`,
      remedy: 'Write for example: { own: editor, any: admin }',
    })
    return { own: 'service', any: 'service' }
  }
  if (any === 'owner')
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'any'],
      message: 'Among any rows, nobody is the owner.',
      remedy: 'For rows of the caller only write: owner',
    })
  const side = (key: 'own' | 'any') => {
    const written = value[key]
    if (written === 'owner' || written === undefined) return key === 'own' ? ownAudience(scope) : 'service'
    return typeof written === 'string' ? readWord(scope, [...path, key], written, verb) : readObject(scope, [...path, key], written, verb)
  }
  return { own: side('own'), any: side('any') }
}

/** What a pattern means when nothing is written. */
export function defaultRule(scope: AudienceScope, value: DefaultAudience | { own: DefaultAudience; any: DefaultAudience }, verb: Verb): VerbRule {
  if (value === 'owner') return { own: ownAudience(scope), any: 'service' }
  if (typeof value === 'string') return ruleFor(defaultAudience(scope, value, verb), scope, verb)
  return { own: defaultAudience(scope, value.own, verb), any: defaultAudience(scope, value.any, verb) }
}

function ownAudience({ tenancy, scoped }: AudienceScope): Audience {
  return baseAudience(tenancy, { isScoped: scoped })
}

/** Where rows have owners, clients insert as themselves. */
function ruleFor(audience: Audience, { owned }: AudienceScope, verb: Verb): VerbRule {
  const isClient = audience !== 'nobody' && audience !== 'service'
  return { own: audience, any: verb === 'insert' && owned && isClient ? 'service' : audience }
}

function defaultAudience(scope: AudienceScope, value: DefaultAudience, verb: Verb): Audience {
  const { tenancy, scoped, shares } = scope
  const roles = tenancy.model === 'organization' && scoped ? tenancy.roles : []
  const roleAt = (place: number): Audience => {
    const role = roles[Math.min(place, roles.length - 1)]
    return role === undefined ? 'service' : { role }
  }
  switch (value) {
    case 'owner':
      return ownAudience(scope)
    case 'parent':
      return scope.via ? { parent: verb } : 'service'
    case 'weakest level':
    case 'strongest level': {
      const level = shares?.levels.at(value === 'weakest level' ? 0 : -1)
      return level === undefined ? 'service' : { shared: level }
    }
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

/** `{ role: owner }`, `{ parent: update }`, `{ shared: editor }`. */
function readObject(scope: AudienceScope, path: Path, value: Exclude<SideValue, string>, verb: Verb): Audience {
  const [key, second] = Object.keys(value)
  if (second !== undefined || key === undefined) {
    scope.reading.issues.add({
      code: 'SPEC_VALUE', path,
      message: `"${verb}" of "${scope.table}" names ${key === undefined ? 'nobody' : `${key} and ${second} at once`}.`,
      remedy: 'Write one of: { role: editor }, { parent: update }, { shared: editor }.',
    })
    return 'service'
  }
  if (value.parent !== undefined) return readParent(scope, [...path, 'parent'], value.parent)
  if (value.shared !== undefined) return readShared(scope, [...path, 'shared'], value.shared, verb)
  return readRole(scope, [...path, 'role'], value.role ?? '')
}

function readParent({ reading, table, via }: AudienceScope, path: Path, parent: ParentAudience['parent']): Audience {
  if (via && (via.existing === null || parent === 'select')) return { parent }
  const message = via
    ? `"${via.references.schema}.${via.references.name}" exists already, and who may ${parent === 'owner' ? 'own' : parent} its rows is not in this design.`
    : `"${table}" follows no parent: its access has no "via".`
  reading.issues.add({
    code: 'SPEC_CONFLICT', path,
    message,
    remedy: via ? 'Follow who may see the row: { parent: select }. Or choose owner or service.' : 'Add to access: via: <the foreign key column whose row decides>',
  })
  return 'service'
}

function readShared({ reading, table, shares }: AudienceScope, path: Path, level: string, verb: Verb): Audience {
  const conflict = (code: 'SPEC_CONFLICT' | 'SPEC_VALUE', message: string, remedy: string | undefined): Audience => {
    reading.issues.add({ code, path, message, remedy })
    return 'service'
  }
  if (!shares) return conflict('SPEC_CONFLICT', `Rows of "${table}" are shared with nobody: its access has no "shares".`, 'Add to access: shares: { levels: [viewer, editor] }')
  if (verb === 'insert') return conflict('SPEC_CONFLICT', `A new row of "${table}" is shared with nobody yet.`, 'Write: insert: owner')
  if (!shares.levels.includes(level)) return conflict('SPEC_VALUE', `"${level}" is not a level of the shares of "${table}".`, suggestion(level, shares.levels))
  return { shared: level }
}

function readWord(scope: AudienceScope, path: Path, word: string, verb: Verb): Audience {
  const { tenancy } = scope
  if (word === 'shared' && !(tenancy.model === 'organization' && tenancy.roles.includes(word) && !scope.shares)) return readShared(scope, path, scope.shares?.levels[0] ?? '', verb)
  if (word === 'nobody' || word === 'service' || word === 'signed_in' || word === 'anyone') return word
  if (word === 'tenant') return requireScope(scope, path, word, 'tenant_column') ? 'tenant' : 'service'
  if (word === 'member') return requireScope(scope, path, word, 'organization') && tenancy.model === 'organization' ? { role: tenancy.roles[0] ?? '' } : 'service'
  return readRole(scope, path, word)
}

function readRole(scope: AudienceScope, path: Path, role: string): Audience {
  const { reading, tenancy } = scope
  const roles = tenancy.model === 'organization' ? tenancy.roles : []
  if (roles.includes(role)) return requireScope(scope, path, role, 'organization') ? { role } : 'service'
  if (Object.hasOwn(reading.input.jobs ?? {}, role)) {
    reading.issues.add({ code: 'SPEC_VALUE', path, message: `"${role}" is a job, and access is for people and the service.`, remedy: `Write service here, and give "${role}" the verb under jobs.` })
    return 'service'
  }
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
  if (isRole(audience)) return tenancy.model === 'organization' ? 2 + tenancy.roles.length - tenancy.roles.indexOf(audience.role) : 2
  // Only who may see the parent may be as many as those who see the row.
  if (isParent(audience)) return audience.parent === 'select' ? 15_000 : 2
  if (isShared(audience)) return 2
  return { nobody: 0, service: 1, tenant: 3, signed_in: 10_000, anyone: 20_000 }[audience]
}
