insert into app.devices (id, name, site, kind) overriding system value
  select g, 'device number ' || g, (hashint4(g) & 2147483647) % 50, case when h % 100 < 80 then 'meter' when h % 100 < 95 then 'pump' else 'valve' end from generate_series(1, 2000) g, lateral (select hashint4(g + 5) & 2147483647 as h) r;
insert into app.readings (id, device_id, measured_at, value, quality, batch) overriding system value
  select g, 1 + h % 2000, timestamptz '2026-01-01 00:00+00' - (3000000 - g) * interval '2.88 seconds', h2 % 1000000, case when h2 % 10 < 4 then h2 / 10 % 4 end, g / 100
  from generate_series(1, 3000000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2) r;
