do $$
begin
  create type social.post_status as enum ('visible', 'hidden', 'removed');
exception
  when duplicate_object then null;
end
$$;

alter table social.posts
  add column if not exists status social.post_status not null default 'visible',
  add column if not exists moderated_at timestamptz,
  add column if not exists moderated_by uuid references auth.users (id) on delete set null,
  add column if not exists moderation_note text;

alter table social.posts drop constraint if exists posts_moderation_complete;
alter table social.posts
  add constraint posts_moderation_complete check (status = 'visible' or moderated_at is not null);

-- Authors keep seeing what was hidden from the others.
drop policy if exists "Anyone can read posts" on social.posts;
create policy "Visible posts and one's own" on social.posts
for select
using (status = 'visible' or author_id = (select auth.uid()));

-- An author edits the text, nothing else.
revoke insert, update on social.posts from authenticated;
grant insert (thread_id, parent_id, author_id, body) on social.posts to authenticated;
grant update (body) on social.posts to authenticated;

create index if not exists posts_awaiting_moderation_idx on social.posts (created_at) where status = 'hidden';
