/** Who may do what beside the tables of the design: a file that opens something else opens it without being asked. */
import { schemasOf } from '../../artifacts/pgtap-surroundings.ts'
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

/**
 * One sentence for each right, policy and role that is no affair of the design, in order. `near`: only of the roles of clients
 * and the schemas of the design, because other migrations bring other tables and functions.
 */
export async function surroundingsOf(session: Session, plan: Plan, { near = false }: { near?: boolean } = {}): Promise<string[]> {
  const { rows } = await session.query<{ line: string }>(query, [
    arrayText(plan.tables.map(({ table }) => qualified(table))),
    arrayText(plan.functions.map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)),
    arrayText(plan.schemaUsage.map(({ schema }) => schema)),
    arrayText(plan.jobs.flatMap((job) => job.tables.flatMap(({ table, policies }) => policies.map(({ name }) => `${qualified(table)} ${name}`)))),
    near ? arrayText(schemasOf(plan)) : null,
  ])
  return rows.map(({ line }) => line)
}

/** What the files changed that is no part of the design. */
export function changedSurroundings(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((line) => !before.includes(line)).map((line) => `Beside the design: ${line}, which was not so before`),
    ...before.filter((line) => !after.includes(line)).map((line) => `Beside the design: no longer so: ${line}`),
  ]
}

// Supabase's own schemas change with its services; a view that runs as its caller opens nothing.
const query = `
  with designed as (select to_regclass(name)::oid as oid from unnest($1::text[]) as name),
  called as (select to_regprocedure(signature)::oid as oid from unnest($2::text[]) as signature),
  clients as (select oid, rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')),
  watched as (select oid, nspname from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'storage', 'realtime', 'extensions')),
  other as (select format('%I.%I', nspname, relname) as name, c.* from pg_catalog.pg_class c join watched w on w.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'f') and not coalesce(c.oid in (select oid from designed), false))
  select line from (
    select format('%s may %s on %s %s', rolname, lower(privilege), case when relkind in ('v', 'm') then 'the view' else 'the table' end, name) as line, 'object' as about
    from other cross join clients cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as privilege
    where has_table_privilege(clients.oid, other.oid, privilege) and not coalesce(reloptions::text ~ 'security_invoker=(true|on|1)', false)
    union all select format('row level security is %s on %s', case when relrowsecurity then 'on' else 'off' end, name), 'object' from other where relkind in ('r', 'p')
    union all select format('the policy %I on %s lets %s pass: %s %s', polname, name, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), 'object' from pg_catalog.pg_policy join other on other.oid = polrelid where format('%s %s', name, polname) <> all ($4::text[])
    union all select format('%s is a member of %s', m.rolname, g.rolname), 'role' from pg_catalog.pg_auth_members x join pg_catalog.pg_roles m on m.oid = x.member join pg_catalog.pg_roles g on g.oid = x.roleid where m.rolname in ('anon', 'authenticated', 'service_role')
    union all select format('%s passes row level security', rolname), 'role' from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') and (rolsuper or rolbypassrls)
    union all select format('%s has %s on the schema %s', rolname, privilege, nspname), nspname from watched cross join clients cross join unnest(array['USAGE', 'CREATE']) as privilege
      where has_schema_privilege(clients.oid, watched.oid, privilege) and not (privilege = 'USAGE' and nspname = any ($3::text[]))
    union all select format('new objects (%s) of %s in %s give %s %s', defaclobjtype, defaclrole::regrole, coalesce(defaclnamespace::regnamespace::text, 'every schema'), case when grantee = 0 then 'everybody' else grantee::regrole::text end, privilege_type), coalesce(defaclnamespace::regnamespace::text, 'role')
      from pg_catalog.pg_default_acl, aclexplode(defaclacl) where grantee = 0 or grantee in (select oid from clients)
    union all select format('%s may call %s, which runs as its owner (text %s)', rolname, p.oid::regprocedure, md5(pg_get_functiondef(p.oid))), 'object'
      from pg_catalog.pg_proc p join watched w on w.oid = pronamespace join clients on has_function_privilege(clients.oid, p.oid, 'EXECUTE') where prokind in ('f', 'p') and prosecdef and prorettype <> 'pg_catalog.trigger'::regtype and not coalesce(p.oid in (select oid from called), false)
  ) as lines where $5::text[] is null or about = 'role' or about = any ($5::text[]) order by line collate "C"`
