import { readFileSync, appendFileSync, writeFileSync } from 'node:fs'
import { test } from 'vitest'
import { sampleServer } from '../../support/sample-server.ts'
import { faultyDatabase } from './faulty-database.ts'

const sample = sampleServer()
const rep = (sig: string, a: string, b: string) => `do $brk$ declare d text := pg_get_functiondef('${sig}'::regprocedure); begin if position($a$${a}$a$ in d) = 0 then raise exception 'nothing to break in %', d; end if; execute replace(d, $a$${a}$a$, $b$${b}$b$); end $brk$`
const pol = (t: string, p: string, a: string, b: string) => `do $brk$ declare u text; c text; begin select pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) into u, c from pg_policy where polrelid = '${t}'::regclass and polname = '${p}'; if position($a$${a}$a$ in coalesce(u,'')||coalesce(c,'')) = 0 then raise exception 'nothing in % %', u, c; end if; execute format('alter policy ${p} on ${t}%s%s', ' using (' || replace(u, $a$${a}$a$, $b$${b}$b$) || ')', ' with check (' || replace(c, $a$${a}$a$, $b$${b}$b$) || ')'); end $brk$`
const clips = 'core.show_submissions'
const feeds = 'core.partner_feeds'
const all: Record<string, [string, string][]> = {
  show_submissions: [
    ['select policy for all', `do $x$ declare u text; begin select pg_get_expr(polqual, polrelid) into u from pg_policy where polname = 'show_submissions_select'; execute 'drop policy show_submissions_select on ${clips}; create policy show_submissions_select on ${clips} for all to authenticated using (' || u || ')'; end $x$`],
    ['maintain', `grant maintain on ${clips} to authenticated`],
    ['grant option', `grant select on ${clips} to authenticated with grant option`],
    ['anon stands for authenticated', 'grant authenticated to anon'],
    ['check dropped', `alter table ${clips} drop constraint show_submissions_rejection_has_reason`],
    ['check of a column dropped', `alter table ${clips} drop constraint show_submissions_title_check`],
    ['foreign key cascades', `alter table ${clips} drop constraint show_submissions_org_id_fkey; alter table ${clips} add constraint show_submissions_org_id_fkey foreign key (org_id) references core.organizations on delete cascade`],
    ['unique key dropped', `do $x$ declare n text; begin select indexrelid::regclass::text into strict n from pg_index where indrelid = '${clips}'::regclass and indisunique and not indisprimary limit 1; execute 'drop index ' || n; end $x$`],
    ['default of status', `alter table ${clips} alter column status set default 'published'`],
    ['default of the owner is somebody', `alter table ${clips} alter column owner_id set default '00000000-0000-4000-8000-000000000001'`],
    ['insert policy to public', `alter policy show_submissions_insert on ${clips} to public`],
    ['a policy for the service', `create policy service_all on ${clips} to service_role using (true) with check (true)`],
    ['a policy for authenticator', `create policy auth_all on ${clips} to authenticator using (true) with check (true); grant select on ${clips} to authenticator`],
    ['select revoked', `revoke select on ${clips} from authenticated`],
    ['insert of the tenant revoked', `revoke insert (org_id) on ${clips} from authenticated`],
    ['select policy dropped', `drop policy show_submissions_select on ${clips}`],
    ['insert policy dropped', `drop policy show_submissions_insert on ${clips}`],
    ['insert of id', `grant insert (id) on ${clips} to authenticated`],
    ['insert of created_at', `grant insert (created_at) on ${clips} to authenticated`],
    ['update of created_by', `grant update (created_by) on ${clips} to authenticated`],
    ['helper gives all organisations', `create or replace function private.org_ids(min_role text) returns setof uuid language plpgsql stable security definer set search_path = '' as $$ begin return query select id from core.organizations; end $$`],
    ['helper gives nothing', `create or replace function private.org_ids(min_role text) returns setof uuid language plpgsql stable security definer set search_path = '' as $$ begin return; end $$`],
    ['helper in the rights of the caller', 'alter function private.org_ids(text) security invoker'],
    ['helper belongs to clients', 'grant create, usage on schema private to authenticated; alter function private.org_ids(text) owner to authenticated; revoke create, usage on schema private from authenticated'],
    ['schema closed', 'revoke usage on schema core from authenticated'],
    ['replica identity full', `alter table ${clips} replica identity full`],
    ['trigger of somebody else copies rows', `create table core.copies (org_id uuid, title text); grant select on core.copies to authenticated; create function core.copy_clip() returns trigger language plpgsql security definer as $$ begin insert into core.copies values (new.org_id, new.title); return new; end $$; create trigger copies after insert on ${clips} for each row execute function core.copy_clip()`],
    ['trigger of somebody else sets the owner', `create function core.take_clip() returns trigger language plpgsql as $$ begin new.owner_id := null; return new; end $$; create trigger aaa_take before insert on ${clips} for each row execute function core.take_clip()`],
    ['undelete for editors', rep('private.undelete_show_submissions(uuid)', "'admin'", "'editor'")],
    ['delete without a second factor', rep('private.delete_show_submissions(uuid)', "and ((select auth.jwt()) ->> 'aal') = 'aal2'", '')],
    ['update without a second factor', pol(clips, 'show_submissions_update', "'aal2'::text", "'aal1'::text")],
    ['delete revoked', 'revoke execute on function core.delete_show_submissions(uuid) from authenticated'],
    ['default privileges everywhere', 'alter default privileges grant all on tables to authenticated'],
    ['default privileges of functions to public', 'alter default privileges in schema core grant execute on functions to public'],
    ['organisations may be changed', 'create policy o on core.organizations for update to authenticated using (true); grant update on core.organizations to authenticated'],
    ['memberships may be made', 'create policy m on core.org_memberships for insert to authenticated with check (user_id = (select auth.uid())); grant insert on core.org_memberships to authenticated'],
    ['memberships without row level security', 'alter table core.org_memberships disable row level security; grant select, insert, update on core.org_memberships to authenticated'],
    ['a partition by hand', `create table core.more_clips (like ${clips} including all); grant select on core.more_clips to anon; insert into core.more_clips select * from ${clips}`],
    ['function by a name put together', `create function core.peek() returns setof text language plpgsql security definer as $$ begin return query execute 'select title from core.show_' || 'submissions'; end $$`],
    ['status may be null', `alter table ${clips} alter column status drop not null`],
  ],
  partner_feeds: [
    ['tenant out of user_metadata', rep('private.tenant_id()', 'app_metadata', 'user_metadata')],
    ['tenant of either', rep('private.tenant_id()', "nullif(auth.jwt() #>> '{\"app_metadata\",\"tenant_id\"}', '')::uuid", "coalesce(nullif(auth.jwt() #>> '{app_metadata,tenant_id}', ''), auth.jwt() #>> '{user_metadata,tenant_id}')::uuid")],
    ['tenant out of a header', rep('private.tenant_id()', "auth.jwt() #>> '{\"app_metadata\",\"tenant_id\"}'", "coalesce(auth.jwt() #>> '{app_metadata,tenant_id}', current_setting('request.headers', true)::jsonb ->> 'x-tenant')")],
    ['floor dropped', `drop policy partner_feeds_tenant_floor on ${feeds}`],
    ['floor for select', `do $x$ begin execute 'drop policy partner_feeds_tenant_floor on ${feeds}; create policy partner_feeds_tenant_floor on ${feeds} as restrictive for select to authenticated using (tenant_id = (select private.tenant_id()))'; end $x$`],
    ['floor is permissive', `do $x$ begin execute 'drop policy partner_feeds_tenant_floor on ${feeds}; create policy partner_feeds_tenant_floor on ${feeds} for all to authenticated using (tenant_id = (select private.tenant_id())) with check (tenant_id = (select private.tenant_id()))'; end $x$`],
    ['floor lets nulls pass', `alter policy partner_feeds_tenant_floor on ${feeds} using (tenant_id = (select private.tenant_id()) or (select private.tenant_id()) is null)`],
    ['view without its callers rights', 'alter view core.partner_delivery_failures reset (security_invoker)'],
    ['view for anon', 'grant select on core.partner_delivery_failures to anon'],
    ['view may be written', 'grant insert, update, delete on core.partner_delivery_failures to authenticated'],
    ['view shows more', `create or replace view core.partner_delivery_failures with (security_invoker = true) as select d.tenant_id, d.feed_id, f.name as feed, d.outcome, d.http_status, d.delivered_at from core.partner_feed_deliveries d join ${feeds} f on f.id = d.feed_id`],
    ['view shows another column', `create or replace view core.partner_delivery_failures with (security_invoker = true) as select d.tenant_id, d.feed_id, f.name as feed, d.outcome, d.http_status, d.delivered_at, f.signing_key from core.partner_feed_deliveries d join ${feeds} f on f.id = d.feed_id where d.outcome <> 'delivered'`],
    ['job without its condition', `alter policy partner_feeds_feed_delivery_update on ${feeds} using (true) with check (true)`],
    ['job writes every column', `grant update on ${feeds} to feed_delivery`],
    ['job deletes', `grant delete on core.partner_feed_deliveries to feed_delivery; create policy j on core.partner_feed_deliveries for delete to feed_delivery using (true)`],
    ['job for authenticated', 'grant feed_delivery to authenticated'],
    ['job reads other tables', 'grant select on core.org_memberships to feed_delivery'],
    ['secret written by clients', `grant update (signing_key) on ${feeds} to authenticated`],
    ['deliveries written by clients', `grant insert on core.partner_feed_deliveries to authenticated; create policy w on core.partner_feed_deliveries for insert to authenticated with check (tenant_id = (select private.tenant_id()))`],
    ['feeds deleted by clients', `grant delete on ${feeds} to authenticated; create policy d on ${feeds} for delete to authenticated using (tenant_id = (select private.tenant_id()))`],
    ['composite key made a plain one', `alter table core.partner_feed_deliveries drop constraint partner_feed_deliveries_tenant_id_feed_id_fkey; alter table core.partner_feed_deliveries add constraint partner_feed_deliveries_tenant_id_feed_id_fkey foreign key (feed_id) references ${feeds} on delete cascade`],
    ['unique over all tenants', `do $x$ declare n text; begin select conname into strict n from pg_constraint where conrelid = '${feeds}'::regclass and contype = 'u' and array_length(conkey, 1) = 2 and pg_get_constraintdef(oid) like '%name%'; execute format('alter table ${feeds} drop constraint %I, add constraint %I unique (name)', n, n); end $x$`],
  ],
  collections: [
    ['shares of anybody', rep('private.collections_shared_keys(text)', 'user_id = (select auth.uid())', 'user_id is not null')],
    ['level ignored', rep('private.collections_shared_keys(text)', ">= array_position(array['reader', 'helper'], $1)", 'is not null')],
    ['deleted parents', rep('private.collections_select_keys()', 'deleted_at is null', 'true')],
    ['parents of others', rep('private.collections_update_keys()', 'owner_id = (select auth.uid())', 'owner_id is not null')],
    ['grandparents forgotten', rep('private.collection_items_select_keys()', 'collection_id = any (array(select private.collections_select_keys()))', 'true')],
    ['who is it shared with may share', `alter policy collection_shares_insert on social.collection_shares with check (collection_id = any (array(select private.collections_select_keys())))`],
    ['users share with themselves', `alter policy collection_shares_insert on social.collection_shares with check (user_id = (select auth.uid()))`],
    ['share given to another', 'grant update (user_id) on social.collection_shares to authenticated'],
    ['share moved to another collection', 'grant update (collection_id) on social.collection_shares to authenticated'],
    ['level unchecked', `do $x$ declare n text; begin select conname into strict n from pg_constraint where conrelid = 'social.collection_shares'::regclass and contype = 'c'; execute format('alter table social.collection_shares drop constraint %I', n); end $x$`],
    ['items move anywhere', 'alter policy collection_items_update on social.collection_items with check (true)'],
    ['comments of others', `alter policy item_comments_insert on social.item_comments with check (item_id = any (array(select private.collection_items_select_keys())))`],
    ['comments anywhere', `alter policy item_comments_insert on social.item_comments with check (owner_id = (select auth.uid()))`],
    ['notes of every survey', 'alter policy survey_notes_select on social.survey_notes using (true)'],
    ['notes by a function', `create function private.survey_keys() returns setof uuid language sql stable security definer set search_path = '' as 'select id from surveys.surveys'; alter policy survey_notes_select on social.survey_notes using (survey_id = any (array(select private.survey_keys())))`],
    ['helpers change what readers do', `alter policy collections_update on social.collections using (deleted_at is null and (owner_id = (select auth.uid()) or id = any (array(select private.collections_shared_keys('reader')))))`],
  ],
  watchlists: [
    ['bucket is public', "update storage.buckets set public = true where id = 'watchlist-covers'"],
    ['bucket takes anything', "update storage.buckets set file_size_limit = null, allowed_mime_types = null where id = 'watchlist-covers'"],
    ['objects of every bucket', pol('storage.objects', 'watchlists_cover_select', "bucket_id = 'watchlist-covers'::text", 'true')],
    ['objects of the second folder', pol('storage.objects', 'watchlists_cover_insert', '(storage.foldername(name))[1]', '(storage.foldername(name))[2]')],
    ['objects of everybody', "create policy covers_public on storage.objects for select to anon, authenticated using (bucket_id = 'watchlist-covers')"],
    ['keys without a layout', pol('storage.objects', 'watchlists_cover_insert', "name !~ '(^|/)[.]{1,2}(/|$)'::text", 'true')],
    ['object policy dropped', 'drop policy watchlists_cover_delete on storage.objects'],
    ['items of others lists', 'alter table social.watchlist_items drop constraint watchlist_items_watchlist_id_owner_id_fkey; alter table social.watchlist_items add constraint watchlist_items_watchlist_id_owner_id_fkey foreign key (watchlist_id) references social.watchlists on delete cascade'],
    ['no longer published', 'alter publication supabase_realtime drop table social.watchlists'],
    ['items are published', 'alter publication supabase_realtime add table social.watchlist_items'],
    ['owner by default nobody', 'alter table social.watchlists alter column owner_id drop not null, alter column owner_id drop default'],
    ['published only for updates', "alter publication supabase_realtime set (publish = 'insert, update, delete, truncate')"],
  ],
  newsroom: [
    ['members made by members', "create policy publication_members_insert on social.publication_members for insert to authenticated with check (publication_id = any (array(select private.publication_ids('reader')))); grant insert on social.publication_members to authenticated"],
    ['role written by members', "create policy u on social.publication_members for update to authenticated using (user_id = (select auth.uid())); grant update (role) on social.publication_members to authenticated"],
    ['roles unchecked', `do $x$ declare n text; begin select conname into strict n from pg_constraint where conrelid = 'social.publication_members'::regclass and contype = 'c'; execute format('alter table social.publication_members drop constraint %I', n); end $x$`],
    ['members default to publishers', "alter table social.publication_members alter column role set default 'publisher'"],
    ['last holder not kept', 'alter table social.publication_members disable trigger publication_members_keep_last_holder'],
    ['everybody sees publications', 'alter policy publications_select on social.publications using (true)'],
    ['invitations seen by all', 'alter policy publication_invitations_select on social.publication_invitations using (true)'],
    ['addresses unconfirmed', rep('private.confirmed_email()', 'and account.email_confirmed_at is not null', '')],
    ['everybody founds for others', 'grant execute on function social.create_publication(text, text) to anon'],
    ['reach of a member for clients', 'grant execute on function private.publication_reach_of(uuid, uuid) to authenticated'],
    ['deliveries for members', "grant select on social.article_deliveries to authenticated; create policy r on social.article_deliveries for select to authenticated using (publication_id = any (array(select private.publication_ids('reader'))))"],
    ['invitation accepted by anybody', rep('private.accept_publication_invitation(text)', 'expires_at > now()', 'true')],
    ['slug over all publications', 'create unique index on social.articles (slug)'],
  ],
}
const out = '/tmp/cost-broken.out'
writeFileSync(out, '')
test.each(Object.entries(all).filter(([name]) => name.match(process.env.ONLY ?? '')))('%s', async (name, faults) => {
  const text = readFileSync(`references/examples/designs/${name}.yaml`, 'utf8').replace(name === 'show_submissions' ? '  floor: true\n' : '@@', '')
  await using faulty = await faultyDatabase(sample(), await sample().plannedText(name, text))
  const made: [string, string][] = []
  for (const [says, sql] of faults) {
    let tap: string | null
    try { tap = await faulty.testFails(sql); made.push([says, sql]) } catch (error) { appendFileSync(out, `${name}: ${says}: CANNOT BE MADE ${String(error).slice(0, 300)}\n`); continue }
    if (tap === null) appendFileSync(out, `${name}: ${says}: TEST MISSES\n`)
  }
  const noticed = await faulty.proofNotices(made.map(([, sql]) => sql))
  for (const [says, sql] of made) if (!noticed.has(sql)) appendFileSync(out, `${name}: ${says}: PROOF MISSES\n`)
  appendFileSync(out, `${name}: ${made.length} made of ${faults.length}\n`)
}, 900_000)
