/** What the answers to requests depend on, object by object, as lines of text: rights, guards, shapes, functions, rows. No OIDs. */
import { ident } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { ownSchema } from './catalog/scope.ts'
import { acl, notOfExtension, relation } from './fingerprint/scope.ts'
import type { Session } from './session.ts'

export interface StateLine {
  kind: 'table' | 'view' | 'function' | 'type' | 'schema' | 'cluster'
  schema: string
  name: string
  /** What the line is about, for a person: `policy "members read"`. */
  says: string
  text: string
  /** The text names other objects that have a say in the answers: a policy's expression, a function's body. */
  isGuard: boolean
  /** Conditions of a policy, as the server prints them. */
  expressions: string[] | null
}

export async function readAccessState(session: Session): Promise<StateLine[]> {
  const before = await session.query<{ path: string }>("select current_setting('search_path') as path")
  await session.query("select set_config('search_path', '', false)")
  try {
    const { rows } = await session.query<StateLine>(`select * from (${queries.map((sql) => `(${sql})`).join('\nunion all\n')}) l (kind, schema, name, says, text, "isGuard", expressions) order by kind, schema collate "C", name collate "C", says collate "C", text collate "C"`)
    return [...rows, ...(await contents(session))]
  } finally {
    await session.query("select set_config('search_path', $1, false)", [before.rows[0]?.path ?? ''])
  }
}

const askedRoles = "'anon', 'authenticated', 'service_role', 'authenticator'"
const kind = "case when c.relkind in ('v', 'm') then 'view' else 'table' end"
const relations = relation('rpvmf')
const line = (says: string, text: string, isGuard = false, expressions = 'null::text[]') => `${kind}, n.nspname::text, c.relname::text, ${says}, ${text}, ${isGuard}, ${expressions}`

/** What the roles of tokens may do: rights of others change no answer to them. */
function held(ask: string, oid: string, privileges: readonly string[]): string {
  return `(select coalesce(string_agg(format('%s:%s', api, held), ' ' order by api, held), '') from unnest(array['anon', 'authenticated', 'service_role']) api cross join unnest(array[${privileges.map((privilege) => `'${privilege}'`).join(', ')}]) held where ${ask}(api, ${oid}, held))`
}

const queries = [
  `select ${line("'row level security, options'", "format('kind=%s owner=%s rls=%s force=%s options=%s partition=%s', c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity, coalesce(c.reloptions::text, ''), coalesce(pg_get_expr(c.relpartbound, c.oid), ''))")}
    from ${relations}`,
  `select ${line("'rights'", held('has_table_privilege', 'c.oid', ['select', 'insert', 'update', 'delete']))} from ${relations}`,
  `select ${line("format('rights on column %I', a.attname)", acl('a.attacl', 'c', 'c.relowner'))}
    from ${relations} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attacl is not null and not a.attisdropped and a.attacl <> '{}'`,
  `select ${line("format('column %I', a.attname)", "format('%s null=%s identity=%s generated=%s default=%s', format_type(a.atttypid, a.atttypmod), not a.attnotnull, a.attidentity, a.attgenerated, coalesce(pg_get_expr(d.adbin, d.adrelid), ''))", true)}
    from ${relations} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum`,
  `select ${line("format('constraint %I', o.conname)", 'pg_get_constraintdef(o.oid)')} from ${relations} join pg_catalog.pg_constraint o on o.conrelid = c.oid and o.contype in ('f', 'p', 'u', 'x')`,
  `select ${line("format('check %I', o.conname)", 'pg_get_constraintdef(o.oid)', true)} from ${relations} join pg_catalog.pg_constraint o on o.conrelid = c.oid and o.contype = 'c'`,
  `select ${line("format('foreign key %I of %s', o.conname, o.conrelid::regclass)", 'pg_get_constraintdef(o.oid)')} from ${relations} join pg_catalog.pg_constraint o on o.confrelid = c.oid and o.contype = 'f'`,
  `select ${line("format('unique index %s', i.indexrelid::regclass)", 'pg_get_indexdef(i.indexrelid)')} from ${relations} join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisunique`,
  `select ${line("format('policy %I', p.polname)", `format('permissive=%s command=%s roles=%s using=%s check=%s', p.polpermissive, p.polcmd,
      array(select coalesce(r.rolname::text, 'public') from unnest(p.polroles) k (oid) left join pg_catalog.pg_roles r on r.oid = k.oid order by 1),
      coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))`, true, 'array_remove(array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)], null)')}
    from ${relations} join pg_catalog.pg_policy p on p.polrelid = c.oid`,
  `select ${line("format('trigger %I', t.tgname)", "format('%s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled)", true)} from ${relations} join pg_catalog.pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal`,
  `select ${line("case when c.relkind in ('v', 'm') then 'definition' else format('rule %I', r.rulename) end", 'pg_get_ruledef(r.oid)', true)} from ${relations} join pg_catalog.pg_rewrite r on r.ev_class = c.oid`,
  `select ${line("format('publication %I', p.pubname)", "format('columns=%s where=%s', p.attnames, p.rowfilter)")} from ${relations} join pg_catalog.pg_publication_tables p on p.schemaname = n.nspname and p.tablename = c.relname`,
  `select 'function', n.nspname::text, p.proname::text, format('function %s', p.oid::regprocedure),
      format('%s owner=%s rights=%s', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), ${held('has_function_privilege', 'p.oid', ['execute'])}), true, null
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${ownSchema('n.nspname')}
    where p.prokind <> 'a' and ${notOfExtension('pg_proc', 'p.oid')}`,
  `select 'type', n.nspname::text, t.typname::text, format('type %s', t.oid::regtype), format('base=%s labels=%s checks=%s',
      case when t.typbasetype <> 0 then format_type(t.typbasetype, t.typtypmod) else '' end,
      array(select e.enumlabel from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder),
      array(select pg_get_constraintdef(o.oid) from pg_catalog.pg_constraint o where o.contypid = t.oid order by o.conname)), true, null
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${ownSchema('n.nspname')}
    where t.typtype in ('e', 'd') and ${notOfExtension('pg_type', 't.oid')}`,
  `select 'schema', n.nspname::text, n.nspname::text, 'rights on the schema', ${held('has_schema_privilege', 'n.oid', ['usage'])}, false, null from pg_catalog.pg_namespace n where ${ownSchema('n.nspname')}`,
  `select 'cluster', '', '', format('role %I', r.rolname), format('superuser=%s inherit=%s bypassrls=%s settings=%s', r.rolsuper, r.rolinherit, r.rolbypassrls, coalesce(r.rolconfig::text, '')), false, null
    from pg_catalog.pg_roles r where r.rolname in (${askedRoles})`,
  `select 'cluster', '', '', format('%I is a member of %I', m.rolname, g.rolname), '', false, null
    from pg_catalog.pg_auth_members x join pg_catalog.pg_roles m on m.oid = x.member join pg_catalog.pg_roles g on g.oid = x.roleid where m.rolname in (${askedRoles})`,
  `select 'cluster', '', '', format('settings of the database for %s', coalesce(r.rolname, 'everybody')), s.setconfig::text, false, null
    from pg_catalog.pg_db_role_setting s left join pg_catalog.pg_roles r on r.oid = s.setrole where s.setdatabase = (select oid from pg_catalog.pg_database where datname = current_database())`,
]

/**
 * What migrations put into tables: a policy may read it. Values that every replay makes anew (defaults that call a
 * function: clocks, random keys) are left out.
 */
async function contents(session: Session): Promise<StateLine[]> {
  const { rows: tables } = await session.query<{ schema: string; name: string; columns: string[] }>(`
    select n.nspname::text as schema, c.relname::text as name,
      array(select a.attname::text from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = ''
          and coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ '[(]|current_' order by a.attname) as columns
    from ${relation('r')} where pg_relation_size(c.oid) > 0 order by 1, 2`)
  const filled = tables.map(({ schema, name, columns }) => `select 'table' as kind, ${literal(schema)} as schema, ${literal(name)} as name, 'rows' as says,
    (select format('%s rows %s', count(*), md5(coalesce(string_agg(r::text, E'\\n' order by r::text), ''))) from (select ${columns.map(ident).join(', ')} from ${ident(schema)}.${ident(name)}) r) as text, false as "isGuard", null::text[] as expressions`)
  return filled.length === 0 ? [] : (await session.query<StateLine>(filled.join('\nunion all\n'))).rows
}
