/** Rights that are read from the catalog, because no request would show them: no row level security limits them, or another line of defence hides them. */
import { hasDirectDelete } from '../../design/access.ts'
import type { Plan } from '../../design/plan.ts'
import { isParent } from '../../design/audience-kinds.ts'
import { parentOf, parentRule } from '../../design/parent-rules.ts'
import { type Spec, type TableSpec, type Verb, type VerbRule, writableColumns } from '../../design/spec.ts'
import { realtimePublication } from '../../planner/realtime.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'
import type { Stage } from './requests.ts'
import { bucketFaults } from './storage/bucket-rights.ts'
import { viewFaults } from './views/view-rights.ts'

const clientRoles = ['anon', 'authenticated'] as const
type ClientRole = (typeof clientRoles)[number]

/** One sentence for each right that is too much; what is missing is noticed by the requests that need it. Publications are held against the spec both ways. */
export async function excessPrivileges(session: Session, plan: Plan, access: Stage['access']): Promise<string[]> {
  const { rows } = await session.query<{ found: Found }>(query, [
    arrayText(plan.tables.map(({ table }) => qualified(table))),
    arrayText(plan.functions.map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)),
  ])
  const { open, passedOn, tables, served, columns, policies, publications, replicas, functions } = rows[0]?.found ?? { open: [], passedOn: [], tables: [], served: [], columns: [], policies: [], publications: [], replicas: [], functions: [] }
  const tableOf = (name: string) => plan.tables.map(({ table }) => table).find((table) => qualified(table) === name)
  const lets = (name: string, role: ClientRole, verb: string) => access === 'open' && letsIn(tableOf(name), role, verb, plan.spec)
  const streams = (name: string) => access === 'open' && tableOf(name)?.realtime === true
  const mayName = (name: string, role: ClientRole, verb: 'insert' | 'update', column: string) => {
    const table = tableOf(name)
    return lets(name, role, verb) && table !== undefined && writableColumns(table, verb).map(ident).includes(column)
  }
  const signatures = plan.functions.map((one) => ({ ...one, signature: `${qualified(one.name)}(${one.argumentTypes})` }))
  return [
    ...open.map((name) => `row level security is off on ${name}`),
    ...passedOn.map(({ name, grantee, privilege }) => `${grantee} may pass on ${privilege} on ${name}`),
    ...tables
      .filter(({ name, role, privilege }) => !['SELECT', 'DELETE'].includes(privilege) || !lets(name, role, privilege.toLowerCase()))
      .map(({ name, role, privilege }) => `${role} holds ${privilege} on ${name}`),
    ...served.filter(({ name, privilege }) => isNobodys(tableOf(name), privilege.toLowerCase() as Verb)).map(({ name, privilege }) => `service_role holds ${privilege} on ${name}`),
    ...columns
      .filter(({ name, role, privilege, column }) => (privilege === 'SELECT' ? !lets(name, role, 'select') : privilege === 'REFERENCES' || !mayName(name, role, privilege.toLowerCase() as 'insert' | 'update', column)))
      .map(({ name, role, privilege, column }) => `${role} holds ${privilege} (${column}) on ${name}`),
    ...policies
      .filter(({ name, role, commands }) => commands.some((verb) => !lets(name, role, verb)))
      .map(({ name, role, policy }) => `the policy ${policy} on ${name} speaks to ${role}, whom the spec lets nothing of it`),
    ...publications.filter(({ name, publication }) => !streams(name) || publication !== realtimePublication).map(({ name, publication }) => `${name} is in the publication ${publication}: its DELETE events reach every subscriber`),
    ...plan.tables.filter(({ table }) => streams(qualified(table)) && !publications.some(({ name, publication }) => name === qualified(table) && publication === realtimePublication)).map(({ table }) => `${qualified(table)} is not in the publication ${realtimePublication}`),
    ...replicas.filter(({ name, identity }) => streams(name) && identity !== 'd').map(({ name }) => `${name} has another replica identity than its primary key: old rows are written for subscribers`),
    ...signatures.flatMap(({ signature, executableBy, exists, kind, definition }) => {
      const found = functions.find((one) => one.signature === signature)
      if (!found) return []
      return [
        ...clientRoles.filter((role) => found[role] && !executableBy.includes(role) && !exists).map((role) => `${role} may execute ${signature}`),
        ...(found.owned ? [`${signature} belongs to a role that clients may become`] : []),
        ...(!found.definer && /\nsecurity definer\n/.test(definition) ? [`${signature} runs with the rights of its caller, who may not see what it looks up`] : []),
        ...(found.definer && !/\nsecurity definer\n/.test(definition) ? [`${signature} runs with the rights of its owner, which the design does not ask for`] : []),
        ...(found.definer && !found.pinned ? [`${signature} runs with the rights of its owner and does not pin search_path`] : []),
        ...(found.definer && found.pinned && !exists && !found.closed ? [`${signature} runs with the rights of its owner and looks names up in other schemas`] : []),
        ...(found.volatile && /\nstable\n/.test(definition) ? [`${signature} is volatile: it is called for every row`] : []),
        ...(found.immutable && kind !== 'trigger' ? [`${signature} is immutable: a cached plan keeps the answer for the first caller`] : []),
      ]
    }),
    ...(await viewFaults(session, plan)),
    ...(await bucketFaults(session, plan)),
  ]
}

/** Of the functions of the design alone: not even the service's. */
function isNobodys(table: TableSpec | undefined, verb: Verb): boolean {
  return table?.access[verb].own === 'nobody' && table.access[verb].any === 'nobody'
}

/** Whether the spec knows anybody of the role who passes. */
function letsIn(table: TableSpec | undefined, role: ClientRole, verb: string, spec: Spec): boolean {
  if (!table || (verb === 'delete' && !hasDirectDelete(table)) || (verb === 'update' && writableColumns(table, verb).length === 0)) return false
  return isLetIn(table.access[verb as Verb], role, table, spec)
}

function isLetIn({ own, any }: VerbRule, role: ClientRole, table: TableSpec, spec: Spec): boolean {
  // Of a table without an owner no row is anybody's own.
  return (table.ownerColumn === null ? [any] : [own, any]).some((audience) => {
    if (!isParent(audience)) return audience === 'anyone' || (role === 'authenticated' && audience !== 'service' && audience !== 'nobody')
    const parent = parentOf(table, spec.tables)
    return parent ? isLetIn(parentRule(parent, audience, spec.tenancy), role, parent, spec) : table.access.via?.existing?.includes(role) === true
  })
}

interface Found {
  open: string[]
  passedOn: { name: string; grantee: string; privilege: string }[]
  tables: { name: string; role: ClientRole; privilege: string }[]
  served: { name: string; privilege: string }[]
  /** Rights on columns that are no rights on the table. */
  columns: { name: string; role: ClientRole; privilege: string; column: string }[]
  policies: { name: string; role: ClientRole; policy: string; commands: string[] }[]
  publications: { name: string; publication: string }[]
  replicas: { name: string; identity: string }[]
  functions: ({ signature: string; definer: boolean; pinned: boolean; closed: boolean; immutable: boolean; volatile: boolean; owned: boolean } & Record<ClientRole, boolean>)[]
}

const list = (rows: string) => `(select coalesce(jsonb_agg(to_jsonb(r)), '[]') from (${rows}) as r)`

const query = `
  with t as (select name, name::regclass as oid from unnest($1::text[]) as name),
  f as (select signature, to_regprocedure(signature) as oid from unnest($2::text[]) as signature),
  r as (select unnest(array['anon', 'authenticated']) as role)
  select jsonb_build_object(
    'open', (select coalesce(jsonb_agg(name order by name), '[]') from t join pg_class c on c.oid = t.oid where not relrowsecurity),
    'passedOn', ${list(`
      select distinct name, case when grantee = 0 then 'everybody' else grantee::regrole::text end as grantee, privilege_type as privilege from (
        select name, (aclexplode(relacl)).* from t join pg_class c on c.oid = t.oid union all select name, (aclexplode(attacl)).* from t join pg_attribute on attrelid = t.oid) as held
      where is_grantable and (grantee = 0 or grantee::regrole::text in ('anon', 'authenticated')) order by 1, 2, 3`)},
    'tables', ${list(`
      select name, role, privilege from t cross join r cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
        || case when current_setting('server_version_num')::int >= 170000 then array['MAINTAIN'] else '{}' end) as privilege
      where has_table_privilege(role, t.oid, privilege) order by name, role, privilege`)},
    'served', ${list(`
      select name, privilege from t cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as privilege
      where case privilege when 'DELETE' then has_table_privilege('service_role', t.oid, privilege) else has_any_column_privilege('service_role', t.oid, privilege) end order by name, privilege`)},
    'columns', ${list(`
      select name, role, privilege, quote_ident(attname) as column from t cross join r cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as privilege
      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      where has_column_privilege(role, t.oid, a.attnum, privilege) and not has_table_privilege(role, t.oid, privilege) order by name, role, privilege, a.attnum`)},
    'policies', ${list(`
      select name, role, polname as policy, case polcmd when 'r' then array['select'] when 'a' then array['insert'] when 'w' then array['update'] when 'd' then array['delete']
        else array['select', 'insert', 'update', 'delete'] end as commands
      from t join pg_policy p on p.polrelid = t.oid cross join r where polpermissive and (0 = any (polroles) or role::regrole = any (polroles)) order by name, policy, role`)},
    'publications', ${list(`select name, pubname as publication from t join pg_class c on c.oid = t.oid join pg_publication_tables p on p.schemaname = (select nspname from pg_namespace where oid = relnamespace) and p.tablename = relname order by 1, 2`)},
    'replicas', ${list(`select name, relreplident as identity from t join pg_class c on c.oid = t.oid order by 1`)},
    'functions', ${list(`
      select signature, pg_has_role('anon', proowner, 'member') or pg_has_role('authenticated', proowner, 'member') as owned, prosecdef as definer, provolatile = 'i' as immutable, provolatile = 'v' as volatile, exists (select from unnest(proconfig) as setting where setting like 'search_path=%') as pinned,
        exists (select from unnest(proconfig) as setting where setting in ('search_path=', 'search_path=""')) as closed,
        has_function_privilege('anon', f.oid, 'EXECUTE') as anon, has_function_privilege('authenticated', f.oid, 'EXECUTE') as authenticated
      from f join pg_proc p on p.oid = f.oid order by 1`)}) as found`
