/** Functions that return keys of rows, so that a policy is one InitPlan and an index condition. */
import { type Catalog, findTable } from '../design/catalog.ts'
import type { SharesSpec } from '../design/followed.ts'
import { findSpec, parentRule } from '../design/parent-rules.ts'
import { type Spec, type TableSpec, columnOf } from '../design/spec.ts'
import type { KeysNeed, PolicyHelpers } from '../patterns/define-pattern.ts'
import { conditionsOf } from '../patterns/parent.ts'
import { rulePredicate } from '../patterns/rule-predicate.ts'
import { type QualifiedName, composedName, ident, qualified } from '../sql/identifier.ts'
import { literalList } from '../sql/literal.ts'
import { type FunctionDraft, keptQuery, ofType } from './plan-function.ts'

export function idOf(need: KeysNeed): string {
  if (need.of === 'parent') return JSON.stringify([need.parent.schema, need.parent.name, need.key, need.audience.parent])
  return JSON.stringify([need.of, need.table.schema, need.table.name])
}

export function keysFunction(need: KeysNeed, spec: Spec, catalog: Catalog, helpers: PolicyHelpers): FunctionDraft {
  if (need.of === 'parent') return parentKeys(need, spec, helpers)
  return need.of === 'tenant' ? tenantKeys(need.table, spec, catalog, helpers) : sharedKeys(need.table, spec, catalog)
}

const shared = { volatility: 'stable', securityDefiner: true, kind: 'policy helper', file: 'rls' } as const

/** `private.collections_select_keys()`: the parent's own rule, asked once for all of its rows. */
function parentKeys({ parent, key, audience }: Extract<KeysNeed, { of: 'parent' }>, spec: Spec, helpers: PolicyHelpers): FunctionDraft {
  const verb = audience.parent
  const predicate = rulePredicate(parentRule(parent, audience, spec.tenancy), conditionsOf(parent, audience), { table: parent, tables: spec.tables, tenancy: spec.tenancy, helpers })
  return {
    ...shared,
    base: composedName([parent.name, ...keyWord(parent, key), verb], 'keys'),
    arguments: '',
    argumentTypes: '',
    returns: `setof ${columnOf(parent, key).type}`,
    ...keptQuery([`  select ${ident(key)}`, `  from ${qualified(parent)}`, `  where ${(predicate?.sql ?? 'true').replaceAll('\n', '\n    ')}`].join('\n'), { hasArguments: false }),
    comment: `${ident(key)} of the rows of ${parent.name} that the caller ${verb === 'owner' ? 'owns' : `may ${verb}`} (${predicate?.says ?? 'nobody'}). For policies of tables that follow them.`,
    executableBy: predicate?.roles ?? [],
  }
}

/** Only a key that is not the primary key has to be told apart. */
function keyWord({ primaryKey }: TableSpec, key: string): string[] {
  return primaryKey.length === 1 && primaryKey[0] === key ? [] : [key]
}

/** `private.collections_tenant_keys(min_role)`: rows of the caller's tenants, whether they are marked as deleted or not. */
function tenantKeys(table: TableSpec, spec: Spec, catalog: Catalog, helpers: PolicyHelpers): FunctionDraft {
  const { tables, tenancy } = spec
  const via = table.tenantVia
  if (via === null || tenancy.model === 'none') throw new Error(`${table.name} stores its tenant.`)
  const parent = findSpec(tables, via.references)
  const isOrganization = tenancy.model === 'organization'
  // By position: a parameter's name would lose against a column of the same name.
  const argument = isOrganization ? '$1' : ''
  const above = parent?.tenantVia ?? null
  const ofTenant = isOrganization ? `any (array(select ${helpers.organizationIds}(${argument})))` : `(select ${helpers.tenantId}())`
  const type = columnOf(table, via.column).type
  const condition = above && parent ? `${ident(above.column)} = any (array(select ${helpers.keys({ of: 'tenant', table: parent })}(${argument})))` : `${ident(parent?.tenantColumn ?? tenancy.column)} = ${ofTenant}`
  return {
    ...shared,
    base: composedName([via.references.name, ...(parent ? keyWord(parent, via.key) : [via.key]), 'tenant'], 'keys'),
    arguments: isOrganization ? 'min_role text' : '',
    argumentTypes: isOrganization ? 'text' : '',
    returns: `setof ${type}`,
    ...keptQuery([`  select ${ofType(ident(via.key), typeIn(via.references, via.key, spec, catalog), type)}`, `  from ${qualified(via.references)}`, `  where ${condition}`].join('\n'), { hasArguments: isOrganization }),
    comment: `${ident(via.key)} of the rows of ${via.references.name} that belong to ${isOrganization ? 'organisations of the caller, with at least this role' : "the tenant of the caller's token"}. For policies of tables that do not store their tenant.`,
    executableBy: ['authenticated'],
  }
}

/** `private.watchlists_shared_keys(min_level)`. With the rights of its owner, so that the policies of both tables do not ask each other. */
function sharedKeys(table: TableSpec, spec: Spec, catalog: Catalog): FunctionDraft {
  const { shares } = table.access
  if (shares === null) throw new Error(`${table.name} has no shares.`)
  const { type } = columnOf(table, table.primaryKey[0] ?? '')
  return {
    ...shared,
    base: composedName([table.name, 'shared'], 'keys'),
    arguments: shares.level === null ? '' : 'min_level text',
    argumentTypes: shares.level === null ? '' : 'text',
    returns: `setof ${type}`,
    ...keptQuery([`  select ${ofType(ident(shares.row), typeIn(shares.table, shares.row, spec, catalog), type)}`, `  from ${qualified(shares.table)}`, `  where ${sharedConditions(shares).join('\n    and ')}`].join('\n'), { hasArguments: shares.level !== null }),
    comment: `Rows of ${table.name} that are shared with the caller${shares.level === null ? '' : ` at this level or a stronger one (${shares.levels.join(' < ')})`}.`,
    executableBy: ['authenticated'],
  }
}

function sharedConditions({ user, level, levels, deleted }: SharesSpec): string[] {
  const order = `array[${literalList(levels)}]`
  return [
    `${ident(user)} = (select auth.uid())`,
    ...(level === null ? [] : [`array_position(${order}, ${ident(level)}::text) >= array_position(${order}, $1)`]),
    ...(deleted === null ? [] : [`${ident(deleted)} is null`]),
  ]
}

function typeIn(name: QualifiedName, column: string, { tables }: Spec, catalog: Catalog): string | undefined {
  const columns = findSpec(tables, name)?.columns ?? findTable(catalog, name.schema, name.name)?.columns
  return columns?.find((one) => one.name === column)?.type
}
