-- name: producers
select min(t.name), min(c.note) from company_kinds k join title_companies c on c.kind_id = k.id join titles t on t.id = c.title_id join title_scores s on s.title_id = t.id join facts f on f.id = s.fact_id
where k.kind = 'production companies' and f.fact = 'top 250 rank' and c.note not like '%as Metro%' and c.note like '%co-production%';
-- name: keyworded
select min(t.name) from companies c join title_companies tc on tc.company_id = c.id join titles t on t.id = tc.title_id join title_keywords tk on tk.title_id = t.id join keywords k on k.id = tk.keyword_id
where c.country = '[de]' and k.word = 'character-name-in-title';
-- name: sequels
select min(t.name) from keywords k join title_keywords tk on tk.keyword_id = k.id join titles t on t.id = tk.title_id join title_facts f on f.title_id = t.id
where k.word like '%sequel%' and f.value in ('Sweden', 'Norway', 'Germany', 'Denmark') and t.year > 2005;
-- name: scored_sequels
select min(s.value), min(t.name) from facts f join title_scores s on s.fact_id = f.id join titles t on t.id = s.title_id join title_keywords tk on tk.title_id = t.id join keywords k on k.id = tk.keyword_id
where f.fact = 'rating' and k.word like '%sequel%' and s.value > '5.0' and t.year > 2005;
-- name: superheroes
select min(k.word), min(p.name), min(t.name) from casts c join people p on p.id = c.person_id join titles t on t.id = c.title_id join title_keywords tk on tk.title_id = t.id join keywords k on k.id = tk.keyword_id
where k.word in ('superhero', 'sequel', 'second-part') and p.name like '%Downey%Robert%' and t.year > 2010;
-- name: biographies
select min(p.name), min(t.name) from aliases a join people p on p.id = a.person_id join person_facts pf on pf.person_id = p.id join facts f on f.id = pf.fact_id join casts c on c.person_id = p.id join titles t on t.id = c.title_id join links l on l.other_id = t.id
where a.name like '%a%' and f.fact = 'mini biography' and p.gender = 'm' and t.year between 1980 and 1995;
-- name: voices
select min(a.name), min(t.name) from aliases a join people p on p.id = a.person_id join casts c on c.person_id = p.id join roles r on r.id = c.role_id join titles t on t.id = c.title_id join title_companies tc on tc.title_id = t.id join companies co on co.id = tc.company_id
where c.note = '(voice)' and co.country = '[jp]' and r.role = 'actress' and p.name like '%Yo%' and p.name not like '%Yu%';
-- name: distributors
select min(co.name), min(s.value), min(t.name) from companies co join title_companies tc on tc.company_id = co.id join company_kinds ck on ck.id = tc.kind_id join titles t on t.id = tc.title_id join title_scores s on s.title_id = t.id join facts f on f.id = s.fact_id join title_facts g on g.title_id = t.id join facts gf on gf.id = g.fact_id
where co.country = '[us]' and ck.kind = 'distributors' and f.fact = 'rating' and gf.fact = 'genres' and g.value in ('Drama', 'Horror') and s.value > '8.0' and t.year between 2005 and 2008;
-- name: filmography
select t.name, t.year, r.role from casts c join titles t on t.id = c.title_id join roles r on r.id = c.role_id where c.person_id = $1 order by t.year desc;
-- name: cast_of
select p.name, c.place from casts c join people p on p.id = c.person_id where c.title_id = $1 order by c.place limit 30;
-- name: linked
select min(t1.name), min(t2.name) from links l join titles t1 on t1.id = l.title_id join titles t2 on t2.id = l.other_id join title_scores s1 on s1.title_id = t1.id join title_scores s2 on s2.title_id = t2.id join kinds k1 on k1.id = t1.kind_id join kinds k2 on k2.id = t2.kind_id
where k1.kind = 'tv series' and k2.kind = 'tv series' and s2.value < '3.0' and t2.year between 2005 and 2008;
-- name: by_name
select id, year from titles where name = $1;
