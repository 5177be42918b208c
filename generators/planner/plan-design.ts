/** Spec and catalog → plan. Pure: the same input gives the same plan. */
import type { Catalog } from '../design/catalog.ts'
import { isParent } from '../design/audience-kinds.ts'
import { findSpec } from '../design/parent-rules.ts'
import type { FunctionPlan, Plan, QueryPlan, TablePlan } from '../design/plan.ts'
import { type Spec, type TableSpec, verbs } from '../design/spec.ts'
import { composedName, ident } from '../sql/identifier.ts'
import { literalList } from '../sql/literal.ts'
import { planHelpers } from './helpers.ts'
import { planMemberships } from './memberships/plan-memberships.ts'
import { planIndexes } from './indexes.ts'
import { planJobs } from './jobs.ts'
import { planKeys } from './keys.ts'
import { privateSchema } from './plan-function.ts'
import { planAccess } from './policies.ts'
import { planQuery } from './queries.ts'
import { rawWarnings } from './raw-warnings.ts'
import { planBuckets } from './buckets.ts'
import { planSearch } from './search-function.ts'
import { planSoftDelete } from './soft-delete.ts'
import { planTriggers } from './triggers.ts'
import { planViews } from './views.ts'

export function planDesign(spec: Spec, catalog: Catalog): Plan {
  const keys = planKeys(spec, catalog)
  const memberships = planMemberships(spec, catalog)
  const helpers = planHelpers(spec, catalog, memberships.confirmedEmail)
  const triggers = planTriggers(spec, catalog)
  const softDeletes = new Map(spec.tables.map((table) => [table, planSoftDelete(table, spec, catalog, helpers.names)]))
  const tables = spec.tables.map((table): TablePlan => {
    const mark = softDeletes.get(table)?.trigger
    return {
      table,
      columns: table.columns,
      primaryKey: { name: composedName([table.name], 'pkey'), columns: table.primaryKey },
      uniques: keys.uniques.get(table) ?? [],
      foreignKeys: keys.foreignKeys.get(table) ?? [],
      checks: checks(table),
      triggers: [...(triggers.of.get(table) ?? []), ...(mark ? [mark] : []), ...(table.kind === 'memberships' ? memberships.triggers : [])],
      ...planAccess(table, spec, helpers.names),
    }
  })
  // Before the list of functions: helpers are planned when the first rule asks for them.
  const buckets = planBuckets(spec, helpers.names)
  const searches = spec.queries.flatMap((query) => (query.through === 'function' ? [planSearch(query, spec, catalog, helpers.names)] : []))
  const functions = [...triggers.functions, ...memberships.triggerFunctions, ...helpers.functions, ...memberships.functions, ...[...softDeletes.values()].flatMap((plan) => plan.functions), ...searches.flatMap((search) => search.functions)]
  const { indexes, served, rejected } = planIndexes(tables, spec, catalog)
  const queries = spec.queries.map((query): QueryPlan => ({ ...(searches.find((search) => search.query.query === query)?.query ?? planQuery(query, spec, catalog)), ...(query.sql === null ? {} : { warnings: rawWarnings(query, spec, catalog) }), index: served.get(query.name) ?? null }))
  const views = planViews(spec)
  const jobs = planJobs(spec, catalog)
  return { spec, jobs, helperCallers: catalog.schemas.find(({ name }) => name === privateSchema)?.usage ?? [], newSchemas: newSchemas(tables, functions, catalog), schemaUsage: schemaUsage(tables, catalog), tables, views, buckets, tenantKeys: keys.tenantKeys, functions, indexes, rejected, queries, notes: notes(spec, tables, catalog) }
}

function checks(table: TableSpec): TablePlan['checks'] {
  const ofColumns = table.columns.flatMap((column) => [
    ...(column.oneOf ? [{ name: composedName([table.name, column.name], 'check'), sql: `${ident(column.name)} in (${literalList(column.oneOf)})`, columns: [column.name] }] : []),
    ...(column.check ? [{ name: composedName([table.name, column.name, ...(column.oneOf ? ['value'] : [])], 'check'), sql: column.check, columns: [column.name] }] : []),
  ])
  const ofTable = table.checks.map((check, index) => ({ name: check.name ?? composedName([table.name, `rule${index + 1}`], 'check'), sql: check.sql, columns: [] }))
  return [...ofColumns, ...ofTable]
}

/** `private` only where a function of this design goes there. */
function newSchemas(tables: TablePlan[], functions: FunctionPlan[], catalog: Catalog): string[] {
  const needed = [...tables.map(({ table }) => table.schema), ...(functions.some((one) => !one.exists && one.name.schema === privateSchema) ? [privateSchema] : [])]
  return [...new Set(needed)].filter((schema) => !catalog.schemas.some((existing) => existing.name === schema))
}

function schemaUsage(tables: TablePlan[], catalog: Catalog): Plan['schemaUsage'] {
  const schemas = [...new Set(tables.map(({ table }) => table.schema))]
  return schemas.flatMap((schema) => {
    const needed = new Set(tables.filter(({ table }) => table.schema === schema).flatMap(({ grants }) => grants.map((grant) => grant.role)))
    const has = catalog.schemas.find((existing) => existing.name === schema)?.usage ?? []
    const roles = [...needed].filter((role) => !has.includes(role))
    return roles.length > 0 ? [{ schema, roles }] : []
  })
}

function notes(spec: Spec, tables: TablePlan[], catalog: Catalog): string[] {
  const created = new Set(tables.map(({ table }) => table.schema).filter((schema) => schema !== privateSchema && !catalog.schemas.some((existing) => existing.name === schema)))
  return [
    ...[...created].map((schema) => `Schema ${schema} is new: the Data API serves it only after it is added to [api] schemas in supabase/config.toml and to the exposed schemas of the project.`),
    ...spec.tables.filter((table) => table.retention).map((table) => `Retention of ${table.name} (${table.retention?.keep.text}, then ${table.retention?.then}) is stated, and no job for it is generated.`),
    ...ownerIsNoRole(spec),
    ...longLists(spec),
    ...(spec.privacy ? [`Erasure within ${spec.privacy.eraseWithin} is stated, and no job for it is generated.`] : []),
  ]
}

/** The verb value `owner` is the owner of the row, also where a role has that name; a reader may take it for the role. */
function ownerIsNoRole({ tenancy, tables }: Spec): string[] {
  if (tenancy.model !== 'organization' || !tenancy.roles.includes('owner')) return []
  return tables.filter(({ access }) => access.pattern !== 'owner').flatMap(({ name, access }) => {
    const read = verbs.filter((verb) => access[verb].any === 'service' && typeof access[verb].own === 'object' && verb !== 'insert')
    return read.length > 0 ? [`${name}: ${read.join(', ')} by \`owner\` means the owner of the row. For the role of that name write \`{ role: owner }\`.`] : []
  })
}

/** A list of keys is short where a parent is for few; one for everybody is as long as its table. */
function longLists({ tables }: Spec): string[] {
  return tables.flatMap((table) => {
    const { via, select } = table.access
    const parent = via && findSpec(tables, via.references)
    const follows = [select.own, select.any].some((audience) => isParent(audience) && audience.parent === 'select')
    if (!via || !follows) return []
    if (parent ? !['anyone', 'signed_in'].includes(String(parent.access.select.any)) || (parent.access.where.any === null && parent.softDelete === 'none') : false) return []
    return [`Every request of a client to ${table.name} reads the keys of all rows of ${via.references.name} that the client may see: cheap for thousands of them, not for millions.`]
  })
}
