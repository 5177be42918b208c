/** What protects the tables, as the database has it: mutants are made of what was applied, edited by hand or not. */
import type { CatalogPolicy } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { type QualifiedName, qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

export interface AppliedTable {
  name: QualifiedName
  policies: CatalogPolicy[]
  columns: string[]
  details: { name: string; type: string; notNull: boolean; references: boolean }[]
  rights: { role: string; privilege: string; column: string | null }[]
  triggers: string[]
  /** Conditions that every row meets for whoever asks: what they look up shows every row of another table. */
  always: string[]
}

export interface AppliedFunction {
  signature: string
  definition: string
  /** Null unless it is a quoted body in SQL. */
  body: string | null
  definer: boolean
  pinned: boolean
  volatile: boolean
  executableBy: string[]
  /** Columns of the tables that its text names. */
  reads: { table: string; name: string; type: string; notNull: boolean }[]
}

/** The policies of the design on the objects of Supabase Storage. */
export async function readObjectPolicies(session: Session, names: readonly string[]): Promise<AppliedTable | null> {
  const { rows } = await session.query<Omit<AppliedTable, 'name'>>(tables, [arrayText(['storage.objects'])])
  const [found] = rows
  return found ? { name: { schema: 'storage', name: 'objects' }, columns: [], details: [], rights: found.rights, triggers: [], always: [], policies: found.policies.filter(({ name }) => names.includes(name)) } : null
}

export async function readTables(session: Session, plan: Plan): Promise<AppliedTable[]> {
  const names = plan.tables.map(({ table }) => qualified(table))
  const { rows } = await session.query<Omit<AppliedTable, 'name'> & { name: string }>(tables, [arrayText(names)])
  return plan.tables.flatMap(({ table }) => rows.filter(({ name }) => name === qualified(table)).map((row) => ({ ...row, name: { schema: table.schema, name: table.name }, always: [] })))
}

/** Tables of which both client roles see every row: `schema.table`. */
export async function readOpenTables(session: Session): Promise<string[]> {
  return (await session.query<{ name: string }>(openToAll)).rows.map(({ name }) => name)
}

export async function readFunctions(session: Session, plan: Plan): Promise<AppliedFunction[]> {
  const signatures = plan.functions.filter(({ kind }) => kind !== 'trigger').map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)
  return (await session.query<AppliedFunction>(functions, [arrayText(signatures)])).rows
}

const roleName = `case when %s = 0 then 'public' else %s::regrole::text end`
const role = (column: string) => roleName.replaceAll('%s', column)

const tables = `
  select name,
    (select coalesce(jsonb_agg(jsonb_build_object('name', polname, 'permissive', polpermissive,
        'command', case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        'roles', (select jsonb_agg(${role('r')} order by 1) from unnest(polroles) as r),
        'using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid)) order by polname), '[]')
      from pg_policy where polrelid = t.oid) as policies,
    (select jsonb_agg(attname order by attnum) from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped) as columns,
    (select jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
        'references', exists (select from pg_constraint k where k.conrelid = attrelid and k.contype = 'f' and attnum = any (k.conkey))) order by attnum)
      from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped) as details,
    (select coalesce(jsonb_agg(jsonb_build_object('role', ${role('grantee')}, 'privilege', lower(privilege_type), 'column', attname) order by grantee, privilege_type, attname), '[]') from (
      select (aclexplode(relacl)).*, null::name as attname from pg_class c where c.oid = t.oid
      union all
      select (aclexplode(attacl)).*, attname from pg_attribute where attrelid = t.oid and attacl is not null
    ) as held where grantee = 0 or grantee::regrole::text in ('anon', 'authenticated', 'service_role')) as rights,
    (select coalesce(jsonb_agg(tgname order by tgname), '[]') from pg_trigger where tgrelid = t.oid and not tgisinternal) as triggers
  from (select name, name::regclass::oid as oid from unnest($1::text[]) as name) as t`

const openToAll = `
  select format('%I.%I', nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
  where relkind in ('r', 'p') and not exists (select from pg_policy where polrelid = c.oid and not polpermissive) and (
    not relrowsecurity or (select array_agg(role) from pg_policy, unnest(polroles) as role where polrelid = c.oid and polcmd in ('r', '*') and pg_get_expr(polqual, polrelid) = 'true') && '{0}'
    or 2 = (select count(distinct role) from pg_policy, unnest(polroles) as role where polrelid = c.oid and polcmd in ('r', '*') and pg_get_expr(polqual, polrelid) = 'true' and role::regrole::text in ('anon', 'authenticated')))`

const functions = `
  with named as (select c.oid, format('%I.%I', nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace where relkind in ('r', 'p') and nspname !~ '^(pg_|information_schema)')
  select signature, pg_get_functiondef(p.oid) as definition,
    case when p.prosqlbody is null and (l.lanname = 'sql' or (l.lanname = 'plpgsql' and p.provolatile = 's')) then p.prosrc end as body,
    p.prosecdef as definer, exists (select from unnest(p.proconfig) as setting where setting like 'search_path=%') as pinned, p.provolatile = 'v' as volatile,
    (select coalesce(jsonb_agg(${role('grantee')}), '[]') from aclexplode(p.proacl) where grantee <> p.proowner) as "executableBy",
    (select coalesce(jsonb_agg(jsonb_build_object('table', name, 'name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull) order by name, attnum), '[]')
      from named join pg_attribute on attrelid = named.oid and attnum > 0 and not attisdropped where strpos(p.prosrc, name) > 0) as reads
  from unnest($1::text[]) as signature join pg_proc p on p.oid = to_regprocedure(signature) join pg_language l on l.oid = p.prolang
  order by 1`
