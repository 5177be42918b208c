create table app.events (
  id bigint generated always as identity, happened_at timestamptz not null, tenant integer not null, kind text not null, payload text,
  primary key (id, happened_at)) partition by range (happened_at);
create table app.events_2025_01 partition of app.events for values from ('2025-01-01') to ('2025-02-01');
create table app.events_2025_02 partition of app.events for values from ('2025-02-01') to ('2025-03-01');
create table app.events_2025_03 partition of app.events for values from ('2025-03-01') to ('2025-04-01');
create table app.events_2025_04 partition of app.events for values from ('2025-04-01') to ('2025-05-01');
create table app.events_2025_05 partition of app.events for values from ('2025-05-01') to ('2025-06-01');
create table app.events_2025_06 partition of app.events for values from ('2025-06-01') to ('2025-07-01');
create table app.events_2025_07 partition of app.events for values from ('2025-07-01') to ('2025-08-01');
create table app.events_2025_08 partition of app.events for values from ('2025-08-01') to ('2025-09-01');
create table app.events_2025_09 partition of app.events for values from ('2025-09-01') to ('2025-10-01');
create table app.events_2025_10 partition of app.events for values from ('2025-10-01') to ('2025-11-01');
create table app.events_2025_11 partition of app.events for values from ('2025-11-01') to ('2025-12-01');
create table app.events_2025_12 partition of app.events for values from ('2025-12-01') to ('2026-01-01');
create table app.events_2026_01 partition of app.events for values from ('2026-01-01') to ('2026-02-01');
create table app.events_rest partition of app.events default;
create index events_tenant on app.events (tenant, happened_at desc);
create index events_kind on app.events (kind) where kind = 'error';
create table app.accounts (id integer primary key, name text not null, plan text not null);
create table app.sessions (tenant integer not null references app.accounts, token uuid not null, seen timestamptz not null, primary key (tenant, token)) partition by hash (tenant);
create table app.sessions_0 partition of app.sessions for values with (modulus 4, remainder 0);
create table app.sessions_1 partition of app.sessions for values with (modulus 4, remainder 1);
create table app.sessions_2 partition of app.sessions for values with (modulus 4, remainder 2);
create table app.sessions_3 partition of app.sessions for values with (modulus 4, remainder 3);
create index sessions_seen on app.sessions (seen);
create table app.invoices (id bigint generated always as identity primary key, tenant integer not null references app.accounts, region text not null, total numeric(12,2) not null);
create index invoices_tenant on app.invoices (tenant);
grant select on all tables in schema app to service_role;
