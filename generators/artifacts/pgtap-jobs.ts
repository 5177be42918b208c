/** What the role of a background job holds, line by line; on tables that the design does not name it may be another design's. */
import type { JobPlan, Plan } from '../design/plan.ts'
import { qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'

export function jobAssertions({ job, tables }: JobPlan, plan: Pick<Plan, 'tables'>): string[] {
  const role = literal(job.role)
  const names = [...new Set([...plan.tables.map(({ table }) => qualified(table)), ...tables.map(({ table }) => qualified(table))])]
  const oids = `array[${names.map((name) => `${literal(name)}::regclass`).join(', ')}]::oid[]`
  return [
    `ok((select not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) from pg_catalog.pg_roles where rolname = ${role}), ${literal(`${job.role} is no more than a job`)})`,
    ...tables.map(({ table, access }) => {
      const wanted = access.rights.flatMap(({ verb, columns }) => (columns ?? [null]).map((column) => `${verb.toUpperCase()}${column === null ? '' : ` ${column}`}`)).toSorted()
      return `is((select string_agg(held, ', ' order by held collate "C") from (${held(role, `${literal(qualified(table))}::regclass`)}) as r), ${literal(wanted.join(', '))}, ${literal(`${job.role} may do with ${table.schema}.${table.name} what the design says`)})`
    }),
    `is_empty(${literal(`select listed.relation::regclass from unnest(${oids}) as listed(relation), lateral (${held(role, 'listed.relation')}) as r where listed.relation <> all (${oidsOf(tables)})`)}, ${literal(`${job.role} has no right on another table of the design`)})`,
    ...tables.flatMap(({ table, policies }) => policies.map(({ name }) => `is((select polroles::regrole[]::text from pg_catalog.pg_policy where polrelid = ${literal(qualified(table))}::regclass and polname = ${literal(name)}), array[${role}::regrole]::text, ${literal(`policy ${name} is for ${job.role} alone`)})`)),
    `is_empty(${literal(`select policies.polname from pg_catalog.pg_policy as policies where ${role}::regrole = any (polroles) and polrelid = any (${oids}) and polname not in (${literalList(['', ...tables.flatMap(({ policies }) => policies.map(({ name }) => name))])})`)}, ${literal(`no other policy speaks to ${job.role}`)})`,
    `is_empty(${literal(`select m.rolname from pg_catalog.pg_auth_members join pg_catalog.pg_roles as m on m.oid = member where roleid = ${role}::regrole and ${job.exists ? "m.rolname in ('anon', 'authenticated')" : `m.rolname not in (${literalList(['postgres', ...job.grantTo])}) and not m.rolsuper`}`)}, ${literal(`${job.exists ? 'no client' : 'nobody else'} may become ${job.role}`)})`,
    `is_empty(${literal(`select roleid::regrole from pg_catalog.pg_auth_members where member = ${role}::regrole`)}, ${literal(`${job.role} may do nothing that another role may`)})`,
    ...job.grantTo.map((member) => `ok(exists (select from pg_catalog.pg_auth_members where roleid = ${role}::regrole and member = ${literal(member)}::regrole), ${literal(`${member} may become ${job.role}`)})`),
  ]
}

function oidsOf(tables: JobPlan['tables']): string {
  return `array[${tables.map(({ table }) => `${literal(qualified(table))}::regclass`).join(', ')}]::oid[]`
}

/** `SELECT`, `UPDATE title`. */
function held(role: string, oid: string): string {
  return `select privilege_type as held from pg_catalog.pg_class as c, aclexplode(relacl) where c.oid = ${oid} and grantee = ${role}::regrole union all select privilege_type || ' ' || attname from pg_catalog.pg_attribute, aclexplode(attacl) where attrelid = ${oid} and grantee = ${role}::regrole`
}
