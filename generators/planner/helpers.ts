/** Functions that policies call, in a schema that the Data API does not expose. */
import { type Catalog, findTable } from '../design/catalog.ts'
import type { FunctionPlan } from '../design/plan.ts'
import { type OrganizationTenancy, type Spec } from '../design/spec.ts'
import type { PolicyHelpers } from '../patterns/define-pattern.ts'
import { bracketed } from '../sql/bracketed.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'
import { idOf, keysFunction } from './key-helpers.ts'
import { type FunctionDraft, keptQuery, ofType, planFunction } from './plan-function.ts'

export interface HelpersPlan {
  /** Complete when every policy and function that calls them is planned; what a function calls stands before it. */
  functions: FunctionPlan[]
  names: PolicyHelpers
}

/** Each is planned when the first rule asks for it, so there are only those that some rule of the design needs. */
export function planHelpers(spec: Spec, catalog: Catalog, confirmedEmail: string | null = null): HelpersPlan {
  const functions: FunctionPlan[] = []
  const known = new Map<string, string>()
  const { tenancy } = spec
  const plan = (id: string, draft: () => FunctionDraft): string => {
    const name = known.get(id)
    if (name !== undefined) return name
    const planned = planFunction(draft(), spec, catalog)
    functions.push(planned)
    known.set(id, qualified(planned.name))
    return qualified(planned.name)
  }
  const names: PolicyHelpers = {
    get organizationIds() {
      return tenancy.model === 'organization' ? plan('organizations', () => organizationIds(tenancy, catalog)) : null
    },
    get tenantId() {
      return tenancy.model === 'tenant_column' ? plan('tenant', () => tenantId(tenancy)) : null
    },
    ...(confirmedEmail === null ? {} : { confirmedEmail }),
    keys: (need) => plan(idOf(need), () => keysFunction(need, spec, catalog, names)),
  }
  return { functions, names }
}

/** `org_id` → `private.org_ids(min_role)`. */
function organizationIds(tenancy: OrganizationTenancy, catalog: Catalog): FunctionDraft {
  const { memberships } = tenancy
  const roles = `array[${literalList(tenancy.roles)}]`
  const deleted = tenancy.organizationDeleted
  const { schema, name } = memberships.table
  const key = findTable(catalog, schema, name)?.columns.find((column) => column.name === memberships.organization)
  const conditions = [
    `membership.${ident(memberships.user)} = (select auth.uid())`,
    memberships.role && `array_position(${roles}, membership.${ident(memberships.role)}::text) >= array_position(${roles}, $1)`,
    memberships.where && bracketed(memberships.where),
    deleted && `exists (\n${liveOrganization(tenancy, deleted)}\n    )`,
  ].filter((condition): condition is string => Boolean(condition))
  return {
    base: `${tenancy.column}s`,
    arguments: 'min_role text',
    argumentTypes: 'text',
    returns: `setof ${tenancy.type}`,
    volatility: 'stable',
    securityDefiner: true,
    ...keptQuery(
      [
        `  select ${ofType(`membership.${ident(memberships.organization)}`, key?.type, tenancy.type)}`,
        `  from ${qualified(memberships.table)} as membership`,
        `  where ${conditions.join('\n    and ')}`,
      ].join('\n'),
      { hasArguments: true },
    ),
    comment: `Organisations in which the caller is an active member with at least this role (${tenancy.roles.join(' < ')}). For policies: ${tenancy.column} = any (array(select …)).`,
    executableBy: ['authenticated'],
    kind: 'policy helper',
    file: 'rls',
  }
}

/** Not a join: a bare column in the membership's own predicate must mean the membership. */
function liveOrganization({ organizations, organizationKey, memberships }: OrganizationTenancy, deleted: string): string {
  return [
    `      select from ${qualified(organizations)} as organization`,
    `      where organization.${ident(organizationKey)} = membership.${ident(memberships.organization)}`,
    `        and organization.${ident(deleted)} is null`,
  ].join('\n')
}

/** `tenant_id` → `private.tenant_id()`. A missing or empty claim is null, and null passes nothing. */
function tenantId(tenancy: Extract<Spec['tenancy'], { model: 'tenant_column' }>): FunctionDraft {
  const path = literal(`{${tenancy.claim.map((key) => JSON.stringify(key)).join(',')}}`)
  return {
    base: tenancy.column,
    arguments: '',
    argumentTypes: '',
    returns: tenancy.type,
    language: 'plpgsql',
    volatility: 'stable',
    securityDefiner: false,
    body: ['begin', `  return nullif(auth.jwt() #>> ${path}, '')::${tenancy.type};`, 'end;'].join('\n'),
    comment: `Tenant of the caller's token, from ${tenancy.claim.join('.')}; null without one.`,
    executableBy: ['authenticated'],
    kind: 'policy helper',
    file: 'rls',
  }
}
