import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asCaller } from '../../generators/postgres/identity.ts'
import type { Caller } from '../../generators/postgres/identity.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { Database, ReplayedServer, Session } from '../../generators/postgres/server.ts'

const alice: Caller = { role: 'authenticated', claims: { sub: '00000000-0000-4000-8000-00000000000a', role: 'authenticated', email: 'a@example.com' } }
const stranger: Caller = { role: 'anon', claims: null }

describe('a caller', () => {
  let server: ReplayedServer
  let database: Database
  beforeAll(async () => {
    server = await openServer({ major: 17, history: [] })
    database = await server.createDatabase()
    await using session = await database.connect()
    await session.query('create table notes (body text); grant all on notes to authenticated')
  })
  afterAll(() => server?.stop())

  const who = async (session: Session) =>
    (await session.query("select current_user::text as role, auth.uid() as uid, nullif(current_setting('request.jwt.claim.sub', true), '') as legacy")).rows[0]
  const nobody = { role: 'postgres', uid: null, legacy: null }
  const isAlice = { role: 'authenticated', uid: alice.claims?.['sub'], legacy: alice.claims?.['sub'] }

  test('has the role and both forms of claims, and is forgotten afterwards', async () => {
    await using session = await database.connect()
    expect(await asCaller(session, alice, () => who(session))).toEqual(isAlice)
    expect(await who(session)).toEqual(nobody)
    expect(session.transaction).toBe('none')
    expect(await asCaller(session, stranger, () => who(session))).toEqual({ role: 'anon', uid: null, legacy: null })
  })

  test('keeps what it did, unless it failed', async () => {
    await using session = await database.connect()
    const write = (body: string) => asCaller(session, alice, () => session.query('insert into notes values ($1)', [body]))
    await write('kept')
    await expect(asCaller(session, alice, async () => {
      await session.query("insert into notes values ('lost')")
      await session.query('select 1/0')
    })).rejects.toMatchObject({ code: '22012' })
    expect(session.transaction).toBe('none')
    expect((await session.query('select body from notes')).rows).toEqual([{ body: 'kept' }])
    await session.query('delete from notes')
  })

  test('inside of a transaction only its own part is undone, and the caller before it is back', async () => {
    await using session = await database.connect()
    await session.query('begin')
    await asCaller(session, alice, async () => {
      await session.query("insert into notes values ('one')")
      await expect(asCaller(session, stranger, () => session.query('select from notes'))).rejects.toMatchObject({ code: '42501' })
      expect(await who(session)).toEqual(isAlice)
      await asCaller(session, stranger, async () => undefined)
      expect(await who(session)).toEqual(isAlice)
    })
    expect(await who(session)).toEqual(nobody)
    expect((await session.query('select body from notes')).rows).toEqual([{ body: 'one' }])
    await session.query('rollback')
    expect((await session.query('select from notes')).rowCount).toBe(0)
  })
})
