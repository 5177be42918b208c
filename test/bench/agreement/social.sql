insert into app.people (id, handle, bio, verified, created_at, updated_at) select md5('person' || g)::uuid, 'person_' || g, case when h % 10 < 4 then 'I am person number ' || g || ' of this site' end, h % 100 = 0, at, at
  from generate_series(1, 100000) g, lateral (select hashint4(g) & 2147483647 as h, timestamptz '2026-01-01 00:00+00' - (100000 - g) * interval '864 seconds' as at) r;
insert into app.follows (follower, followed, created_at, updated_at) select md5('person' || 1 + h % 100000)::uuid, md5('person' || 1 + h2 % 50000)::uuid, at, at
  from generate_series(1, 1000000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2, timestamptz '2026-01-01 00:00+00' - (1000000 - g) * interval '86.4 seconds' as at) r on conflict do nothing;
insert into app.posts (id, author_id, owner_id, reply_to, body, likes, created_at, updated_at, deleted_at)
  select md5('post' || g)::uuid, md5('person' || 1 + h % 60000)::uuid, md5('person' || 1 + h % 60000)::uuid, case when h2 % 10 < 3 and g > 10 then md5('post' || 1 + h2 / 10 % 100000)::uuid end, repeat('what I think ', 8) || g, h2 % 200, at, at, case when h2 % 100 < 3 then at end
  from generate_series(1, 500000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2, timestamptz '2026-01-01 00:00+00' - (500000 - g) * interval '172.8 seconds' as at) r;
