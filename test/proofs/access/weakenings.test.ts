/** The test of the proof: every weakening of a design that is right must be noticed, with the request that shows it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import type { Session } from '../../../generators/postgres/session.ts'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { catalogFaults } from '../../../generators/proofs/access/catalog-faults.ts'
import { type Prepared, prepare } from '../../../generators/proofs/access/prepare.ts'
import { probeTables } from '../../../generators/proofs/access/prove-tables.ts'
import { installRunner } from '../../../generators/proofs/access/runner.ts'
import { surroundingsOf } from '../../../generators/proofs/access/surroundings.ts'
import { permanent, weakened } from './designs.ts'
import { helper, organization, roleIsEnough } from './organization.ts'

let server: ReplayedServer
let prepared: Prepared
/** With all files applied, for one weakening after another. */
let session: Session
let before: string[]
beforeAll(async () => {
  const { plan, sql: { migrations } } = organization
  server = await openServer({ major: 17, history: organization.history })
  const database = await server.createDatabase()
  session = await database.connect()
  before = await surroundingsOf(session, plan)
  await applyFiles(database, migrations)
  await installRunner(session)
  prepared = await prepare(session, plan)
}, 120_000)
afterAll(() => server.stop())

const member = (role: string) => `org_id = any (array(select private.org_ids('${role}')))`
const own = 'owner_id = (select auth.uid())'
const active = "m.status = 'active'"
const live = 'o.deleted_at is null'

// What is weakened, the SQL that does it, and words of a sentence that must be among the findings.
const weakenings: [string, string, RegExp][] = [
  ['select: using (true)', 'alter policy clips_select on app.clips using (true)', /a user without organisation can select in app.clips \(all rows\), which the spec does not allow: row /],
  ['select: soft-deleted rows', `alter policy clips_select on app.clips using (${member('viewer')} and ${permanent})`, /can select in .*, deleted/],
  ['select: anonymous sign-ins', `alter policy clips_select on app.clips using (${member('viewer')} and deleted_at is null)`, /an anonymous sign-in .* can select/],
  ['insert: for somebody else', `alter policy clips_insert on app.clips with check (${member('editor')} and ${permanent})`, /can insert in .* new row for somebody else in A/],
  ['insert: any organisation', `alter policy clips_insert on app.clips with check (${own} and ${permanent})`, /can insert in .* new row of their own in B/],
  ['insert: by the weakest role', `alter policy clips_insert on app.clips with check (${member('viewer')} and ${own} and ${permanent})`, /a viewer of A can insert in .* new row of their own in A/],
  ['update: using (true) with check (true)', 'alter policy clips_update on app.clips using (true) with check (true)', /can update in app.clips \(blind\)/],
  ['update: no owner', `alter policy clips_update on app.clips using (${member('editor')} and ${permanent} and deleted_at is null) with check (${member('editor')})`, /an editor of A can update in .*row of an admin of A/],
  ['update: no tenant', `alter policy clips_update on app.clips using (${own} and ${permanent} and deleted_at is null) with check (${own})`, /somebody who was removed from A can update in .*: row of somebody who was removed from A/],
  ['update: deleted rows', `alter policy clips_update on app.clips using (${member('admin')} and ${permanent}) with check (${member('admin')})`, /can update in app.clips \(blind\), .*, deleted/],
  ['check: no tenant', `alter policy clips_update on app.clips with check ((${own} or ${member('admin')}) and deleted_at is null)`, /only the rights on columns keep an editor of A from writing app.clips.org_id|an editor of A ended with 23503/],
  ['check: no owner', `alter policy clips_update on app.clips with check (${member('editor')} and deleted_at is null)`, /only the rights on columns keep an editor of A from writing app.clips.owner_id/],
  ['check: deleted rows', `alter policy clips_update on app.clips with check (${member('editor')} and (${own} or ${member('admin')}))`, /only the rights on columns keep an editor of A from writing app.clips.deleted_at/],
  ['grant: update of the owner', 'grant update (owner_id) on app.clips to authenticated', /authenticated has the right to write app.clips.owner_id/],
  ['grant: update of everything', 'grant update on app.clips to authenticated', /authenticated has the right to write app.clips.org_id/],
  ['grant: insert of the key', 'grant insert (id) on app.clips to authenticated', /has the right to name app.clips.id in an INSERT/],
  ['grant: delete', 'grant delete on app.clips to authenticated', /has the right to DELETE on app.clips/],
  ['grant: truncate', 'grant truncate on app.clips to authenticated', /has the right to TRUNCATE on app.clips/],
  ['grant: trigger', 'grant trigger on app.clips to anon', /anon holds TRIGGER on app.clips/],
  ['row level security off', 'alter table app.clips disable row level security', /a user without organisation can select/],
  ['another permissive policy', `create policy more on app.clips for select to authenticated using (${own})`, /somebody who was removed from A can select in .*: row of somebody who was removed/],
  ['helper: ignores the role', helper(`${active} and ${live}`), /a viewer of A can insert/],
  ['helper: ignores inactive memberships', helper(`${roleIsEnough} and ${live}`), /whose membership is not active can select/],
  ['helper: ignores deleted organisations', helper(`${roleIsEnough} and ${active}`), /an owner of a deleted organisation can select/],
  ['helper: any member of any organisation', helper(`true or m.role is not null`), /./],
  ['function: for every member', `create or replace function app.delete_clips(target uuid) returns boolean language sql security definer set search_path = '' as $$
     with changed as (update app.clips set deleted_at = now() where id = target and deleted_at is null and ${member('viewer')} and ${permanent} returning 1) select exists (select from changed) $$`, /a viewer of A can delete in app.clips \(delete_clips, by id\)/],
  ['function: undelete by the owner', `create or replace function app.undelete_clips(target uuid) returns boolean language sql security definer set search_path = '' as $$
     with changed as (update app.clips set deleted_at = null where id = target and ${own} returning 1) select exists (select from changed) $$`, /a viewer of A can delete in app.clips \(undelete_clips, by id\), .*row of a viewer of A, deleted/],
  ['foreign key: without the tenant', `alter table app.clips drop constraint clips_org_id_show_id_fkey; alter table app.shows add unique (id);
     alter table app.clips add foreign key (show_id) references app.shows (id)`, /pointing into another tenant ended with success/],
  ['unique key: without the tenant', 'alter table app.clips add unique (title)', /meets a duplicate key, which tells that they exist/],
  ['a call that tells what exists', `create or replace function app.delete_clips(target uuid) returns boolean language plpgsql security definer set search_path = '' as $$
     begin
       if exists (select from app.clips where id = target) and not exists (select from app.clips where id = target and ${member('admin')} and ${permanent}) then raise exception 'not yours' using errcode = '42501'; end if;
       update app.clips set deleted_at = now() where id = target and deleted_at is null and ${member('admin')} and ${permanent};
       return found;
     end $$`, /delete_clips of row of .* ends with 42501: not yours instead of nothing, which tells what exists/],
  ['no policy in the way', 'alter table app.clips disable row level security', /no policy stands between a viewer of A and app.clips: with row_security off a SELECT ends with \d+ rows instead of 42501/],
  ['lock', 'grant update on app.clips to authenticated', /authenticated may lock app.clips/],
  ['helpers by name', 'grant usage on schema private to authenticated', /authenticated calls private.org_ids, which is for policies only/],
  ['claims read without a guard', `alter policy clips_select on app.clips using (${member('viewer')} and ${permanent} and deleted_at is null or title = current_setting('request.jwt.claims', true)::jsonb ->> 'title')`, /the request of authenticated with the claims '' ended with 22P02/],
  ['COPY of what is hidden', 'alter table app.clips disable row level security', /COPY of app.clips by a viewer of A ends with \d+ rows instead of \d+ rows/],
  ['COPY into the table', 'alter table app.clips disable row level security', /COPY into app.clips by a viewer of A is not refused \(57014\)/],
  ['service: no grant', 'revoke update on app.clips from service_role', /the service cannot update/],
  ['select: nobody', 'drop policy clips_select on app.clips', /a viewer of A cannot select/],
]

test('the design itself is proved', async () => {
  const evidence = await proveAccess({ server, ...organization })
  expect(evidence.findings).toEqual([])
  expect(evidence.status).toBe('proved')
  expect(evidence.afterFiles).toEqual(['m/0002_sample.sql', 'm/0003_sample_rls.sql'])
})

test.each(weakenings)('%s is noticed', async (_name, sql, sentence) => {
  await session.query('begin')
  await session.query(sql)
  const { matrices, findings } = await probeTables(session, prepared, () => ({ access: 'open', probes: 'all' }))
  const faults = await catalogFaults(session, organization.plan, { access: 'open', complete: true, before })
  await session.query('rollback')
  expect([...matrices.flatMap((matrix) => matrix.findings), ...findings, ...faults].join('\n')).toMatch(sentence)
  const witnesses = matrices.flatMap(({ evidence: { cells } }) => cells.flatMap(({ witness }) => witness ?? []))
  if (!sql.includes('trigger')) expect(witnesses[0]).toMatch(/^begin; (grant update on app.clips to authenticated; )?set local role (anon|authenticated|service_role);.* rollback;$/s)
})

test('every shape of request is sent', async () => {
  await session.query('begin')
  const { matrices } = await probeTables(session, prepared, () => ({ access: 'open', probes: 'all' }))
  await session.query('rollback')
  const [clips] = matrices.filter(({ evidence }) => evidence.table === 'clips')
  const cells = clips?.evidence.cells ?? []
  const shapes = [...new Set(matrices.flatMap(({ evidence }) => evidence.cells.flatMap((cell) => cell.shapes)))]
  expect(shapes).toEqual(expect.arrayContaining(['all rows', 'by id', 'for update', 'for share', 'merge', 'with a join', 'to itself', 'on conflict do nothing', 'no such row', 'claims without a caller', 'row_security off', 'lock table', 'helper called by name']))
  // Through and stopped: each shape has its positive control.
  for (const shape of ['for share', 'merge', 'with a join', 'on conflict do update']) expect(new Set(cells.filter((cell) => cell.shapes.includes(shape)).map(({ observed }) => observed)), shape).toEqual(new Set(['allowed', 'denied']))
})

test('policies that come with the first file are too early', async () => {
  const [tables, rls] = organization.sql.migrations
  const early = { ...tables!, sql: `${tables!.sql};\n create policy early on app.clips for select to anon using (true); grant select on app.clips to anon` }
  const late = { ...rls!, sql: `${rls!.sql};\n drop policy early on app.clips; revoke select on app.clips from anon` }
  const evidence = await proveAccess({ server, ...organization, sql: { ...organization.sql, migrations: [early, late] } })
  expect(evidence.status).toBe('failed')
  expect(evidence.findings[0]).toMatch(/nobody, without a token can select .*after m\/0002_sample.sql/s)
})

test.each([
  ['a role that its member may write', "create policy own on app.memberships for update to authenticated using (user_id = auth.uid()); create policy see on app.memberships for select to authenticated using (user_id = auth.uid()); grant select, update (role) on app.memberships to authenticated", /^a viewer of A becomes owner of A by an UPDATE, in memberships that were there before: .*; request: begin; set local role authenticated;.* update app.memberships set role = 'owner'/m],
  ['memberships that everybody may add for themselves', 'create policy join_in on app.memberships for insert to authenticated with check (user_id = auth.uid()); grant insert on app.memberships to authenticated', /^a user without organisation joins A as owner by an INSERT, /m],
  ['memberships that their member may move', 'create policy own on app.memberships for update to authenticated using (user_id = auth.uid()); create policy see on app.memberships for select to authenticated using (user_id = auth.uid()); grant select, update (org_id) on app.memberships to authenticated', /^a viewer of A moves the own membership to B by an UPDATE, /m],
])('%s: said, and left open', async (_name, sql, sentence) => {
  await using found = await openServer({ major: 17, history: [...organization.history, { path: 'm/0001_later.sql', sql }] })
  const evidence = await proveAccess({ server: found, ...organization })
  expect(evidence.status).toBe('open')
  expect(evidence.findings.join('\n')).toMatch(sentence)
  expect(evidence.promotions?.passed.length).toBeGreaterThan(0)
})

test('a trigger that keeps the role is no promotion', async () => {
  const kept = `create function private.keep_role() returns trigger language plpgsql as $$ begin new.role := 'viewer'; new.status := 'active'; return new; end $$;
    create trigger keep_role before insert on app.memberships for each row execute function private.keep_role();
    create policy join_in on app.memberships for insert to authenticated with check (user_id = auth.uid()); grant insert on app.memberships to authenticated`
  const evidence = await proveAccess({ server, ...weakened(organization, kept) })
  expect(evidence.promotions?.passed).toEqual([])
})
