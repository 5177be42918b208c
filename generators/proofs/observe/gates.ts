/** What stands between a caller and a table: rights, and policies with what they read. */
import type { CatalogPolicy } from '../../design/catalog.ts'
import type { Session } from '../../postgres/session.ts'
import { parseExpression } from '../../sql/expression.ts'
import { type QualifiedName, qualified } from '../../sql/identifier.ts'
import { loadParser, walk } from '../../sql/parser.ts'

export interface Gates {
  rowSecurity: boolean
  /** Whose rights count below a view; null for a table. */
  view: 'owner' | 'caller' | null
  /** `<role> <verb>` → columns that the role may name. */
  columns: Map<string, string[]>
  policies: GatePolicy[]
}

export interface GatePolicy extends CatalogPolicy {
  table: string
  /** Tables that its expressions read, by qualified name. */
  reads: string[]
}

export async function readGates(session: Session, table: QualifiedName): Promise<Gates> {
  const { rows } = await session.query<{ role: string; verb: string; columns: string[] }>(
    `select role, verb, coalesce(jsonb_agg(attname order by attnum) filter (where has_column_privilege(role, attrelid, attnum, verb)), '[]') as columns
     from pg_attribute cross join unnest(array['anon', 'authenticated', 'service_role']) as role cross join unnest(array['select', 'insert', 'update']) as verb
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' group by role, verb`,
    [qualified(table)],
  )
  const { rows: [state] } = await session.query<{ on: boolean; view: Gates['view'] }>(
    `select relrowsecurity as on, case when relkind not in ('v', 'm') then null when relkind = 'v' and exists (select from unnest(reloptions) as o where o ~ '^security_invoker=(true|on|1|yes)$') then 'caller' else 'owner' end as view
     from pg_class where oid = $1::regclass`,
    [qualified(table)],
  )
  return { rowSecurity: state?.on === true, view: state?.view ?? null, columns: new Map(rows.map(({ role, verb, columns }) => [`${role} ${verb}`, columns])), policies: (await readPolicies(session)).filter((policy) => policy.table === qualified(table)) }
}

/** Of every table: a policy may read others, and run into theirs. */
export async function readPolicies(session: Session): Promise<GatePolicy[]> {
  await loadParser()
  // With an empty search path every name in an expression is qualified.
  await session.query("savepoint gates; set local search_path = ''")
  const { rows } = await session.query<Omit<GatePolicy, 'reads'>>(`
    select p.polrelid::regclass::text as table, polname as name, polpermissive as permissive,
      case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      (select jsonb_agg(case when r = 0 then 'public' else r::regrole::text end) from unnest(polroles) as r) as roles,
      pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
    from pg_policy p order by 1, 2`)
  await session.query('rollback to savepoint gates; release savepoint gates')
  return rows.map((policy) => ({ ...policy, reads: [...new Set([policy.using, policy.check].flatMap((text) => (text === null ? [] : tablesIn(text))))] }))
}

function tablesIn(expression: string): string[] {
  const tables: string[] = []
  walk(parseExpression(expression).tree, (type, node) => {
    if (type === 'RangeVar') tables.push(qualified({ schema: String(node['schemaname'] ?? ''), name: String(node['relname']) }))
  })
  return tables
}

/** The policies of SELECT by which a request for the table comes back to a table that it is reading: what Postgres refuses with 42P17. */
export function recursion(policies: readonly GatePolicy[], role: string, start: string): GatePolicy[] {
  const reading = policies.filter(({ command, roles }) => ['select', 'all'].includes(command) && (roles.includes('public') || roles.includes(role)))
  const follow = (table: string, path: readonly GatePolicy[]): GatePolicy[] | null => {
    for (const policy of reading.filter((one) => one.table === table)) {
      for (const next of policy.reads) {
        const round = [...path, policy].findIndex((one) => one.table === next)
        if (round !== -1) return [...path, policy].slice(round)
        const found = follow(next, [...path, policy])
        if (found) return found
      }
    }
    return null
  }
  return follow(start, []) ?? []
}
