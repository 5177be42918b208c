/** Everything that decides who reaches the tables of the design, as one text: equal texts give equal answers. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

/** Rights of tables, columns, schemas and functions, row level security, policies, keys, triggers; in an order of its own. */
export async function rightsText(session: Session, plan: Plan): Promise<string> {
  const tables = arrayText(plan.tables.map(({ table }) => qualified(table)))
  const functions = arrayText(plan.functions.map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`))
  const { rows } = await session.query<{ text: string }>(query, [tables, functions])
  return rows[0]?.text ?? ''
}

const acl = (column: string) => `(select string_agg(item::text, ' ' order by item::text) from unnest(${column}) as item)`

const query = `
  with tables as (select name::regclass::oid as oid from unnest($1::text[]) as name),
  functions as (
    select to_regprocedure(signature)::oid as oid from unnest($2::text[]) as signature where to_regprocedure(signature) is not null
    union
    select d.refobjid from pg_depend d join pg_policy p on d.classid = 'pg_policy'::regclass and d.objid = p.oid
    where d.refclassid = 'pg_proc'::regclass and p.polrelid in (select oid from tables)
  ),
  lines as (
    select format('table %s: %s %s %s', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity, ${acl('c.relacl')}) as line
    from pg_class c where c.oid in (select oid from tables)
    union all
    select format('column %s.%s: %s', attrelid::regclass, attname, ${acl('attacl')}) from pg_attribute
    where attrelid in (select oid from tables) and attacl is not null
    union all
    select format('policy %s on %s: %s %s %s using (%s) with check (%s)', polname, polrelid::regclass, polcmd, polpermissive,
      (select string_agg(role::regrole::text, ' ' order by role::regrole::text) from unnest(polroles) as role),
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy where polrelid in (select oid from tables)
    union all
    select format('trigger %s on %s: %s %s', tgname, tgrelid::regclass, tgenabled, tgfoid::regprocedure) from pg_trigger
    where tgrelid in (select oid from tables) and not tgisinternal
    union all
    select format('key %s: %s', conname, pg_get_constraintdef(oid)) from pg_constraint where conrelid in (select oid from tables)
    union all
    select format('unique %s', pg_get_indexdef(indexrelid)) from pg_index where indrelid in (select oid from tables) and indisunique
    union all
    select format('function %s: %s %s', p.oid::regprocedure, ${acl('p.proacl')}, pg_get_functiondef(p.oid)) from pg_proc p
    where p.oid in (select oid from functions) and p.prokind <> 'a'
    union all
    select format('published %s.%s in %s', schemaname, tablename, pubname) from pg_publication_tables
    where (schemaname, tablename) in (select nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid in (select oid from tables))
    union all
    select format('replica identity of %s: %s', c.oid::regclass, relreplident) from pg_class c where c.oid in (select oid from tables)
    union all
    select format('schema %s: %s', nspname, ${acl('nspacl')}) from pg_namespace
    where oid in (select relnamespace from pg_class where oid in (select oid from tables) union select pronamespace from pg_proc where oid in (select oid from functions))
  )
  select coalesce(string_agg(line, E'\\n' order by line), '') as text from lines`
