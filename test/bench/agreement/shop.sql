insert into app.customers (id, email, country, segment) overriding system value
  select g, 'customer' || g || '@example.com', case when h % 100 < 40 then 'us' when h % 100 < 70 then 'de' when h % 100 < 85 then 'fr' when h % 100 < 95 then 'uk' else 'es' end,
    case when h2 % 2 = 0 then 'segment' || h2 / 2 % 8 end
  from generate_series(1, 100000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7) & 2147483647 as h2) r;
insert into app.products (id, sku, category, price, active) overriding system value
  select g, 'SKU-' || lpad(g::text, 8, '0'), 'category ' || h % 40, (1 + h2 % 5000) / 10.0, h % 1000 < 900
  from generate_series(1, 20000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 7) & 2147483647 as h2) r;
insert into app.orders (id, customer_id, status, total, note, placed_at) overriding system value
  select g, 1 + h % 100000, case when h2 % 100 < 85 then 'sent' when h2 % 100 < 93 then 'paid' when h2 % 100 < 98 then 'open' else 'returned' end, (h3 % 100000) / 10.0,
    case when h3 % 10 = 0 then 'please ring the bell twice' end, timestamptz '2026-01-01 00:00+00' - (600000 - g) * interval '4.32 seconds'
  from generate_series(1, 600000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 700000) & 2147483647 as h2, hashint4(g + 1400000) & 2147483647 as h3) r;
insert into app.order_items (order_id, line, product_id, quantity, price)
  select o, l, 1 + h % 20000, 1 + h2 % 5, (1 + h2 % 5000) / 10.0
  from generate_series(1, 600000) o, generate_series(1, 3) l, lateral (select hashint8(o * 10::bigint + l) & 2147483647 as h, hashint8(o * 10::bigint + l + 70000000) & 2147483647 as h2) r order by o, l;
