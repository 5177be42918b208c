/** Who holds which right, exactly: every role that is not Supabase's own machinery, every table, column, function and sequence that the role can reach. */
import type { Session } from '../../postgres/session.ts'
import { ownSchema } from '../../postgres/catalog/scope.ts'
import { notOfExtension } from '../../postgres/fingerprint/scope.ts'

export interface Right {
  role: string
  kind: 'table' | 'column' | 'sequence' | 'function'
  schema: string
  /** Of the table, sequence or function. */
  name: string
  /** A column; the argument types of a function; empty otherwise. */
  part: string
  privilege: string
  /** Of a function: what runs it, and how it is called without a thought of its arguments. */
  definer: boolean
  call: string
}

export function rightKey({ role, kind, schema, name, part, privilege }: Right): string {
  return JSON.stringify([role, kind, schema, name, part, privilege])
}

/** A right on something in a schema that the role may not use is none. */
export async function readRights(session: Session): Promise<Map<string, Right>> {
  const { rows: [version] } = await session.query<{ number: number }>("select current_setting('server_version_num')::int as number")
  const { rows } = await session.query<Right>(query((version?.number ?? 0) >= 170_000))
  return new Map(rows.map((right) => [rightKey(right), right]))
}

const roles = `select oid, rolname::text as role from pg_catalog.pg_roles
  where not rolsuper and rolname !~ '^(pg_|supabase_)' and rolname not in ('postgres', 'dashboard_user', 'authenticator', 'pgbouncer')`

// Pseudo-types have no null: text stands in for "any".
const argument = `case t.typname when 'anyelement' then 'null::text' when 'anynonarray' then 'null::text' when 'anycompatible' then 'null::text'
  when 'anyarray' then 'null::text[]' when 'anycompatiblearray' then 'null::text[]' else format('null::%s', format_type(t.oid, null)) end`

const query = (hasMaintain: boolean) => `
  with r as (${roles}), n as (select oid, nspname::text as schema from pg_catalog.pg_namespace where ${ownSchema('nspname')}),
  usable as (select r.oid as role_id, r.role, n.oid as schema_id, n.schema from r cross join n where has_schema_privilege(r.oid, n.oid, 'usage'))
  select u.role, case when c.relkind = 'S' then 'sequence' else 'table' end as kind, u.schema, c.relname::text as name, '' as part, p.privilege, false as definer, '' as call
  from usable u join pg_catalog.pg_class c on c.relnamespace = u.schema_id and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${notOfExtension('pg_class', 'c.oid')}
  cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'${hasMaintain ? ", 'maintain'" : ''}]) p (privilege)
  where has_table_privilege(u.role_id, c.oid, p.privilege)
  union all
  select u.role, 'column', u.schema, c.relname::text, a.attname::text, p.privilege, false, ''
  from usable u join pg_catalog.pg_class c on c.relnamespace = u.schema_id and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${notOfExtension('pg_class', 'c.oid')}
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  cross join unnest(array['select', 'insert', 'update']) p (privilege)
  where has_column_privilege(u.role_id, c.oid, a.attnum, p.privilege) and (a.attgenerated = '' or p.privilege = 'select')
  union all
  select u.role, 'sequence', u.schema, c.relname::text, '', p.privilege, false, ''
  from usable u join pg_catalog.pg_class c on c.relnamespace = u.schema_id and c.relkind = 'S' and ${notOfExtension('pg_class', 'c.oid')}
  cross join unnest(array['usage', 'select', 'update']) p (privilege)
  where has_sequence_privilege(u.role_id, c.oid, p.privilege)
  union all
  select u.role, 'function', u.schema, f.proname::text, oidvectortypes(f.proargtypes), 'execute', f.prosecdef,
    format('%s %I.%I(%s)', case f.prokind when 'p' then 'call' else 'select' end, u.schema, f.proname,
      (select string_agg(case when f.provariadic <> 0 and k.place = f.pronargs then 'variadic ' else '' end || ${argument}, ', ' order by k.place)
        from unnest(f.proargtypes) with ordinality k (type, place) join pg_catalog.pg_type t on t.oid = k.type))
  from usable u join pg_catalog.pg_proc f on f.pronamespace = u.schema_id and f.prokind in ('f', 'p') and ${notOfExtension('pg_proc', 'f.oid')}
  where has_function_privilege(u.role_id, f.oid, 'execute') and f.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  order by 1, 2, 3, 4, 5, 6`
