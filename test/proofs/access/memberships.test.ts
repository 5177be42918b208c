/** Memberships that a design creates: all that is asked of the functions, on every server; what only two sessions show. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { type Database, type Session, openServer } from '../../../generators/postgres/server.ts'
import { act, isWrong, seedActing } from '../../../generators/proofs/access/acting/acting.ts'
import { surroundingsOf } from '../../../generators/proofs/access/surroundings.ts'
import { huntActing } from '../../../generators/proofs/mutation/hunt-acting.ts'
import { readMutants } from '../../../generators/proofs/mutation/read-mutants.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import { loadParser } from '../../../generators/sql/parser.ts'
import { readRepository } from '../../../generators/repository/read.ts'
import type { Major } from '../../../generators/design/sql-file.ts'
import { planText } from '../../support/sample-server.ts'

const text = `
design: clubs
story: Fans found clubs and invite each other.
schema: clubs
tenancy:
  model: organization
  column: club_id
  organizations: clubs.clubs
  memberships: { table: clubs.club_members, user: user_id, organization: club_id, role: role }
  roles: [fan, steward, founder]
  managers: steward
  create: true
`
const person = (n: number) => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`

async function opened(major: Major) {
  await loadParser()
  const repository = { ...(await readRepository('references/examples/trr')), migrations: [] }
  const server = await openServer({ major, history: [] })
  return { server, ...(await planText({ server, repository }, 'clubs', text)) }
}

let made: Awaited<ReturnType<typeof opened>>
let database: Database
beforeAll(async () => {
  made = await opened(17)
  database = await made.server.createDatabase()
  await applyFiles(database, made.sql.migrations)
}, 120_000)
afterAll(() => made.server.stop())

test.each([15, 18] as const)('Postgres %s: every call ends as the evaluator says', async (major) => {
  const { server, design, sql } = await opened(major)
  await using _ = server
  const other = await server.createDatabase()
  await applyFiles(other, sql.migrations)
  await using session = await other.connect()
  const { world, acting } = design.prepared ?? {}
  await session.query(`begin; ${world ?? ''}`)
  if (!acting) throw new Error('nothing to ask')
  await seedActing(session, acting)
  const acted = await act(session, acting.cases)
  expect(acted.filter(isWrong)).toEqual([])
  expect(acted.filter(({ case: { done } }) => done).length).toBeGreaterThan(60)
}, 120_000)

describe('faults', () => {
  // One of each kind that the rules are made of; TRR_DB_SLOW=1 tries all of them.
  const telling = [
    /accept_club_invitation\(text\): where without "token\.token_hash/, /accept_club_invitation\(text\): where without "invitation\.expires_at/, /good until the end and at it/,
    /accept_club_invitation\(text\): where without "invitation\.(user_id|email|invited_by) is null or/, /set_club_member_role\(.*where without "membership\.user_id <> /, /managers reach their own rank/,
    /ceiling is one role higher/, /never refuses/, /raises nothing/, /club_holder\(\): where without "membership\.role/, /clubs\.leave_club\(uuid\): anon may execute it/,
    /private\.remove_club_member\(.*anon may execute it/, /club_reach\(uuid\): where true/, /the strongest but one will do/,
  ]

  test('of the functions: noticed by calls, and by the generated pgTAP', async () => {
    await using session = await database.connect()
    await installPgtap(session)
    await session.query(`begin; ${made.design.prepared?.world ?? ''}`)
    const acting = made.design.prepared?.acting
    if (!acting) throw new Error('nothing to ask')
    await session.query('savepoint acting')
    await seedActing(session, acting)
    const { shared } = await readMutants(session, made.design.plan)
    const tried = process.env['TRR_DB_SLOW'] ? shared : shared.filter(({ says }) => telling.some((one) => one.test(says)))
    expect(telling.filter((one) => !tried.some(({ says }) => one.test(says)))).toEqual([])
    const caught: string[] = []
    const before = await surroundingsOf(session, made.design.plan)
    const left = await huntActing(session, acting, tried, { plan: made.design.plan, before, settled: ({ says }) => void caught.push(says) })
    // Rights to execute and pinned search paths are read from the catalog, which is another proof's.
    expect(left.filter(({ equivalent, effect, says }) => equivalent === null && effect === 'weakening' && !/anon may execute|search_path|immutable|default privileges|create objects|open to clients/.test(says)).map(({ says }) => says)).toEqual([])
    expect(caught.length).toBeGreaterThan(14)
    await session.query('rollback')
    const file = { ...made.sql.test, sql: made.sql.test.sql.replace(/^begin;$/m, 'savepoint test;').replace(/^rollback;\s*$/m, 'rollback to savepoint test;') }
    const guard = shared.filter(({ says }) => /raises nothing|without "invitation\.expires_at/.test(says))
    expect(guard).toHaveLength(2)
    // Without the assertions that hold the texts of functions: what is left are the calls.
    const calls = { ...file, sql: file.sql.replace(/^select is\(pg_temp\.function_text.*$/gm, "select pass('text');") }
    for (const { sql, says } of guard) {
      await session.query('begin')
      await session.query(sql)
      const { findings } = await runTest(session, calls)
      expect(findings.join('\n'), says).toMatch(/not ok \d+ - .*(clubs\.\w+|directly|one after another): /)
      await session.query('rollback')
    }
  }, 300_000)
})

describe('two sessions', () => {
  const as = (session: Session, user: string) => session.query(`begin; set local role authenticated; set local "request.jwt.claims" = '{"sub": "${user}", "role": "authenticated", "is_anonymous": false}'`)
  const code = (work: Promise<unknown>) => work.then(() => null, (error: { code: string }) => error.code)
  const founders = async (session: Session, club: string) => (await session.query<{ n: number }>(`select count(*)::int as n from clubs.club_members where club_id = '${club}' and role = 'founder'`)).rows[0]?.n

  /** A club with two founders, a steward and a fan: people 1 to 4. Person 5 is invited. */
  async function club(session: Session, n: number): Promise<string> {
    const id = `00000000-0000-4000-8000-0000000001${String(n).padStart(2, '0')}`
    await session.query(`
      insert into auth.users (id) select ('00000000-0000-4000-8000-0000000000' || lpad(p::text, 2, '0'))::uuid from generate_series(1, 6) as p on conflict do nothing;
      insert into clubs.clubs (id, name, slug) values ('${id}', 'Club', 'club-${n}');
      insert into clubs.club_members (club_id, user_id, role) values ('${id}', '${person(1)}', 'founder'), ('${id}', '${person(2)}', 'founder'), ('${id}', '${person(3)}', 'steward'), ('${id}', '${person(4)}', 'fan')`)
    return id
  }

  test('two founders demote each other: the second is refused, one founder stays', async () => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, 1)
    await as(first, person(1))
    await as(second, person(2))
    await first.query(`select clubs.set_club_member_role('${id}', '${person(2)}', 'fan')`)
    const waiting = code(second.query(`select clubs.set_club_member_role('${id}', '${person(1)}', 'fan')`))
    await blocked(owner, second)
    await first.query('commit')
    expect(await waiting).toBe('42501')
    await second.query('rollback')
    expect(await founders(owner, id)).toBe(1)
  })

  test('two founders leave at once: the second is told that somebody stays', async () => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, 2)
    await as(first, person(1))
    await as(second, person(2))
    await first.query(`select clubs.leave_club('${id}')`)
    const waiting = code(second.query(`select clubs.leave_club('${id}')`))
    await blocked(owner, second)
    await first.query('commit')
    expect(await waiting).toBe('23514')
    await second.query('rollback')
    expect(await founders(owner, id)).toBe(1)
  })

  const demote = (id: string, n: number) => `update clubs.club_members set role = 'fan' where club_id = '${id}' and user_id = '${person(n)}'`
  test.each([
    ['read committed', 3, '23514'],
    ['repeatable read', 4, '40001'],
    ['serializable', 5, '40001'],
  ])('the service takes both founders in two transactions, %s', async (isolation, n, expected) => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, n)
    for (const session of [first, second]) await session.query(`begin isolation level ${isolation}; set local role service_role; select count(*) from clubs.club_members`)
    await first.query(demote(id, 1))
    const waiting = code(second.query(demote(id, 2)))
    await blocked(owner, second)
    await first.query('commit')
    expect(await waiting).toBe(expected)
    await second.query('rollback')
    expect(await founders(owner, id)).toBe(1)
  })

  async function without<Result>(fault: RegExp, work: () => Promise<Result>): Promise<Result> {
    await using owner = await database.connect()
    const { shared } = await readMutants(owner, made.design.plan)
    const mutant = shared.find(({ says }) => fault.test(says))
    const signature = mutant?.says.split(': ')[0] ?? ''
    const { rows } = await owner.query<{ definition: string }>(`select pg_get_functiondef('${signature}'::regprocedure) as definition`)
    await owner.query(mutant?.sql ?? '')
    return await work().finally(() => owner.query(rows[0]?.definition ?? ''))
  }

  test('without the lock of those that count, two transactions take both founders', async () => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, 6)
    await without(/keep_last_club_holder\(\): no lock of those that count/, async () => {
      for (const session of [first, second]) await session.query('begin isolation level repeatable read; set local role service_role; select count(*) from clubs.club_members')
      await first.query(demote(id, 1))
      const waiting = code(second.query(demote(id, 2)))
      await blocked(owner, second)
      await first.query('commit')
      expect(await waiting).toBe(null)
      await second.query('commit')
      expect(await founders(owner, id)).toBe(0)
    })
  })

  test('without the lock of the organisation, deferred guards wait for each other until one is ended', async () => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, 7)
    await without(/lock_club_of_holder\(\): no lock/, async () => {
      for (const session of [first, second]) await session.query('begin; set local role service_role; set constraints all deferred')
      await first.query(demote(id, 1))
      await second.query(demote(id, 2))
      const committing = code(first.query('commit'))
      await blocked(owner, first)
      expect([await code(second.query('commit')), await committing]).toContain('40P01')
      expect(await founders(owner, id)).toBe(1)
    })
  })

  test('two people accept one invitation: the second waits and finds nothing', async () => {
    await using owner = await database.connect()
    await using first = await database.connect()
    await using second = await database.connect()
    const id = await club(owner, 8)
    await as(first, person(1))
    const { rows } = await first.query<{ token: string }>(`select clubs.invite_club_member('${id}', 'fan') as token`)
    await first.query('commit')
    const token = rows[0]?.token ?? ''
    const { rows: kept } = await owner.query<{ hash: string }>('select token_hash as hash from private.club_invitations_tokens')
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(kept.map(({ hash }) => hash)).not.toContain(token)
    await as(first, person(5))
    await as(second, person(6))
    await first.query(`select clubs.accept_club_invitation('${token}')`)
    const waiting = code(second.query(`select clubs.accept_club_invitation('${token}')`))
    await blocked(owner, second)
    await first.query('commit')
    expect(await waiting).toBe('42501')
    await second.query('rollback')
    expect((await owner.query<{ id: string }>(`select user_id as id from clubs.club_members where club_id = '${id}' and user_id in ('${person(5)}', '${person(6)}')`)).rows).toEqual([{ id: person(5) }])
  })

  test('a script that takes and gives in several statements defers the guard', async () => {
    await using owner = await database.connect()
    const id = await club(owner, 9)
    const hand = [demote(id, 1), demote(id, 2), `update clubs.club_members set role = 'founder' where club_id = '${id}' and user_id = '${person(4)}'`].join(';\n')
    expect(await code(owner.query(`begin; ${hand}; commit`))).toBe('23514')
    await owner.query('rollback')
    expect(await code(owner.query(`begin; set constraints all deferred; ${hand}; commit`))).toBe(null)
    expect(await founders(owner, id)).toBe(1)
    expect(await code(owner.query(`begin; set constraints all deferred; delete from clubs.club_members where club_id = '${id}'; commit`))).toBe('23514')
    await owner.query('rollback')
  })

  /** Until the session waits for another one. */
  async function blocked(owner: Session, session: Session): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      const { rows } = await owner.query<{ waits: boolean }>(`select cardinality(pg_blocking_pids(${session.processId})) > 0 as waits`)
      if (rows[0]?.waits) return
    }
    throw new Error('nobody waits')
  }
})
