insert into app.accounts (iban, holder, currency, opened)
  select 'DE' || lpad((hashint4(g) & 2147483647)::text, 12, '0') || lpad(g::text, 8, '0'), 'holder number ' || (hashint4(g + 3) & 2147483647) % 30000, case when h % 100 < 80 then 'EUR' when h % 100 < 90 then 'USD' when h % 100 < 97 then 'GBP' else 'CHF' end, date '2025-12-31' - h % 2000
  from generate_series(1, 50000) g, lateral (select hashint4(g + 5) & 2147483647 as h) r;
insert into app.bookings (number, iban, kind, amount, reference, booked, valuta, remote)
  select g, (select 'DE' || lpad((hashint4(a) & 2147483647)::text, 12, '0') || lpad(a::text, 8, '0')), case when h2 % 10 < 6 then 1 when h2 % 10 < 8 then 2 else 3 + h2 / 10 % 10 end, (h3 % 200000) / 10.0,
    case when h3 % 10 >= 3 then 'invoice ' || lpad(g::text, 10, '0') end, date '2025-12-31' - (1000000 - g) / 1000, timestamp '2026-01-01' - (1000000 - g) * interval '86.4 seconds', case when h2 % 5 = 0 then ('10.0.' || h3 % 200 || '.' || h2 / 5 % 100)::inet end
  from generate_series(1, 1000000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7000000) & 2147483647 as h2, hashint4(g + 9000000) & 2147483647 as h3) r, lateral (select 1 + h % 50000 as a) s;
