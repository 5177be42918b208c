create function pg_temp.org(h integer) returns uuid language sql as $$
  select ('00000000-0000-4000-8000-' || lpad((case when h % 100 < 30 then 1 when h % 100 < 40 then 2 when h % 100 < 45 then 3 else 4 + h / 100 % 297 end)::text, 12, '0'))::uuid $$;
insert into app.organizations (id, name) select ('00000000-0000-4000-8000-' || lpad(g::text, 12, '0'))::uuid, 'organisation ' || g from generate_series(1, 300) g;
insert into app.memberships select ('00000000-0000-4000-8000-' || lpad((1 + (g - 1) % 300)::text, 12, '0'))::uuid, md5('user' || g % 5000)::uuid, (array['viewer', 'editor', 'admin'])[1 + g % 3] from generate_series(1, 15000) g on conflict do nothing;
insert into app.tickets (id, org_id, owner_id, subject, status, priority, assignee, labels, created_at, updated_at, deleted_at)
  select md5('ticket' || g)::uuid, pg_temp.org(h), md5('user' || h2 % 5000)::uuid, 'the subject of ticket number ' || g || ' is long', case when h3 % 100 < 90 then 'closed' when h3 % 100 < 97 then 'open' else 'waiting' end, 1 + h3 % 5,
    case when h2 % 5 > 0 then md5('user' || h2 / 5 % 2000)::uuid end, array['label' || h % 50, 'label' || h2 % 50], at, at, case when h3 % 50 = 0 then at end
  from generate_series(1, 500000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 700000) & 2147483647 as h2, hashint4(g + 1400000) & 2147483647 as h3, timestamptz '2026-01-01 00:00+00' - (500000 - g) * interval '86.4 seconds' as at) r;
insert into app.comments (id, org_id, owner_id, ticket_id, body, internal, created_at, updated_at)
  select md5('comment' || g)::uuid, pg_temp.org(hashint4(t) & 2147483647), md5('user' || h2 % 5000)::uuid, md5('ticket' || t)::uuid, repeat('an answer ', 14) || g, h2 % 5 = 0, at, at
  from generate_series(1, 1000000) g, lateral (select 1 + (hashint4(g) & 2147483647) % 500000 as t, hashint4(g + 700000) & 2147483647 as h2, timestamptz '2026-01-01 00:00+00' - (1000000 - g) * interval '43.2 seconds' as at) r;
