/** Ways round the policies, and rights beside the tables, as pgTAP assertions. */
import type { Plan, TablePlan } from '../design/plan.ts'
import type { AccessScenario } from '../design/scenario.ts'
import { qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'
import { functionsRound, schemaRights, waysRound } from '../sql/ways-round.ts'

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
  ]
}

/** Where the tables and functions of the design are. */
export function schemasOf(plan: Plan): string[] {
  return [...new Set([...plan.tables.map(({ table }) => table.schema), ...plan.views.map(({ view }) => view.schema), ...plan.functions.map(({ name }) => name.schema)])].toSorted()
}

function oneLine(sql: string): string {
  return sql.replace(/\s*\n\s*/g, ' ')
}
