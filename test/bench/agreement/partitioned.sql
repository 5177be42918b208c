insert into app.accounts select g, 'account number ' || g, case when h % 100 < 80 then 'free' when h % 100 < 95 then 'team' else 'large' end from generate_series(1, 5000) g, lateral (select hashint4(g) & 2147483647 as h) r;
insert into app.events (id, happened_at, tenant, kind, payload) overriding system value
  select g, timestamptz '2026-01-01 00:00+00' - (1200000 - g + 1) * interval '26.28 seconds', 1 + h % 5000, case when h2 % 100 < 90 then 'view' when h2 % 100 < 99 then 'click' else 'error' end, case when h2 % 5 > 0 then repeat('x', 60 + h2 / 5 % 20) end
  from generate_series(1, 1200000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2) r;
insert into app.sessions select 1 + (hashint4(g) & 2147483647) % 5000, md5('session' || g)::uuid, timestamptz '2026-01-01 00:00+00' - (hashint4(g + 7000000) & 2147483647) % 2678400 * interval '1 second' from generate_series(1, 400000) g;
insert into app.invoices (id, tenant, region, total) overriding system value
  select g, 1 + h % 5000, case when h2 % 100 < 50 then 'eu' when h2 % 100 < 80 then 'us' when h2 % 100 < 95 then 'asia' else 'rest' end, (h2 % 100000) / 10.0 from generate_series(1, 200000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2) r;
