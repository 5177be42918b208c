/** What a rule follows beyond its own table. */
import type { QualifiedName } from '../sql/identifier.ts'
import { isParent, ownerRule } from './audience-kinds.ts'
import type { ParentAudience } from './followed.ts'
import { type Audience, type TableSpec, type Tenancy, type VerbRule, verbs } from './spec.ts'

export function findSpec(tables: readonly TableSpec[], { schema, name }: QualifiedName): TableSpec | undefined {
  return tables.find((table) => table.schema === schema && table.name === name)
}

/** The table of the design that `access.via` references. */
export function parentOf(table: TableSpec, tables: readonly TableSpec[]): TableSpec | undefined {
  return table.access.via?.existing === null ? findSpec(tables, table.access.via.references) : undefined
}

/** The parent's own rule that an audience stands for. */
export function parentRule(parent: TableSpec, { parent: verb }: ParentAudience, tenancy: Tenancy): VerbRule {
  return verb === 'owner' ? ownerRule(parent, tenancy) : parent.access[verb]
}

/** True when the rule ends at a table that exists already: only a request with the caller's own rights can ask it. */
export function followsExisting(rule: VerbRule, table: TableSpec, tables: readonly TableSpec[], tenancy: Tenancy): boolean {
  return [rule.own, rule.any].some((audience) => {
    if (!isParent(audience)) return false
    const parent = parentOf(table, tables)
    return parent ? followsExisting(parentRule(parent, audience, tenancy), parent, tables, tenancy) : table.access.via !== null
  })
}

/** True when no anonymous sign-in can be among the audience, whatever its table says of its own owners. */
export function keepsAnonymousOut(audience: Audience, table: TableSpec, tables: readonly TableSpec[], tenancy: Tenancy): boolean {
  if (audience === 'anyone') return false
  if (!isParent(audience)) return !table.access.anonymous || audience === 'service' || audience === 'nobody'
  const parent = parentOf(table, tables)
  if (!parent) return false
  const { own, any } = parentRule(parent, audience, tenancy)
  return keepsAnonymousOut(any, parent, tables, tenancy) && (own === 'service' || own === 'nobody' || !parent.access.anonymous || keepsAnonymousOut(own, parent, tables, tenancy))
}

/** The foreign key holds both tenancy columns: the planner adds them where it was not declared so. */
export function haveSameTenant(table: TableSpec, parent: TableSpec): boolean {
  const key = table.foreignKeys.find(({ columns }) => columns.includes(table.access.via?.column ?? ''))
  const place = key?.columns.indexOf(table.tenantColumn ?? '') ?? -1
  return table.tenantColumn !== null && parent.tenantColumn !== null && (place === -1 || key?.references.columns[place] === parent.tenantColumn)
}

/** The tables whose rows decide about those of the table: by its rules, and by its tenancy. */
export function followedTables(table: TableSpec): QualifiedName[] {
  const { access, tenantVia } = table
  const follows = verbs.some((verb) => isParent(access[verb].own) || isParent(access[verb].any))
  return [...(follows && access.via ? [access.via.references] : []), ...(tenantVia ? [tenantVia.references] : [])]
}

/** The table whose shares this one holds. */
export function sharedTableOf(table: TableSpec, tables: readonly TableSpec[]): TableSpec | undefined {
  return tables.find(({ access: { shares } }) => shares?.table.schema === table.schema && shares.table.name === table.name)
}
