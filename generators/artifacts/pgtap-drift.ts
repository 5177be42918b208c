/**
 * Texts of policies and functions, held against what the same text gives on this very server: majors print expressions
 * differently, so the file creates each policy once more on an empty copy of its table, and each function in `pg_temp`.
 */
import type { FunctionPlan, PolicyPlan, TablePlan } from '../design/plan.ts'
import { scopeColumn } from '../design/spec.ts'
import { realtimePublication } from '../planner/realtime.ts'
import { type QualifiedName, ident, qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'

/** Statements in order: the copies, the assertions, and what takes the copies away. */
export interface DriftView {
  lines: string[]
  assertions: number
}

/** Each policy of the table. Null where it has none. */
export function policyDrift(table: QualifiedName, policies: readonly PolicyPlan[]): DriftView | null {
  if (policies.length === 0) return null
  // The copy has the table's name, because expressions name the table that they belong to.
  const copy = `pg_temp.${ident(table.name)}`
  return {
    lines: [
      `create temporary table ${ident(table.name)} (like ${qualified(table)})`,
      ...policies.map((policy) => createPolicy(policy, copy)),
      ...policies.map(
        ({ name }) => `select is(pg_temp.policy_text(${literal(qualified(table))}, ${literal(name)}), pg_temp.policy_text(${literal(copy)}, ${literal(name)}), ${literal(`policy ${name} says what the design says`)})`,
      ),
      `drop table ${copy}`,
    ],
    assertions: policies.length,
  }
}

/** Checks and defaults, by the same way; what other migrations add beside the columns of the design is theirs. */
export function columnDrift({ table, columns, checks }: TablePlan): DriftView {
  const defaults = columns.filter((column) => column.generated === null && !column.identity)
  const name = qualified(table)
  const copy = `pg_temp.${ident(table.name)}`
  const label = `${table.schema}.${table.name}`
  const checksOf = (relation: string) => `(select string_agg(format('%s: %s', conname, pg_get_constraintdef(oid)), '; ' order by conname) from pg_catalog.pg_constraint where conrelid = ${literal(relation)}::regclass and conname in (${literalList(checks.map((check) => check.name))}))`
  const defaultsOf = (relation: string) => `(select string_agg(format('%s: %s', attname, pg_get_expr(adbin, adrelid)), '; ' order by attname) from pg_catalog.pg_attrdef join pg_catalog.pg_attribute on attrelid = adrelid and attnum = adnum where adrelid = ${literal(relation)}::regclass and attname in (${literalList(defaults.map((column) => column.name))}))`
  // A default of null is stored as one where the type has a modifier: what has none is given none.
  const changes = [...checks.map((check) => `add constraint ${ident(check.name)} check (${check.sql})`), ...defaults.flatMap((column) => (column.default === null ? [] : [`alter column ${ident(column.name)} set default ${column.default}`]))]
  return {
    lines: [
      `create temporary table ${ident(table.name)} (like ${name})`,
      ...(changes.length > 0 ? [`alter table ${copy} ${changes.join(', ')}`] : []),
      ...(checks.length > 0 ? [`select is(${checksOf(name)}, ${checksOf(copy)}, ${literal(`${label} has the checks of the design`)})`] : []),
      `select is(${defaultsOf(name)}, ${defaultsOf(copy)}, ${literal(`${label} has the defaults of the design`)})`,
      `drop table ${copy}`,
    ],
    assertions: Math.min(checks.length, 1) + 1,
  }
}

/** The function as the design writes it. Null where the repository had it before: then its text is the repository's affair. */
export function functionDrift({ name, argumentTypes, definition, exists }: FunctionPlan): DriftView | null {
  const head = `create function ${qualified(name)}(`
  if (exists || !definition.startsWith(head)) return null
  const copy = `pg_temp.${ident(name.name)}`
  const signature = `${qualified(name)}(${argumentTypes})`
  return {
    lines: [
      `create function ${copy}(${definition.slice(head.length)}`,
      `select is(pg_temp.function_text(${literal(signature)}), pg_temp.function_text(${literal(`${copy}(${argumentTypes})`)}), ${literal(`${signature} is the function of the design`)})`,
      `drop function ${copy}(${argumentTypes})`,
    ],
    assertions: 1,
  }
}

function createPolicy({ name, command, permissive, roles, using, check }: PolicyPlan, on: string): string {
  return [`create policy ${ident(name)} on ${on} as ${permissive ? 'permissive' : 'restrictive'} for ${command} to ${roles.map(ident).join(', ')}`, ...(using === null ? [] : [`using (${using})`]), ...(check === null ? [] : [`with check (${check})`])].join(' ')
}

/** Keys that hold the tenant and what a delete of their parents does, triggers that run; what pgTAP's own assertions on privileges do not know. */
export function structureDrift({ table, primaryKey, foreignKeys, uniques, triggers }: TablePlan): string[] {
  const name = qualified(table)
  const keyed = [...foreignKeys, ...uniques.filter(({ kind }) => kind === 'constraint')]
  const scope = scopeColumn(table)
  return [
    ...keyed.map(
      ({ name: key, columns: listed }) =>
        `is((select string_agg(attname, ',' order by place) from pg_catalog.pg_constraint, unnest(conkey) with ordinality as k(number, place) join pg_catalog.pg_attribute on attnum = number where conrelid = ${literal(name)}::regclass and attrelid = conrelid and conname = ${literal(key)}), ${literal(listed.join(','))}, ${literal(`${key} holds ${listed.join(', ')}`)})`,
    ),
    ...(foreignKeys.length === 0 ? [] : [parentsOf(name, foreignKeys, `${table.schema}.${table.name}`)]),
    ...(scope === null
      ? []
      : [
          `ok(not exists (select from pg_catalog.pg_index join pg_catalog.pg_class on pg_class.oid = indexrelid where indrelid = ${literal(name)}::regclass and indisunique and relname not in (${literalList([primaryKey.name, ...uniques.map((unique) => unique.name)])}) and not exists (select from pg_catalog.pg_attribute where attrelid = indrelid and attname = ${literal(scope)} and attnum = any (indkey))), ${literal(`${table.schema}.${table.name} has no other unique key without ${scope}`)})`,
        ]),
    ...triggers.map(
      ({ name: trigger }) =>
        `is((select tgenabled::text from pg_catalog.pg_trigger where tgrelid = ${literal(name)}::regclass and tgname = ${literal(trigger)}), 'O', ${literal(`trigger ${trigger} of ${table.schema}.${table.name} runs`)})`,
    ),
    `ok(not exists (select from pg_catalog.pg_class, aclexplode(relacl) where oid = ${literal(name)}::regclass and privilege_type = 'MAINTAIN' and grantee::regrole::text in ('anon', 'authenticated')), ${literal(`no client may MAINTAIN ${table.schema}.${table.name}`)})`,
    `is((select string_agg(pubname::text, ', ' order by pubname) from pg_catalog.pg_publication_tables where schemaname = ${literal(table.schema)} and tablename = ${literal(table.name)}), ${table.realtime ? literal(realtimePublication) : 'null'}, ${literal(`${table.schema}.${table.name} is in ${table.realtime ? `the publication ${realtimePublication} and no other` : 'no publication'}`)})`,
    ...(table.realtime ? [`is((select relreplident::text from pg_catalog.pg_class where oid = ${literal(name)}::regclass), 'd', ${literal(`of a deleted row of ${table.schema}.${table.name} only the key is written for subscribers`)})`] : []),
  ]
}

function parentsOf(name: string, keys: TablePlan['foreignKeys'], label: string): string {
  const expected = keys.map((key) => `${key.name} to ${qualified(key.references.table)}: ${key.onDelete}`).toSorted()
  const found = `select string_agg(format('%s to %I.%I: %s', conname, nspname, relname, case confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end), ', ' order by conname collate "C") from pg_catalog.pg_constraint join pg_catalog.pg_class on pg_class.oid = confrelid join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace where conrelid = ${literal(name)}::regclass and contype = 'f' and convalidated and conname in (${literalList(keys.map((key) => key.name))})`
  return `is((${found}), ${literal(expected.join(', '))}, ${literal(`${label} goes with its parents as the design says`)})`
}
