/** Views in the pgTAP file: whose rights they read with, who may select, and that they are the views of the design. */
import type { ViewPlan } from '../design/plan.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'
import type { DriftView } from './pgtap-drift.ts'

/** What a tool that compares schemas loses without a word, and rights. */
export function viewAssertions({ view }: ViewPlan): string[] {
  const name = qualified(view)
  const label = `${view.schema}.${view.name}`
  const oid = `${literal(name)}::regclass`
  const at = [literal(view.schema), literal(view.name)]
  return [
    `ok(coalesce((select option_value::boolean from pg_catalog.pg_class, pg_options_to_table(reloptions) where oid = ${oid} and option_name = 'security_invoker'), false), ${literal(`${label} reads with the rights of its caller`)})`,
    `columns_are(${[...at, `array[${literalList(view.columns.map((column) => column.name))}]::name[]`, literal(`${label} has the columns of its design and no other`)].join(', ')})`,
    ...(['anon', 'authenticated', 'service_role'] as const).map((role) => `table_privs_are(${[...at, literal(role), `array[${literalList(view.roles.includes(role) ? ['SELECT'] : [])}]::text[]`, literal(`${role} ${view.roles.includes(role) ? 'may select from' : 'may do nothing with'} ${label}`)].join(', ')})`),
    `ok(not exists (select from pg_catalog.pg_class, aclexplode(relacl) where oid = ${oid} and grantee = 0), ${literal(`nothing of ${label} is granted to PUBLIC`)})`,
    `ok(not exists (select from pg_catalog.pg_attribute where attrelid = ${oid} and attacl is not null), ${literal(`no column of ${label} is granted by itself`)})`,
  ]
}

/** The definition, held against what the same text gives on this very server. */
export function viewDrift({ view }: ViewPlan): DriftView {
  const copy = `pg_temp.${ident(view.name)}`
  return {
    lines: [
      `create temporary view ${ident(view.name)} as ${view.sql}`,
      `select is(pg_get_viewdef(${literal(qualified(view))}::regclass), pg_get_viewdef(${literal(copy)}::regclass), ${literal(`${view.schema}.${view.name} is the view of the design`)})`,
      `drop view ${copy}`,
    ],
    assertions: 1,
  }
}
