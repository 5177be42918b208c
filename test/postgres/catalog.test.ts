import { afterAll, describe, expect, test } from 'vitest'
import { findTable } from '../../generators/design/catalog.ts'
import type { CatalogTable } from '../../generators/design/catalog.ts'
import { openServer } from '../../generators/postgres/server.ts'
import type { Major, ReplayedServer } from '../../generators/postgres/server.ts'

const sql = `
create schema core;
grant usage on schema core to authenticated;
create table core.keys (a int, b int unique, c int unique deferrable, d int);
create unique index keys_bare on core.keys (a);
create unique index keys_partial on core.keys (d) where d > 0;
create type core.kind as enum ('series', 'film');
create domain core.slug as text check (value ~ '^[a-z]+$');
create table core.shows (
  id bigint generated always as identity primary key,
  slug core.slug not null,
  kind core.kind not null default 'series',
  title character varying(200) not null,
  title_length integer generated always as (length(title)) stored,
  gone integer,
  constraint title_filled check (title <> ''),
  constraint shows_slug_key unique nulls not distinct (slug)
);
alter table core.shows drop column gone;
comment on table core.shows is 'One show.';
comment on column core.shows.slug is 'In the address.';
create unique index shows_title_key on core.shows (title) include (kind) where kind = 'film';
create index shows_lower on core.shows using btree (lower(title), id desc);
create table core.episodes (
  show_id bigint not null references core.shows on delete cascade,
  number integer not null,
  primary key (show_id, number)
);
alter table core.episodes enable row level security;
create policy readable on core.episodes as restrictive for select to authenticated, anon using (number > 0);
create policy own on core.episodes for all using (true) with check (number < 100);
grant select, update on core.episodes to authenticated;
create function core.touch() returns trigger language plpgsql security definer set search_path = '' as 'begin return new; end';
create trigger touched before update on core.episodes for each row execute function core.touch();
create view core.films with (security_invoker = true) as select * from core.shows where kind = 'film';
create table core.days (day date not null) partition by range (day);
create table core.days_1 partition of core.days for values from ('2026-01-01') to ('2027-01-01');
`

describe.each<Major>([15, 17, 18])('the catalog on %i', (major) => {
  let opened: Promise<ReplayedServer> | undefined
  const server = () => (opened ??= openServer({ major, history: [{ path: 'supabase/migrations/0001_core.sql', sql }] }))
  const table = async (name: string): Promise<CatalogTable> => {
    const found = findTable((await server()).catalog, 'core', name)
    if (!found) throw new Error(name)
    return found
  }
  afterAll(async () => (await opened)?.stop())

  test('a table with columns, keys and checks', async () => {
    const { indexes, ...shows } = await table('shows')
    const column = (name: string, type: string, rest: object = {}) => ({
      name, type, nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null, ...rest,
    })
    expect(shows).toEqual({
      schema: 'core', name: 'shows', kind: 'table', comment: 'One show.', rowSecurity: false, primaryKey: ['id'], policies: [], triggers: [],
      foreignKeys: [], privileges: [],
      columns: [
        column('id', 'bigint', { identity: 'always' }),
        column('slug', 'core.slug', { comment: 'In the address.' }),
        column('kind', 'core.kind', { default: "'series'::core.kind", enumLabels: ['series', 'film'] }),
        column('title', 'character varying(200)'),
        column('title_length', 'integer', { nullable: true, generated: true }),
      ],
      uniques: [
        { name: 'shows_pkey', columns: ['id'], where: null, nullsNotDistinct: false, referencable: true },
        { name: 'shows_slug_key', columns: ['slug'], where: null, nullsNotDistinct: true, referencable: true },
        { name: 'shows_title_key', columns: ['title'], where: "(kind = 'film'::core.kind)", nullsNotDistinct: false, referencable: false },
      ],
      checks: [{ name: 'title_filled', expression: "((title)::text <> ''::text)" }],
    })
    expect(indexes.find(({ name }) => name === 'shows_lower')).toEqual({
      name: 'shows_lower', definition: 'CREATE INDEX shows_lower ON core.shows USING btree (lower((title)::text), id DESC)', method: 'btree',
      columns: [null, 'id'], unique: false, valid: true, where: null,
    })
    expect(indexes.map(({ name }) => name)).toEqual(['shows_lower', 'shows_pkey', 'shows_slug_key', 'shows_title_key'])
  })

  test('which keys a foreign key may reference', async () => {
    const keys = (await table('keys')).uniques.map(({ name, referencable }) => [name, referencable])
    expect(keys).toEqual([['keys_b_key', true], ['keys_bare', true], ['keys_c_key', false], ['keys_partial', false]])
    await using session = await (await (await server()).createDatabase()).connect()
    await session.query('create table core.child (a int references core.keys (a), b int references core.keys (b))')
    for (const column of ['c', 'd']) await expect(session.query(`create table core.refused (x int references core.keys (${column}))`)).rejects.toThrow(/deferrable|no unique constraint/)
  })

  test('references, policies, triggers and privileges', async () => {
    const { rowSecurity, primaryKey, foreignKeys, policies, triggers, privileges } = await table('episodes')
    expect({ rowSecurity, primaryKey, foreignKeys, policies, triggers, privileges }).toEqual({
      rowSecurity: true,
      primaryKey: ['show_id', 'number'],
      foreignKeys: [{ name: 'episodes_show_id_fkey', columns: ['show_id'], references: { schema: 'core', table: 'shows', columns: ['id'] }, onDelete: 'cascade' }],
      policies: [
        { name: 'own', command: 'all', permissive: true, roles: ['public'], using: 'true', check: '(number < 100)' },
        { name: 'readable', command: 'select', permissive: false, roles: ['anon', 'authenticated'], using: '(number > 0)', check: null },
      ],
      triggers: [{
        name: 'touched', definition: 'CREATE TRIGGER touched BEFORE UPDATE ON core.episodes FOR EACH ROW EXECUTE FUNCTION core.touch()',
        function: { schema: 'core', name: 'touch' },
      }],
      privileges: [{ role: 'authenticated', privileges: ['SELECT', 'UPDATE'] }],
    })
  })

  test('kinds of relations', async () => {
    expect([(await table('films')).kind, (await table('days')).kind, (await table('days_1')).kind]).toEqual(['view', 'partitioned', 'table'])
  })

  test('types, and whether their equality is leakproof', async () => {
    const { types } = (await server()).catalog
    const of = (schema: string, name: string) => types.find((type) => type.schema === schema && type.name === name)
    expect(of('core', 'kind')).toEqual({ schema: 'core', name: 'kind', kind: 'enum', labels: ['series', 'film'], leakproofEquality: false })
    expect(of('core', 'slug')).toEqual({ schema: 'core', name: 'slug', kind: 'domain', labels: [], leakproofEquality: true })
    // knowledge/rls.md 1c.
    const leakproof = ['uuid', 'text', 'varchar', 'int4', 'int8', 'bool', 'date', 'timestamptz']
    const leaky = ['numeric', 'jsonb', 'int4range']
    expect([...leakproof, ...leaky].filter((name) => of('pg_catalog', name)?.leakproofEquality)).toEqual(leakproof)
    expect(types.filter(({ schema, name }) => schema === 'core' && /shows|episodes|films/.test(name))).toEqual([])
  })

  test('functions, schemas, roles, extensions', async () => {
    const { functions, schemas, roles, extensions } = (await server()).catalog
    expect(functions.find(({ schema, name }) => schema === 'core' && name === 'touch')).toMatchObject({
      arguments: '', returns: 'trigger', language: 'plpgsql', volatility: 'volatile', securityDefiner: true, settings: ['search_path=""'], body: 'begin return new; end',
    })
    expect(functions.find(({ schema, name }) => schema === 'auth' && name === 'uid')).toMatchObject({ returns: 'uuid', volatility: 'stable', securityDefiner: false })
    expect(schemas.find(({ name }) => name === 'core')).toEqual({ name: 'core', usage: ['authenticated'] })
    expect(roles.find(({ name }) => name === 'service_role')).toEqual({ name: 'service_role', superuser: false, bypassRowSecurity: true, login: false })
    expect(extensions).toContainEqual({ name: 'pgcrypto', schema: 'extensions' })
  })

  test('no number of it is an OID', async () => {
    expect(JSON.stringify((await server()).catalog)).not.toMatch(/"?oid"?:\s*\d/)
  })
})
