/** Queries of the catalog for what leads to rows without asking their policies: the access proof asks them, and so does the generated test. */
import { literal, literalList } from './literal.ts'

/** Sentences about what leads to the rows of a table round its policies, as a query of one column. `table` is an expression of type regclass or oid. */
export function waysRound(table: string): string {
  return `
    select format('clients reach rows of %s through %s, which runs as its owner', ${table}::regclass, v.oid::regclass) from (
      with recursive seen (relation) as (
        select ${table}::regclass::oid
        union select r.ev_class from seen join pg_catalog.pg_depend d on d.refobjid = relation and d.classid = 'pg_rewrite'::regclass join pg_catalog.pg_rewrite r on r.oid = d.objid
      ) select relation from seen) as views join pg_catalog.pg_class v on v.oid = views.relation
    where v.relkind in ('v', 'm') and not coalesce(v.reloptions::text ~ 'security_invoker=(true|on|1)', false)
      and exists (select from unnest(array['anon', 'authenticated']) as role, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as privilege where has_table_privilege(role, v.oid, privilege))
    union select format('the rule %I rewrites requests for %s', rulename, ${table}::regclass) from pg_catalog.pg_rewrite where ev_class = ${table}::regclass
    union select format('%s inherits from %s, without row level security', inhrelid::regclass, inhparent::regclass) from pg_catalog.pg_inherits join pg_catalog.pg_class c on c.oid = inhrelid
    where inhparent = ${table}::regclass and (not c.relrowsecurity or exists (select from unnest(array['anon', 'authenticated']) as role where has_table_privilege(role, c.oid, 'SELECT')))`
}

/** Functions that run as their owner, name the table and are open to clients, beside those of the design. */
export function functionsRound(table: string, designed: readonly string[]): string {
  const known = designed.length === 0 ? '' : ` and not coalesce(p.oid in (${designed.map((signature) => `to_regprocedure(${literal(signature)})`).join(', ')}), false)`
  return `
    select format('clients reach rows of %s through the function %s, which runs as its owner', ${table}::regclass, p.oid::regprocedure)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_class c on c.oid = ${table}::regclass
    where p.prosecdef and nspname !~ '^pg_' and p.prorettype <> 'pg_catalog.trigger'::regtype and coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) ~ ('\\m' || regexp_replace(relname, '([^[:alnum:]_])', '\\\\\\1', 'g') || '\\M')${known}
      and exists (select from unnest(array['anon', 'authenticated']) as role where has_function_privilege(role, p.oid, 'EXECUTE') and has_schema_privilege(role, n.oid, 'USAGE'))
    union select format('the trigger %I hands rows of %s to %s, which runs as its owner', tgname, ${table}::regclass, p.oid::regprocedure)
    from pg_catalog.pg_trigger join pg_catalog.pg_proc p on p.oid = tgfoid where tgrelid = ${table}::regclass and not tgisinternal and p.prosecdef${known}`
}

/** Who may change the rows that decide, with which policies: one line, null for nobody. */
export function writersOf(tables: readonly string[]): string {
  if (tables.length === 0) return 'select null'
  const listed = `(values ${tables.map((name) => `(${literal(name)}::regclass)`).join(', ')}) as deciding (relation)`
  return `
    select string_agg(line, '; ' order by line collate "C") from (
      select format('row level security of %s is off', relation) from ${listed} join pg_catalog.pg_class c on c.oid = relation where not relrowsecurity
      union select format('%s: %s on %s (%s)', role, privilege, relation, attname) from ${listed}, unnest(array['anon', 'authenticated']) as role, unnest(array['INSERT', 'UPDATE']) as privilege, pg_catalog.pg_attribute
      where attrelid = relation and attnum > 0 and not attisdropped and has_column_privilege(role, relation, attnum, privilege)
      union select format('%s: %s on %s', role, privilege, relation) from ${listed}, unnest(array['anon', 'authenticated']) as role, unnest(array['DELETE', 'TRUNCATE']) as privilege where has_table_privilege(role, relation, privilege)
      union select format('the policy %I on %s', polname, relation) from ${listed} join pg_catalog.pg_policy on polrelid = relation where polcmd <> 'r'
    ) as writers (line)`
}

/** What clients may do with the schemas, and what new tables and functions in them would give them: one line, null for nothing. */
export function schemaRights(schemas: readonly string[]): string {
  if (schemas.length === 0) return 'select null'
  const listed = literalList(schemas)
  return `
    select string_agg(line, '; ' order by line collate "C") from (
      select format('%s: %s on %s', role, privilege, nspname) from pg_catalog.pg_namespace, unnest(array['anon', 'authenticated']) as role, unnest(array['USAGE', 'CREATE']) as privilege
      where nspname in (${listed}) and has_schema_privilege(role, oid, privilege)
      union select format('new objects (%s) of %s in %s: %s for %s', defaclobjtype, defaclrole::regrole, coalesce(nspname, 'every schema'), privilege_type, case when grantee = 0 then 'everybody' else grantee::regrole::text end)
      from pg_catalog.pg_default_acl left join pg_catalog.pg_namespace n on n.oid = defaclnamespace, aclexplode(defaclacl)
      where (nspname in (${listed}) or (defaclnamespace = 0 and defaclrole::regrole::text = 'postgres')) and nspname is distinct from 'public' and (grantee = 0 or grantee::regrole::text in ('anon', 'authenticated'))
    ) as rights (line)`
}
