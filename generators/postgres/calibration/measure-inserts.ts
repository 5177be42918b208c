/** What an index of each kind adds to the insert of a row on this machine: processor time of the server's process, and WAL. */
import { type Calibration, type FigureKind, type InsertCost, type InsertFigures, kindNames } from '../../design/insert-figures.ts'
import { TrrError } from '../../errors.ts'
import type { Database } from '../database.ts'
import type { Session } from '../session.ts'
import { type CalibrationSize, fillProbe, probeIndexes } from './probe-table.ts'

interface CalibrationRequest {
  size: CalibrationSize
  progress: (message: string) => void
  signal?: AbortSignal
}

const batches = [0, 1, 2] as const

/** The database is empty and is thrown away. */
export async function measureInserts(database: Database, { size, progress, signal }: CalibrationRequest): Promise<Calibration> {
  await using session = await database.connect({ user: 'supabase_admin' })
  progress('rows')
  await fillProbe(session, size)
  const seen = new Map<string, InsertCost>()
  const first = await costOfInsert(session, size, null)
  for (const { name, sql, isGin } of probeIndexes) {
    if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new TrrError({ code: 'INTERRUPTED', message: 'Interrupted; nothing was written.' })
    progress(name)
    await session.query(`create index probe_idx on probe ${sql}`)
    const cost = await costOfInsert(session, size, isGin ? 'probe_idx' : null)
    seen.set(name, cost)
    await session.query('drop index probe_idx')
    await session.query('vacuum probe')
  }
  // A busy machine only ever adds to it: the lower of two is nearer the truth.
  const bare = [first, await costOfInsert(session, size, null)].toSorted((a, b) => a.microseconds - b.microseconds)[0] ?? first
  const of = (name: string) => minus(seen.get(name) ?? bare, bare)
  const textKey = minus(of('btree_text_key'), of('btree_keys'))
  const insert = Object.fromEntries(kindNames.map((kind: FigureKind) => [kind, rounded(kind === 'btree_text_key' ? textKey : of(kind))])) as InsertFigures['insert']
  return { rows: size.rows, insert, bare: rounded(bare), checks: [{ name: 'a partial btree over one number that holds a tenth of the rows', seen: rounded(of('partial')), model: rounded(times(insert.btree_number, 0.1)) }, await updateCheck(session, size, insert)] }
}

/** An update that changes an indexed column writes every index of its table; the model adds up what their entries cost. */
async function updateCheck(session: Session, { batch }: CalibrationSize, insert: InsertFigures['insert']): Promise<Calibration['checks'][number]> {
  await session.query('create table moved (id int8 primary key, at timestamptz, user_id uuid, n int4) with (fillfactor = 50); insert into moved select i, at, user_id, 0 from batch where part = 0')
  await session.query('vacuum freeze moved')
  const update = 'update moved set n = n + 1'
  const inPlace = await measured(session, update)
  await session.query('vacuum moved')
  await session.query('create index moved_n on moved (n); create index moved_user on moved (user_id)')
  const everywhere = await measured(session, update)
  const per = (cost: InsertCost) => times(cost, 1 / batch)
  const model = [insert.btree_time, insert.btree_time, insert.btree_uuid].reduce(plus)
  return { name: 'an update that no longer stays on its page (HOT), with three indexes', seen: rounded(minus(per(everywhere), per(inPlace))), model: rounded(model) }
}

/**
 * The mean of three, because pages of a new index split together, once a tenth more is in it. What GIN puts aside is put in
 * its place within the same measurement: it has to be paid some time.
 */
async function costOfInsert(session: Session, { batch }: CalibrationSize, pending: string | null): Promise<InsertCost> {
  let total: InsertCost = { microseconds: 0, walBytes: 0 }
  for (const part of batches) {
    await session.query('begin')
    total = plus(total, await measured(session, `insert into probe select ${probeColumns} from batch where part = ${part}${pending === null ? '' : `; select gin_clean_pending_list('${pending}')`}`))
    await session.query('rollback')
  }
  return times(total, 1 / (batch * batches.length))
}

const probeColumns = 'id, user_id, at, n, rank, title, tags, doc, span'

/** The server counts its own processor time, so that other programs on the machine do not count. */
async function measured(session: Session, sql: string): Promise<InsertCost> {
  const position = async () => BigInt((await session.query<{ at: string }>("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as at")).rows[0]?.at ?? '0')
  const before = await position()
  await session.query("set client_min_messages = log; set log_statement_stats = on")
  session.takeNotices()
  await session.query(sql)
  const statistics = session.takeNotices().find(({ message }) => message === 'QUERY STATISTICS')
  await session.query('reset log_statement_stats; reset client_min_messages')
  const [, user, system] = /([\d.]+) s user, ([\d.]+) s system/.exec(statistics?.detail ?? '') ?? []
  if (user === undefined || system === undefined) throw new Error('the server says nothing of its processor time')
  return { microseconds: (Number(user) + Number(system)) * 1e6, walBytes: Number((await position()) - before) }
}

function plus(left: InsertCost, right: InsertCost): InsertCost {
  return { microseconds: left.microseconds + right.microseconds, walBytes: left.walBytes + right.walBytes }
}

function minus(left: InsertCost, right: InsertCost): InsertCost {
  return { microseconds: Math.max(0, left.microseconds - right.microseconds), walBytes: Math.max(0, left.walBytes - right.walBytes) }
}

function times({ microseconds, walBytes }: InsertCost, factor: number): InsertCost {
  return { microseconds: microseconds * factor, walBytes: walBytes * factor }
}

function rounded({ microseconds, walBytes }: InsertCost): InsertCost {
  return { microseconds: Number(microseconds.toPrecision(2)), walBytes: Math.round(walBytes) }
}
