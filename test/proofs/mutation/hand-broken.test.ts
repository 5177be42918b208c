/** What a careless person or an agent does to access, by hand: the proof says so, and so does the generated test. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { provePgtap } from '../../../generators/proofs/pgtap.ts'
import { sampleServer } from '../../support/sample-server.ts'
import { faultyDatabase } from './faulty-database.ts'

const sample = sampleServer()

const clips = 'core.show_submissions'
const policy = (name: string, change: string) => `alter policy show_submissions_${name} on ${clips} ${change}`
const at = (role: string) => `org_id = any (array(select private.org_ids('${role}')))`
const permanent = "(select ((select auth.jwt()) ->> 'is_anonymous') is distinct from 'true')"
const own = 'owner_id = (select auth.uid())'
const live = 'deleted_at is null'
const helper = (body: string, more = "set search_path = ''") =>
  `create or replace function private.org_ids(min_role text) returns setof uuid language sql stable security definer ${more} as $$ select m.org_id from core.org_memberships as m join core.organizations as o on o.id = m.org_id where ${body} $$`
const rank = "array_position(array['viewer', 'editor', 'admin', 'owner'], m.role::text)"
const least = "array_position(array['viewer', 'editor', 'admin', 'owner'], min_role)"
const caller = 'm.user_id = (select auth.uid())'
const active = "m.status = 'active'"
const open = 'o.deleted_at is null'

const search = (conditions: string) =>
  `create or replace function private.by_label(wanted_labels text[], after_created_at timestamptz, after_id uuid) returns table(id uuid, title text, labels text[], created_at timestamptz)
   language sql stable security definer set search_path = '' as $$ select s.id, s.title, s.labels, s.created_at from (select * from ${clips} where ${conditions}) as s
   where $2 is null or (s.created_at, s.id) < ($2, $3) order by s.created_at desc, s.id desc limit 20 $$`

const ofOrganisation: [string, string][] = [
  ['select: using (true)', policy('select', 'using (true)')],
  ['select: signed in is enough', policy('select', 'using ((select auth.uid()) is not null)')],
  ['select: or added for the owner', policy('select', `using ((${at('viewer')} and ${permanent} and ${live}) or ${own})`)],
  ['select: or added for a status', policy('select', `using ((${at('viewer')} and ${permanent} and ${live}) or status = 'published')`)],
  ['select: to public', policy('select', 'to public')],
  ['select: to anon as well', policy('select', 'to authenticated, anon')],
  ['select: deleted rows are seen', policy('select', `using (${at('viewer')} and ${permanent})`)],
  ['select: anonymous sign-ins pass', policy('select', `using (${at('viewer')} and ${live})`)],
  ['select: the claim says the organisation', policy('select', `using (org_id = nullif((select auth.jwt()) #>> '{user_metadata,org_id}', '')::uuid and ${live})`)],
  ['select: a word of user_metadata opens all', policy('select', `using ((${at('viewer')} and ${permanent} and ${live}) or (select auth.jwt()) #>> '{user_metadata,is_admin}' = 'true')`)],
  ['insert: with check (true)', policy('insert', 'with check (true)')],
  ['insert: for anybody as owner', policy('insert', `with check (${at('editor')} and ${permanent})`)],
  ['insert: by viewers', policy('insert', `with check (${at('viewer')} and ${own} and ${permanent})`)],
  ['insert: into any organisation', policy('insert', `with check (${own} and ${permanent})`)],
  ['update: check (true)', policy('update', 'with check (true)')],
  ['update: every editor changes every row', policy('update', `using (${at('editor')} and ${permanent} and ${live}) with check (${at('editor')} and ${permanent} and ${live})`)],
  ['update: or instead of and', policy('update', `using ((${at('editor')} or ${own}) and ${permanent} and ${live})`)],
  ['update: null owners are everybody', policy('update', `using (${at('editor')} and (${own} or owner_id is null or ${at('admin')}) and ${permanent} and ${live}) with check (${at('editor')} and (${own} or owner_id is null or ${at('admin')}) and ${permanent} and ${live})`)],
  ['one more permissive policy', `create policy temporary_fix on ${clips} for select to authenticated using (true)`],
  ['one more policy for everything', `create policy allow_all on ${clips} using (true) with check (true)`],
  ['a delete policy with its grant', `create policy may_delete on ${clips} for delete to authenticated using (${own}); grant delete on ${clips} to authenticated`],
  ['row level security off', `alter table ${clips} disable row level security`],
  ['grant all to authenticated', `grant all on ${clips} to authenticated`],
  ['grant all to anon', `grant all on ${clips} to anon`],
  ['grant select to public', `grant select on ${clips} to public`],
  ['grant on every table of the schema', 'grant select, insert, update, delete on all tables in schema core to anon, authenticated'],
  ['grant update on the table', `grant update on ${clips} to authenticated`],
  ['grant of one protected column', `grant update (org_id) on ${clips} to authenticated`],
  ['grant to insert the deletion mark', `grant insert (deleted_at) on ${clips} to authenticated`],
  ['grant truncate', `grant truncate on ${clips} to authenticated`],
  ['grant references', `grant references on ${clips} to anon`],
  ['grant trigger', `grant trigger on ${clips} to authenticated`],
  ['helper: any role', helper(`${caller} and ${active} and ${open}`)],
  ['helper: roles compared as words', helper(`${caller} and m.role::text >= min_role and ${active} and ${open}`)],
  ['helper: comparison turned round', helper(`${caller} and ${rank} <= ${least} and ${active} and ${open}`)],
  ['helper: memberships that are not active', helper(`${caller} and ${rank} >= ${least} and ${open}`)],
  ['helper: deleted organisations', helper(`${caller} and ${rank} >= ${least} and ${active}`)],
  ['helper: anybody\'s memberships', helper(`${rank} >= ${least} and ${active} and ${open}`)],
  ['helper: search_path not pinned', 'alter function private.org_ids(text) reset search_path'],
  ['helper: search_path pinned to a schema of others', 'alter function private.org_ids(text) set search_path = public, core'],
  ['helper: immutable', 'alter function private.org_ids(text) immutable'],
  ['helper: with the rights of the caller', 'alter function private.org_ids(text) security invoker'],
  ['helper: volatile', 'alter function private.org_ids(text) volatile'],
  ['helper: for everybody', 'grant execute on function private.org_ids(text) to public'],
  ['function: for every member', `create or replace function private.delete_show_submissions(target_id uuid) returns boolean language sql security definer set search_path = '' as $$ with changed as (update core.show_submissions set deleted_at = now() where id = $1 and deleted_at is null and ${at('viewer')} returning 1) select exists (select from changed) $$`],
  ['function: for anon', 'grant execute on function core.delete_show_submissions(uuid) to anon'],
  ['search: past every rule', search(`${live} and labels @> $1`)],
  ['search: anonymous sign-ins', search(`${at('viewer')} and ${live} and labels @> $1`)],
  ['search: deleted rows', search(`${at('viewer')} and ${permanent} and labels @> $1`)],
  ['search: for editors only', search(`${at('editor')} and ${permanent} and ${live} and labels @> $1`)],
  ['search: finds what does not match', search(`${at('viewer')} and ${permanent} and ${live}`)],
  ['search: for anon', 'grant execute on function core.by_label(text[], timestamptz, uuid) to anon'],
  ['search: its work for anon', 'grant execute on function private.by_label(text[], timestamptz, uuid) to anon'],
  ['a view that runs as its owner', `create view core.latest_clips as select * from ${clips}; grant select on core.latest_clips to authenticated`],
  ['a view of a view', `create view private.inner_clips as select * from ${clips}; create view core.outer_clips as select id, title from private.inner_clips; grant select on core.outer_clips to anon`],
  ['a materialized view', `create materialized view core.all_clips as select id, title from ${clips}; grant select on core.all_clips to anon, authenticated`],
  ['a function that runs as its owner', `create function core.all_clips() returns setof ${clips} language sql security definer set search_path = '' as 'select * from ${clips}'`],
  ['a function in plpgsql that runs as its owner', `create function core.clip_titles() returns setof text language plpgsql security definer as $$ begin return query select title from show_submissions; end $$`],
  ['a rule', `create rule silent as on delete to ${clips} do instead nothing`],
  ['a child table', `create table core.old_clips () inherits (${clips}); grant select on core.old_clips to authenticated`],
  ['trigger disabled', `alter table ${clips} disable trigger show_submissions_set_actors`],
  ['all triggers disabled for users', `alter table ${clips} disable trigger user`],
  ['trigger dropped', `drop trigger show_submissions_set_updated_at on ${clips}`],
  ['trigger function emptied', `create or replace function private.set_actors() returns trigger language plpgsql set search_path = '' as 'begin return new; end'`],
  ['foreign key dropped', `alter table ${clips} drop constraint show_submissions_org_id_fkey`],
  ['foreign key of the owner dropped', `alter table ${clips} drop constraint show_submissions_owner_id_fkey`],
  ['unique key over all tenants', `create unique index on ${clips} (title)`],
  ['tenant may be null', `alter table ${clips} alter column org_id drop not null`],
  ['default of the owner dropped', `alter table ${clips} alter column owner_id drop default`],
  ['default privileges for anon', 'alter default privileges in schema core grant select on tables to anon'],
  ['default privileges for everybody\'s functions', 'alter default privileges in schema core grant execute on functions to anon, authenticated'],
  ['create on the schema', 'grant create on schema core to authenticated'],
  ['usage of the private schema', 'grant usage on schema private to authenticated'],
  ['authenticated stands for the service', 'grant service_role to authenticated'],
  ['published for Realtime', `alter publication supabase_realtime add table ${clips}`],
  ['the helper belongs to clients', 'grant create on schema private to authenticated; alter function private.org_ids(text) owner to authenticated; revoke create on schema private from authenticated'],
  ['what clients hold they may pass on', `grant select on ${clips} to authenticated with grant option`],
  ['foreign key cascades', `alter table ${clips} drop constraint show_submissions_org_id_fkey, add constraint show_submissions_org_id_fkey foreign key (org_id) references core.organizations on delete cascade`],
  ['memberships may be made', 'grant insert on core.org_memberships to authenticated; create policy own_membership on core.org_memberships for insert to authenticated with check (user_id = (select auth.uid()))'],
  ['rows are copied by a trigger', `create table core.copies (title text); grant select on core.copies to authenticated; create function core.copy_clip() returns trigger language plpgsql security definer as $$ begin insert into core.copies values (new.title); return new; end $$; create trigger copies after insert on ${clips} for each row execute function core.copy_clip()`],
  ['default privileges in every schema', 'alter default privileges grant select on tables to authenticated'],
  ['the owner by default is somebody', `alter table ${clips} alter column owner_id set default '00000000-0000-4000-8000-000000000001'`],
  ['the table belongs to clients', `grant create on schema core to authenticated; alter table ${clips} owner to authenticated`],
]

const lists = 'social.watchlists'
const ofOwner: [string, string][] = [
  ['select: everybody signed in', `alter policy watchlists_select on ${lists} using ((select auth.uid()) is not null)`],
  ['select: null owners with a null caller', `alter policy watchlists_select on ${lists} using (owner_id is not distinct from (select auth.uid()))`],
  ['update: check (true)', `alter policy watchlists_update on ${lists} with check (true)`],
  ['delete: using (true)', `alter policy watchlists_delete on ${lists} using (true)`],
  ['insert: for others', `alter policy watchlists_insert on ${lists} with check (true)`],
  ['owner may be changed', `grant update (owner_id) on ${lists} to authenticated`],
]

/** No request shows them: they are of the table, not of who reaches it. */
const ofTheTable: [string, string][] = [
  ['check dropped', `alter table ${clips} drop constraint show_submissions_rejection_has_reason`],
  ['check loosened', `alter table ${clips} drop constraint show_submissions_title_check, add constraint show_submissions_title_check check (title <> '')`],
  ['another default', `alter table ${clips} alter column status set default 'published'`],
]

test('what is broken in a table of organisations', async () => {
  // A floor of the tenancy would hold what some of these let through.
  const text = readFileSync('references/examples/designs/show_submissions.yaml', 'utf8').replace('  floor: true\n', '')
  await using faulty = await faultyDatabase(sample(), await sample().plannedText('show_submissions', text))
  await everyFaultShows(faulty, ofOrganisation)
  for (const [says, sql] of ofTheTable) expect(await faulty.testFails(sql), says).toMatch(/(checks|defaults) of the design/)
}, 240_000)

test('what is broken in a table of owners', async () => {
  await using faulty = await faultyDatabase(sample(), await sample().planned('watchlists'))
  await everyFaultShows(faulty, ofOwner)
})

test('what is broken above a floor', async () => {
  const text = readFileSync('test/golden/designs/workshop.yaml', 'utf8').replace(/  orders:[^]*/, '')
  await using faulty = await faultyDatabase(sample(), await sample().plannedText('workshop', text))
  // Whoever is strong in one organisation would carry their own row into another where they only read.
  await everyFaultShows(faulty, [['update: the role is not asked where the row goes', `alter policy customers_update on core.customers with check ((${own} or ${at('admin')}) and ${permanent} and ${live})`]])
})

async function everyFaultShows(faulty: Awaited<ReturnType<typeof faultyDatabase>>, faults: [string, string][]): Promise<void> {
  const harmless = 'select 1'
  const noticed = await faulty.proofNotices([harmless, ...faults.map(([, sql]) => sql)])
  expect([noticed.get(harmless), await faulty.testFails(harmless)]).toEqual([undefined, null])
  const missed: string[] = []
  for (const [says, sql] of faults) {
    if (!noticed.has(sql)) missed.push(`${says}: not noticed by the proof`)
    if ((await faulty.testFails(sql)) === null) missed.push(`${says}: not noticed by the test`)
  }
  expect(missed).toEqual([])
}

test('what a later migration breaks', async () => {
  const { server } = sample()
  const { plan, sql, prepared } = await sample().planned('watchlists')
  const of = async (later: string, { isTested = true } = {}) => {
    const options = { server, plan, sql, prepared, later: [{ path: 'supabase/migrations/0098_other.sql', sql: 'select 1' }, { path: 'supabase/migrations/0099_fix.sql', sql: later }] }
    const evidence = [await proveAccess(options), ...(isTested ? [await provePgtap(options)] : [])]
    return { statuses: evidence.map(({ status }) => status), findings: evidence.flatMap(({ findings }) => findings).join('\n') }
  }
  // Other tables with rights, policies and functions of their own are nobody's fault.
  const others = `create table social.clubs (id uuid primary key, owner_id uuid default auth.uid()); alter table social.clubs enable row level security; grant select on social.clubs to authenticated;
    create policy clubs_select on social.clubs for select to authenticated using (owner_id = (select auth.uid()));
    create function private.club_ids() returns setof uuid language sql stable security definer set search_path = '' as 'select id from social.clubs';
    comment on table social.watchlists is 'Lists of fans.'; create index on social.watchlists (created_at)`
  expect(await of(others)).toEqual({ statuses: ['proved', 'proved'], findings: '' })
  const { statuses, findings } = await of(`create policy allow_all on ${lists} using (true); create function social.all_lists() returns setof ${lists} language sql security definer set search_path = '' as 'select * from ${lists}'`)
  expect(statuses).toEqual(['failed', 'failed'])
  expect(findings).toMatch(/a user can select in social.watchlists .*request: .*0099_fix.sql/)
  expect(findings).toMatch(/through the function social.all_lists\(\), which runs as its owner \(after .*0099_fix.sql/)
  expect((await of('drop table social.watchlist_items', { isTested: false })).findings).toMatch(/tables of the design are gone \(after .*0099_fix.sql/)
}, 240_000)
