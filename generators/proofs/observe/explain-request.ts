/** One request, and why the database answered so: the rights of the role, then each policy for each row, asked as the role. */
import type { Verb } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { type QualifiedName, ident, qualified } from '../../sql/identifier.ts'
import { splitStatements, walk } from '../../sql/parser.ts'
import { refusalOf } from '../proof-error.ts'
import { type GatePolicy, readGates, readPolicies, recursion } from './gates.ts'

export interface Explanation {
  tables: ExplainedTable[]
}

export interface ExplainedTable {
  table: string
  verb: Verb
  rowSecurity: boolean
  view: 'owner' | 'caller' | null
  right: 'table' | 'columns' | 'none'
  columns: string[]
  policies: ExplainedPolicy[]
  /** Policies that lead back to a table that is being read. */
  recursion: string[]
}

export interface ExplainedPolicy {
  name: string
  permissive: boolean
  side: 'using' | 'check'
  expression: string
  /** Rows that pass, of those that are there; null when the expression fails. */
  passing: number | null
  rows: number
  error: string | null
}

export interface As {
  role: string
  claims: string | null
}

/** `resolve` knows the tables of the repository. The session is one of `postgres`, in a transaction. */
export async function explainRequest(session: Session, sql: string, as: As, resolve: (name: Partial<QualifiedName>) => QualifiedName | null): Promise<Explanation> {
  const all = await readPolicies(session)
  const tables: ExplainedTable[] = []
  for (const { table, verb } of touched(sql, resolve)) {
    const name = qualified(table)
    const gates = await readGates(session, table)
    const { rows: [held] } = await session.query<{ held: boolean }>('select has_table_privilege($1, $2, $3) as held', [as.role, name, verb])
    const columns = gates.columns.get(`${as.role} ${verb}`) ?? []
    const bypasses = as.role === 'service_role' || as.role === 'postgres'
    const policies = bypasses || !gates.rowSecurity ? [] : all.filter((policy) => policy.table === name && [verb, 'all'].includes(policy.command) && (policy.roles.includes('public') || policy.roles.includes(as.role)))
    tables.push({
      table: name, verb, rowSecurity: gates.rowSecurity, view: gates.view, right: held?.held ? 'table' : columns.length > 0 ? 'columns' : 'none', columns,
      policies: await evaluate(session, table, policies, verb, as),
      recursion: bypasses ? [] : recursion(all, as.role, name).map((policy) => `${policy.name} on ${policy.table}`),
    })
  }
  return { tables }
}

/** Every table that the statement names, with what it does there. A write with a condition reads as well. */
function touched(sql: string, resolve: (name: Partial<QualifiedName>) => QualifiedName | null): { table: QualifiedName; verb: Verb }[] {
  const found = new Map<string, { table: QualifiedName; verb: Verb }>()
  const add = (node: Record<string, unknown>, verb: Verb) => {
    const table = resolve({ ...(node['schemaname'] === undefined ? {} : { schema: String(node['schemaname']) }), name: String(node['relname']) })
    if (table) found.set(`${qualified(table)} ${verb}`, { table, verb })
  }
  for (const { tree } of splitStatements(sql)) {
    walk(tree, (type, node) => {
      const verb = ({ InsertStmt: 'insert', UpdateStmt: 'update', DeleteStmt: 'delete' } as const)[type as 'InsertStmt']
      const relation = node['relation'] as Record<string, unknown> | undefined
      if (verb && relation) {
        add(relation, verb)
        if (node['whereClause'] !== undefined || node['returningList'] !== undefined || node['returningClause'] !== undefined) add(relation, 'select')
      }
      if (type === 'RangeVar') add(node, 'select')
    })
  }
  return [...found.values()]
}

/** On a copy of the rows under the table's name, so that the role sees each of them; what an expression reads elsewhere it reads as the role. */
async function evaluate(session: Session, table: QualifiedName, policies: readonly GatePolicy[], verb: Verb, { role, claims }: As): Promise<ExplainedPolicy[]> {
  const explained: ExplainedPolicy[] = []
  const copy = ident(table.name)
  await session.query(`savepoint explain; create temporary table ${copy} as select * from ${qualified(table)}; grant select on pg_temp.${copy} to public`)
  const { rows: [count] } = await session.query<{ count: string }>(`select count(*)::text as count from pg_temp.${copy}`)
  for (const policy of policies) {
    for (const side of ['using', 'check'] as const) {
      const expression = policy[side]
      if (expression === null || (side === 'using' && verb === 'insert')) continue
      await session.query('savepoint explain_policy')
      const answer = await session
        .query(`select set_config('request.jwt.claims', $1, true), set_config('role', $2, true), set_config('search_path', '', true)`, [claims ?? '', role])
        .then(() => session.query<{ passing: string }>(`select count(*) filter (where ${expression})::text as passing from pg_temp.${copy}`))
        .then(({ rows }) => ({ passing: Number(rows[0]?.passing), error: null }), (error: unknown) => ({ passing: null, error: refusalOf(error) }))
      await session.query('rollback to savepoint explain_policy; release savepoint explain_policy')
      explained.push({ name: policy.name, permissive: policy.permissive, side, expression, rows: Number(count?.count ?? 0), ...answer })
    }
  }
  await session.query('rollback to savepoint explain; release savepoint explain')
  return explained
}
