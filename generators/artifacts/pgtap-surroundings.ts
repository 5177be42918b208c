/** Ways round the policies, and rights beside the tables, as pgTAP assertions. */
import type { Plan, TablePlan } from '../design/plan.ts'
import type { AccessScenario } from '../design/scenario.ts'
import { qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'
import { functionsRound, schemaRights, waysRound, writersOf } from '../sql/ways-round.ts'

/** No view, rule, child table or function that runs as its owner; no null where the design forbids it. */
export function roundAssertions({ table, columns }: TablePlan, plan: Plan): string[] {
  const name = `${literal(qualified(table))}::regclass`
  const label = `${table.schema}.${table.name}`
  const designed = plan.functions.map((one) => `${qualified(one.name)}(${one.argumentTypes})`)
  const required = columns.filter(({ nullable }) => !nullable).map((column) => column.name)
  return [
    `is((select string_agg(way, '; ' order by way) from (${waysRound(name)} union ${functionsRound(name, designed)}) as ways (way)), null, ${literal(`nothing leads round the policies of ${label}`)})`,
    `is((select string_agg(attname, ', ' order by attname) from pg_catalog.pg_attribute where attrelid = ${name} and not attnotnull and attname in (${literalList(required)})), null, ${literal(`no column of ${label} takes null but those of the design`)})`,
  ].map(oneLine)
}

/** What holds for the roles of clients and the schemas of the design. */
export function surroundingAssertions(plan: Plan, scenario: AccessScenario | null): string[] {
  return [
    "ok(not exists (select from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') and (rolsuper or rolbypassrls or pg_has_role(oid, 'service_role', 'member'))) and not pg_has_role('anon', 'authenticated', 'member'), 'anon and authenticated are subject to row level security, and stand for no other role')",
    ...(scenario ? [oneLine(`is((${schemaRights(schemasOf(plan))}), ${scenario.schemaRights === null ? 'null' : literal(scenario.schemaRights)}, 'clients have the rights of the design on its schemas, and no default privilege adds to them')`)] : []),
    ...(scenario && decidingTables(plan).length > 0 ? [oneLine(`is((${writersOf(decidingTables(plan))}), ${scenario.writers === null ? 'null' : literal(scenario.writers)}, 'who belongs to which organisation is changed by nobody but whom the repository lets')`)] : []),
    ...handedOn(plan),
  ]
}

/** Organisations and memberships that were there before the design: its policies ask them. */
export function decidingTables({ spec: { tenancy } }: Plan): string[] {
  return tenancy.model === 'organization' && !tenancy.create ? [...new Set([tenancy.organizations, tenancy.memberships.table].map(qualified))] : []
}

/** Rights that clients could give away, and functions that they could change. */
function handedOn({ tables, functions }: Plan): string[] {
  const names = tables.map(({ table }) => `${literal(qualified(table))}::regclass`).join(', ')
  const signatures = functions.map(({ name, argumentTypes }) => `to_regprocedure(${literal(`${qualified(name)}(${argumentTypes})`)})`).join(', ')
  return [
    ...(names === '' ? [] : [`is((select string_agg(distinct format('%s on %s', privilege_type, relation), ', ') from (select oid::regclass as relation, (aclexplode(relacl)).* from pg_catalog.pg_class where oid in (${names}) union all select attrelid::regclass, (aclexplode(attacl)).* from pg_catalog.pg_attribute where attrelid in (${names})) as held where is_grantable and (grantee = 0 or grantee::regrole::text in ('anon', 'authenticated'))), null, 'no client may pass on what it holds')`]),
    ...(signatures === '' ? [] : [`is((select string_agg(oid::regprocedure::text, ', ') from pg_catalog.pg_proc where oid in (${signatures}) and (pg_has_role('anon', proowner, 'member') or pg_has_role('authenticated', proowner, 'member'))), null, 'no function of the design belongs to a client')`]),
  ]
}

/** Where the tables and functions of the design are. */
export function schemasOf(plan: Plan): string[] {
  return [...new Set([...plan.tables.map(({ table }) => table.schema), ...plan.views.map(({ view }) => view.schema), ...plan.functions.map(({ name }) => name.schema)])].toSorted()
}

function oneLine(sql: string): string {
  return sql.replace(/\s*\n\s*/g, ' ')
}
