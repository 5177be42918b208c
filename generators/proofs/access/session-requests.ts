/** Requests that need a session of their own: a plan that one caller leaves to the next, and COPY. */
import type { Session } from '../../postgres/session.ts'
import { identList, qualified } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { writableColumns } from '../../design/spec.ts'
import { type Identity, witness } from './identity.ts'
import { oneOfEach, refused, speakers } from './probe.ts'
import type { ShapeContext } from './shapes/context.ts'
import { keyExpression } from './subject.ts'

export interface SessionAnswers {
  findings: string[]
  asked: number
}

/** Inside of a transaction in which the rows are there. */
export async function askSession(session: Session, context: ShapeContext): Promise<SessionAnswers> {
  const [prepared, copied] = [await sharedPlan(session, context), await copies(session, context)]
  return { findings: [...prepared.findings, ...copied.findings], asked: prepared.asked + copied.asked }
}

/** One prepared statement, planned once for everybody: whoever comes second gets what is theirs. */
async function sharedPlan(session: Session, context: ShapeContext): Promise<SessionAnswers> {
  const { table, rows, world } = context.subject
  const visible = (identity: Identity) => rows.filter(({ facts }) => context.allows('select', identity, facts)).map(({ key }) => key).toSorted()
  const callers = oneOfEach(world.identities.filter(({ caller }) => caller.role === 'authenticated'), (identity) => visible(identity).join(' '))
    .toSorted((left, right) => visible(right).length - visible(left).length).slice(0, 3)
  if (callers.length < 2) return { findings: [], asked: 0 }
  const statement = `select ${keyExpression(table)} as key from ${qualified(table)}`
  const script = [`prepare trr_db_shared as ${statement}`, 'set local plan_cache_mode = force_generic_plan', 'set local role authenticated']
  await session.query(`savepoint shared_plan; ${script.join('; ')}`)
  const findings: string[] = []
  for (const identity of callers) {
    const claims = `set local "request.jwt.claims" = ${literal(identity.claims ?? '')}`
    const { rows: found } = await answer<{ key: string }>(session, `${claims}; execute trr_db_shared`)
    const [got, wanted] = [found.map(({ key }) => key).toSorted(), visible(identity)]
    script.push(claims, 'execute trr_db_shared')
    if (got.join() !== wanted.join()) findings.push(`${identity.title} gets ${got.length} rows of ${qualified(table)} instead of ${wanted.length} from a statement that somebody else prepared: the plan keeps the first caller; request: begin; ${script.join('; ')}; rollback;`)
  }
  await session.query('rollback to savepoint shared_plan; release savepoint shared_plan; deallocate trr_db_shared')
  return { findings, asked: callers.length }
}

/** COPY out gives what SELECT gives; COPY in is not for tables with policies. */
async function copies(session: Session, context: ShapeContext): Promise<SessionAnswers> {
  const { table, rows, world } = context.subject
  const name = qualified(table)
  const findings: string[] = []
  const seen = (identity: Identity) => rows.filter(({ facts }) => context.allows('select', identity, facts)).length
  const callers = speakers(world.identities, (identity) => seen(identity) > 0)
  for (const identity of callers) {
    const visible = seen(identity)
    const out = `copy ${name} to stdout`
    const { code, count } = await asCaller(session, identity, out)
    // Where the role sees nothing at all, the right may be missing.
    if (count !== visible || (code !== null && (visible > 0 || code !== refused))) findings.push(`COPY of ${name} by ${identity.title} ends with ${code ?? `${count} rows`} instead of ${visible} rows; request: ${witness(identity, out)}`)
    const columns = writableColumns(table, 'insert')
    const into = `copy ${name}${columns.length > 0 ? ` (${identList(columns)})` : ''} from stdin`
    const refusal = (await asCaller(session, identity, into)).code
    if (refusal !== refused && refusal !== '0A000') findings.push(`COPY into ${name} by ${identity.title} is not refused (${refusal ?? 'success'}); request: ${witness(identity, into)}`)
  }
  return { findings, asked: callers.length * 2 }
}

async function asCaller(session: Session, { caller, claims }: Identity, sql: string): Promise<{ code: string | null; count: number }> {
  await session.query(`savepoint session_request; set local role ${caller.role}; set local "request.jwt.claims" = ${literal(claims ?? '')}`)
  const { code, count } = await answer(session, sql)
  await session.query('rollback to savepoint session_request; release savepoint session_request')
  return { code, count }
}

async function answer<Row = object>(session: Session, sql: string): Promise<{ code: string | null; count: number; rows: Row[] }> {
  return session.query<Row>(sql).then(({ rows, rowCount }) => ({ code: null, count: rowCount ?? 0, rows }), (error: { code: string }) => ({ code: error.code, count: 0, rows: [] }))
}
