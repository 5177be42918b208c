import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServer } from '../../generators/postgres/server.ts'
import type { Database, DefaultPrivileges, Major, ReplayedServer } from '../../generators/postgres/server.ts'

const majors: Major[] = [15, 17, 18]
const alice = '00000000-0000-4000-8000-00000000000a'

describe.each(majors)('the Supabase shim on %i', (major) => {
  let server: ReplayedServer
  let database: Database
  beforeAll(async () => {
    server = await openServer({ major, history: [] })
    database = await server.createDatabase()
  })
  afterAll(() => server?.stop())

  test('roles have the attributes of Supabase', async () => {
    await using session = await database.connect()
    const { rows } = await session.query(`
      select rolname::text as name, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolcanlogin, rolinherit
      from pg_roles where rolname in ('postgres', 'anon', 'authenticated', 'service_role', 'authenticator', 'supabase_admin') order by 1`)
    const role = (name: string, flags: string) => ({
      name, rolsuper: flags.includes('S'), rolcreatedb: flags.includes('D'), rolcreaterole: flags.includes('C'),
      rolreplication: flags.includes('R'), rolbypassrls: flags.includes('B'), rolcanlogin: flags.includes('L'), rolinherit: flags.includes('I'),
    })
    expect(rows).toEqual([
      role('anon', 'I'), role('authenticated', 'I'), role('authenticator', 'L'), role('postgres', 'DCRBLI'), role('service_role', 'BI'),
      role('supabase_admin', 'SDCRBLI'),
    ])
  })

  test('postgres and authenticator may become the API roles', async () => {
    for (const user of ['postgres', 'authenticator'] as const) {
      await using session = await database.connect({ user })
      for (const role of ['anon', 'authenticated', 'service_role']) {
        await session.query(`set role ${role}`)
        expect((await session.query('select current_user::text as me')).rows).toEqual([{ me: role }])
      }
    }
  })

  test('postgres may grant the API roles on and change their settings', async () => {
    await using session = await database.connect()
    await session.query('begin; create role editor; grant authenticated to editor; grant editor to authenticator')
    await session.query("alter role authenticator set pgrst.db_schemas = 'public'; alter role anon set statement_timeout = '5s'; rollback")
  })

  test.each([
    ['unset', [], null, null],
    ['empty', [['request.jwt.claims', ''], ['request.jwt.claim.sub', ''], ['request.jwt.claim.role', '']], null, null],
    ['an empty object', [['request.jwt.claims', '{}']], null, null],
    ['JSON', [['request.jwt.claims', JSON.stringify({ sub: alice, role: 'authenticated' })]], alice, 'authenticated'],
    ['one variable each', [['request.jwt.claim.sub', alice], ['request.jwt.claim.role', 'anon']], alice, 'anon'],
  ])('claims that are %s', async (_form, settings, uid, role) => {
    await using session = await database.connect({ user: 'authenticator' })
    await session.query('begin; set local role anon')
    for (const setting of settings) await session.query('select set_config($1, $2, true)', setting)
    expect((await session.query('select auth.uid() as uid, auth.role() as role')).rows).toEqual([{ uid, role }])
  })

  test('claims that were set once and reset are null, not an error', async () => {
    await using session = await database.connect()
    await session.query(`begin; set local request.jwt.claims = '{"sub": "${alice}", "email": "a@example.com"}'`)
    const { rows } = await session.query("select auth.email() as email, auth.jwt() ->> 'sub' as sub")
    expect(rows).toEqual([{ email: 'a@example.com', sub: alice }])
    await session.query('commit')
    const after = await session.query("select current_setting('request.jwt.claims', true) as raw, auth.uid() as uid, auth.email() as email, auth.jwt() as jwt")
    expect(after.rows).toEqual([{ raw: '', uid: null, email: null, jwt: null }])
  })

  test('auth.users computes confirmed_at, and only the service reads it', async () => {
    await using session = await database.connect()
    await session.query(`begin; insert into auth.users (id, email, email_confirmed_at) values ('${alice}', 'a@example.com', '2026-01-01 00:00:00+00')`)
    const { rows } = await session.query('select confirmed_at, is_anonymous from auth.users')
    expect(rows).toEqual([{ confirmed_at: '2026-01-01 00:00:00+00', is_anonymous: false }])
    await session.query('set local role authenticated')
    await expect(session.query('select from auth.users')).rejects.toMatchObject({ code: '42501' })
  })

  test('storage paths, buckets and policies', async () => {
    await using session = await database.connect()
    await session.query(`
      begin;
      insert into storage.buckets (id, name) values ('clips', 'clips');
      create policy mine on storage.objects for select to authenticated using ((storage.foldername(name))[1] = auth.uid()::text);
      insert into storage.objects (bucket_id, name) values ('clips', '${alice}/a.b/clip.mp4'), ('clips', 'other/clip.mp4');
      select set_config('request.jwt.claims', '{"sub": "${alice}"}', true);
      set local role authenticated`)
    const { rows } = await session.query(
      'select path_tokens as path, storage.filename(name) as file, storage.extension(name) as extension from storage.objects',
    )
    expect(rows).toEqual([{ path: [alice, 'a.b', 'clip.mp4'], file: 'clip.mp4', extension: 'mp4' }])
    await expect(session.query('delete from storage.objects')).rejects.toMatchObject({ code: '42501' })
  })

  test('what the dashboard enables can be created by a migration', async () => {
    await using session = await database.connect()
    await session.query('begin')
    for (const statement of [
      'create extension if not exists pg_cron with schema pg_catalog', 'create extension if not exists pg_net with schema extensions',
      'create extension if not exists pg_graphql with schema graphql', 'create extension if not exists supabase_vault with schema vault',
      'create extension if not exists pgjwt with schema extensions', 'create extension if not exists "uuid-ossp" with schema extensions',
      'create extension if not exists pgcrypto', 'create extension if not exists pg_stat_statements', 'create extension pg_trgm with schema extensions',
      'create extension citext with schema extensions', 'create extension postgres_fdw with schema extensions',
      'create extension if not exists pgsodium', 'create extension if not exists pg_tle', 'create extension if not exists pg_jsonschema with schema extensions',
    ]) await session.query(statement)
    await session.query("select cron.schedule('nightly', '0 3 * * *', 'select 1')")
    await session.query("select net.http_post(url := 'https://example.com', body := '{}'::jsonb)")
    await session.query("select vault.create_secret('s3cret', 'key')")
    const { rows } = await session.query(`
      select (select jobname from cron.job) as job, (select decrypted_secret from vault.decrypted_secrets) as secret,
        extensions.uuid_nil()::text as uuid, (extensions.verify(extensions.sign('{"a": 1}', 'k'), 'k')).valid as signed`)
    expect(rows).toEqual([{ job: 'nightly', secret: 's3cret', uuid: '00000000-0000-0000-0000-000000000000', signed: true }])
    await session.query("select cron.unschedule('nightly')")
    await expect(session.query("select cron.unschedule('nightly')")).rejects.toThrow('could not find valid entry')
  })

  test('pgvector: types with a length, distances, casts and its operator classes', async () => {
    await using session = await database.connect()
    await session.query(`
      begin; create extension vector with schema extensions;
      create table public.notes (id int primary key, embedding vector(3) not null, half halfvec(3));
      create index notes_hnsw on public.notes using hnsw (embedding vector_cosine_ops);
      create index notes_half on public.notes using hnsw ((embedding::halfvec(3)) halfvec_l2_ops);
      create index notes_ivfflat on public.notes using ivfflat (embedding);
      insert into public.notes values (1, '[1,2,2]', '[1,2,2]'), (2, array[1, 0, 0], null)`)
    const { rows } = await session.query(`
      select id, embedding <-> '[1,2,0]' as l2, embedding <=> '[1,0,0]' as cosine, embedding <#> '[1,1,1]' as inner, embedding::text as text,
        (select avg(embedding)::text from public.notes) as mean
      from public.notes order by embedding <=> '[1,0,0]', id`)
    expect(rows).toEqual([
      { id: 2, l2: 2, cosine: 0, inner: -1, text: '[1,0,0]', mean: '[1,1,1]' },
      { id: 1, l2: 2, cosine: 1 - 1 / 3, inner: -5, text: '[1,2,2]', mean: '[1,1,1]' },
    ])
    const { rows: columns } = await session.query(`
      select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'public.notes'::regclass and attnum = 2`)
    expect(columns).toEqual([{ type: 'vector(3)' }])
    const { rows: indexes } = await session.query("select pg_get_indexdef('public.notes_hnsw'::regclass) as sql")
    expect(indexes).toEqual([{ sql: 'CREATE INDEX notes_hnsw ON public.notes USING hnsw (embedding vector_cosine_ops)' }])
    await expect(session.query("insert into public.notes values (3, '[1,2]')")).rejects.toThrow('expected 3 dimensions, not 2')
  })

  test('http sends nothing, pgmq keeps its queues', async () => {
    await using session = await database.connect()
    await session.query('begin; create extension http with schema extensions; create extension pgmq')
    const { rows } = await session.query(`
      select (extensions.http_get('https://example.com')).status, extensions.urlencode('a b&é'::varchar) as encoded,
        extensions.urlencode('{"q": "x y"}'::jsonb) as form`)
    expect(rows).toEqual([{ status: null, encoded: 'a+b%26%C3%A9', form: 'q=x+y' }])
    await session.query("select pgmq.create('Jobs'); select pgmq.send('Jobs', '{\"n\": 1}'), pgmq.send('Jobs', '{\"n\": 2}', 60)")
    expect((await session.query("select msg_id, read_ct, message from pgmq.read('Jobs', 30, 5)")).rows).toEqual([{ msg_id: 1, read_ct: 1, message: { n: 1 } }])
    expect((await session.query("select pgmq.archive('Jobs', 1) as archived, pgmq.delete('Jobs', 7) as deleted")).rows).toEqual([{ archived: true, deleted: false }])
    expect((await session.query("select queue_length from pgmq.metrics('Jobs')")).rows).toEqual([{ queue_length: 1 }])
  })

  test('the realtime publication takes tables of the migration role', async () => {
    await using session = await database.connect()
    await session.query('begin; create table public.t (id int primary key); alter publication supabase_realtime add table public.t')
    const { rows } = await session.query("select tablename::text as name from pg_publication_tables where pubname = 'supabase_realtime'")
    expect(rows).toEqual([{ name: 't' }])
  })

  test('what `supabase db dump` writes at the head of a baseline applies', async () => {
    await using session = await database.connect()
    await session.query(`
      begin;
      CREATE SCHEMA IF NOT EXISTS "public";
      ALTER SCHEMA "public" OWNER TO "pg_database_owner";
      COMMENT ON SCHEMA "public" IS 'standard public schema';
      ALTER PUBLICATION "supabase_realtime" OWNER TO "postgres";
      GRANT USAGE ON SCHEMA "public" TO "postgres", "anon", "authenticated", "service_role";
      ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "public" GRANT ALL ON TABLES TO "postgres";
      SET session_replication_role = replica`)
  })
})

describe('default privileges', () => {
  const privileges = "array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p where has_table_privilege(r, 't', p)) as held"
  const all = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']

  test.each<[DefaultPrivileges, string[]]>([['legacy', all], ['explicit', []]])('%s: what the API roles hold on a new public table', async (world, held) => {
    await using server = await openServer({ major: 17, history: [], privileges: world })
    await using session = await (await server.createDatabase()).connect()
    await session.query('create table public.t (id int); create schema other; create table other.t (id int)')
    const { rows } = await session.query(`select r, ${privileges} from unnest(array['anon', 'authenticated', 'service_role']) r`)
    expect(rows).toEqual(['anon', 'authenticated', 'service_role'].map((r) => ({ r, held })))
    expect((await session.query("select has_table_privilege('anon', 'other.t', 'select') as held")).rows).toEqual([{ held: false }])
    await session.query('set role anon')
    const read = session.query('select from public.t')
    await (world === 'legacy' ? expect(read).resolves.toMatchObject({ rowCount: 0 }) : expect(read).rejects.toMatchObject({ code: '42501' }))
  })

  test.each([
    ['in an old project, before and after the change', '20260101000000', '20261101000000', [true, false]],
    ['in a project from after 2026-05-30', '20260601000000', '20261101000000', [false, false]],
    ['in a history without dates', '0001', '0002', [true, true]],
  ])('what a history got: %s', async (_case, first, second, open) => {
    const history = [[first, 'one'], [second, 'two']].map(([version, name]) => ({ path: `supabase/migrations/${version}_a.sql`, sql: `create table public.${name} (id int)` }))
    await using server = await openServer({ major: 17, history })
    await using session = await (await server.createDatabase()).connect()
    await session.query('create table public.three (id int)')
    const { rows } = await session.query("select has_table_privilege('anon', t, 'select') as open from unnest(array['one', 'two', 'three']) t")
    expect(rows).toEqual([...open, false].map((open) => ({ open })))
  })
})
