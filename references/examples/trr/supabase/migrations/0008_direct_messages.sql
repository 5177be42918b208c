-- Private conversations between two or more fans.

create table social.conversations (
  id uuid primary key default gen_random_uuid(),
  subject text,
  created_by uuid references auth.users (id) on delete set null,
  last_message_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table social.conversation_members (
  conversation_id uuid not null references social.conversations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  last_read_at timestamptz,
  muted_until timestamptz,
  joined_at timestamptz not null default now(),
  primary key (conversation_id, user_id)
);

create table social.messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references social.conversations (id) on delete cascade,
  sender_id uuid references auth.users (id) on delete set null,
  body text not null check (char_length(body) between 1 and 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index conversation_members_user_id_idx on social.conversation_members (user_id);
create index messages_conversation_id_created_at_idx on social.messages (conversation_id, created_at desc);

create trigger conversations_set_updated_at before update on social.conversations
for each row execute function core.set_updated_at();
create trigger messages_set_updated_at before update on social.messages
for each row execute function core.set_updated_at();

grant select on social.conversations, social.conversation_members to authenticated;
grant select, insert on social.messages to authenticated;
grant update (last_read_at, muted_until) on social.conversation_members to authenticated;
grant select, insert, update, delete
  on social.conversations, social.conversation_members, social.messages
  to service_role;

alter table social.conversations enable row level security;
alter table social.conversation_members enable row level security;
alter table social.messages enable row level security;

create policy conversations_select_member on social.conversations
for select to authenticated
using (
  exists (
    select 1 from social.conversation_members m
    where m.conversation_id = conversations.id and m.user_id = auth.uid()
  )
);

-- Members see who else is in the conversation.
create policy conversation_members_select_member on social.conversation_members
for select to authenticated
using (
  conversation_id in (
    select m.conversation_id from social.conversation_members m where m.user_id = auth.uid()
  )
);

create policy conversation_members_update_self on social.conversation_members
for update to authenticated
using (user_id = auth.uid())
with check (user_id = auth.uid());

create policy messages_select_member on social.messages
for select to authenticated
using (
  exists (
    select 1 from social.conversation_members m
    where m.conversation_id = messages.conversation_id and m.user_id = auth.uid()
  )
);

create policy messages_insert_member on social.messages
for insert to authenticated
with check (
  sender_id = auth.uid()
  and exists (
    select 1 from social.conversation_members m
    where m.conversation_id = messages.conversation_id and m.user_id = auth.uid()
  )
);
