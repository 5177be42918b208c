-- Discussions below a show or an episode.

create schema if not exists social;

grant usage on schema social to anon, authenticated, service_role;

create type social.reaction_kind as enum ('like', 'laugh', 'shock', 'shade');

create table if not exists social.threads (
  id uuid primary key default gen_random_uuid(),
  show_id uuid not null references core.shows (id) on delete cascade,
  episode_id uuid references core.episodes (id) on delete cascade,
  author_id uuid references auth.users (id) on delete set null,
  title text not null check (char_length(title) between 3 and 160),
  is_locked boolean not null default false,
  post_count integer not null default 0,
  last_post_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists social.posts (
  id uuid primary key default gen_random_uuid(),
  thread_id uuid not null references social.threads (id) on delete cascade,
  parent_id uuid references social.posts (id) on delete cascade,
  author_id uuid references auth.users (id) on delete set null,
  body text not null check (char_length(body) between 1 and 8000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists social.reactions (
  post_id uuid not null references social.posts (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  kind social.reaction_kind not null,
  created_at timestamptz not null default now(),
  primary key (post_id, user_id, kind)
);

create index if not exists threads_show_id_last_post_at_idx on social.threads (show_id, last_post_at desc);
create index if not exists posts_thread_id_created_at_idx on social.posts (thread_id, created_at);

create trigger threads_set_updated_at before update on social.threads
for each row execute function core.set_updated_at();
create trigger posts_set_updated_at before update on social.posts
for each row execute function core.set_updated_at();

-- Counters on the thread, so that lists need no aggregate.
create function social.count_post()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    update social.threads
    set post_count = post_count + 1,
        last_post_at = greatest(last_post_at, new.created_at)
    where id = new.thread_id;
  else
    update social.threads
    set post_count = greatest(post_count - 1, 0)
    where id = old.thread_id;
  end if;
  return null;
end;
$$;

revoke execute on function social.count_post() from public;

create trigger posts_count
after insert or delete on social.posts
for each row execute function social.count_post();

grant select on social.threads, social.posts, social.reactions to anon;
grant select, insert, update, delete on social.threads, social.posts, social.reactions to authenticated;
grant select, insert, update, delete on social.threads, social.posts, social.reactions to service_role;

alter table social.threads enable row level security;
alter table social.posts enable row level security;
alter table social.reactions enable row level security;

create policy "Anyone can read threads" on social.threads
for select using (true);

create policy "Signed-in fans can open threads" on social.threads
for insert to authenticated with check (author_id = auth.uid());

create policy "Authors can edit their threads" on social.threads
for update to authenticated using (author_id = auth.uid()) with check (author_id = auth.uid());

create policy "Anyone can read posts" on social.posts
for select using (true);

create policy "Signed-in fans can post" on social.posts
for insert to authenticated
with check (
  author_id = auth.uid()
  and exists (select 1 from social.threads t where t.id = thread_id and not t.is_locked)
);

create policy "Authors can edit their posts" on social.posts
for update to authenticated using (author_id = auth.uid()) with check (author_id = auth.uid());

create policy "Authors can remove their posts" on social.posts
for delete to authenticated using (author_id = auth.uid());

create policy "Anyone can read reactions" on social.reactions
for select using (true);

create policy "Fans add their own reactions" on social.reactions
for insert to authenticated with check (user_id = auth.uid());

create policy "Fans remove their own reactions" on social.reactions
for delete to authenticated using (user_id = auth.uid());
