insert into app.documents (id, title, tags, readers, attributes, words, lang, published_on)
  select md5('document' || g)::uuid, 'The title of number ' || g,
    array(select distinct case when hashint4(g * 7 + i) & 127 < 9 then 'news' when hashint4(g * 7 + i) & 127 < 12 then 'sport' else 'tag' || (hashint4(g * 11 + i) & 2147483647) % 398 end from generate_series(1, 4) i),
    array(select (hashint4(g * 13 + i) & 2147483647) % 5000 from generate_series(1, 3) i),
    jsonb_build_object('shelf', h % 500, 'kind', 'kind' || h2 % 5, 'number', g),
    array_to_tsvector(array(select distinct 'word' || (hashint4(g * 17 + i) & 2147483647) % 3000 from generate_series(1, 12) i)),
    case when h % 10 < 7 then 'en' when h % 10 < 9 then 'de' else 'fr' end, case when h2 % 10 >= 3 then date '2026-01-01' - (300000 - g) / 300 end
  from generate_series(1, 300000) g, lateral (select hashint4(g) & 2147483647 as h, hashint4(g + 700000) & 2147483647 as h2) r;
