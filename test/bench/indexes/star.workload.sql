-- name: pricing_summary
select returned, state, sum(quantity), sum(price), sum(price * (1 - discount)), sum(price * (1 - discount) * (1 + tax)), avg(quantity), avg(discount), count(*)
from purchase_lines where shipped_on <= date '2025-09-20' group by returned, state order by returned, state;

-- name: cheapest_vendor
select v.balance, v.name, c.name, p.product_id, p.maker
from products p join offers o on o.product_id = p.product_id join vendors v on v.vendor_id = o.vendor_id join countries c on c.country_id = v.country_id join continents k on k.continent_id = c.continent_id
where p.size = 15 and p.kind = 'brass' and k.name = 'Europe'
  and o.cost = (select min(o2.cost) from offers o2 join vendors v2 on v2.vendor_id = o2.vendor_id join countries c2 on c2.country_id = v2.country_id join continents k2 on k2.continent_id = c2.continent_id where o2.product_id = p.product_id and k2.name = 'Europe')
order by v.balance desc, c.name, v.name, p.product_id limit 100;

-- name: unshipped_value
select l.purchase_id, sum(l.price * (1 - l.discount)) as revenue, b.placed_on, b.shipping_priority
from clients c join purchases b on b.client_id = c.client_id join purchase_lines l on l.purchase_id = b.purchase_id
where c.branch = 'building' and b.placed_on < date '2024-03-15' and l.shipped_on > date '2024-03-15'
group by l.purchase_id, b.placed_on, b.shipping_priority order by revenue desc, b.placed_on limit 10;

-- name: late_priorities
select priority, count(*) from purchases b where placed_on >= date '2024-07-01' and placed_on < date '2024-10-01'
  and exists (select 1 from purchase_lines l where l.purchase_id = b.purchase_id and l.promised_on < l.received_on)
group by priority order by priority;

-- name: local_revenue
select n.name, sum(l.price * (1 - l.discount)) as revenue
from clients c join purchases b on b.client_id = c.client_id join purchase_lines l on l.purchase_id = b.purchase_id join vendors v on v.vendor_id = l.vendor_id and v.country_id = c.country_id
  join countries n on n.country_id = v.country_id join continents k on k.continent_id = n.continent_id
where k.name = 'Asia' and b.placed_on >= date '2024-01-01' and b.placed_on < date '2025-01-01' group by n.name order by revenue desc;

-- name: discount_forecast
select sum(price * discount) from purchase_lines where shipped_on >= date '2024-01-01' and shipped_on < date '2025-01-01' and discount between 0.05 and 0.07 and quantity < 24;

-- name: trade_between
select vn.name, cn.name, extract(year from l.shipped_on) as year, sum(l.price * (1 - l.discount))
from vendors v join purchase_lines l on l.vendor_id = v.vendor_id join purchases b on b.purchase_id = l.purchase_id join clients c on c.client_id = b.client_id
  join countries vn on vn.country_id = v.country_id join countries cn on cn.country_id = c.country_id
where ((vn.name = 'France' and cn.name = 'Germany') or (vn.name = 'Germany' and cn.name = 'France')) and l.shipped_on between date '2024-01-01' and date '2025-12-31'
group by vn.name, cn.name, year order by 1, 2, 3;

-- name: market_share
select extract(year from b.placed_on) as year, sum(case when vn.name = 'Brazil' then l.price * (1 - l.discount) else 0 end) / sum(l.price * (1 - l.discount))
from products p join purchase_lines l on l.product_id = p.product_id join vendors v on v.vendor_id = l.vendor_id join purchases b on b.purchase_id = l.purchase_id join clients c on c.client_id = b.client_id
  join countries cn on cn.country_id = c.country_id join continents k on k.continent_id = cn.continent_id join countries vn on vn.country_id = v.country_id
where k.name = 'America' and b.placed_on between date '2024-01-01' and date '2025-12-31' and p.kind = 'economy steel' group by year order by year;

-- name: profit_by_country
select n.name, extract(year from b.placed_on) as year, sum(l.price * (1 - l.discount) - o.cost * l.quantity)
from products p join purchase_lines l on l.product_id = p.product_id join vendors v on v.vendor_id = l.vendor_id join offers o on o.vendor_id = l.vendor_id and o.product_id = l.product_id
  join purchases b on b.purchase_id = l.purchase_id join countries n on n.country_id = v.country_id
where p.name like '%green%' group by n.name, year order by n.name, year desc;

-- name: returned_goods
select c.client_id, c.name, sum(l.price * (1 - l.discount)) as lost, c.balance, n.name, c.address, c.phone
from clients c join purchases b on b.client_id = c.client_id join purchase_lines l on l.purchase_id = b.purchase_id join countries n on n.country_id = c.country_id
where b.placed_on >= date '2024-10-01' and b.placed_on < date '2025-01-01' and l.returned = 'R' group by c.client_id, c.name, c.balance, c.phone, n.name, c.address order by lost desc limit 20;

-- name: stock_value
select o.product_id, sum(o.cost * o.available) as worth from offers o join vendors v on v.vendor_id = o.vendor_id join countries n on n.country_id = v.country_id
where n.name = 'Germany' group by o.product_id having sum(o.cost * o.available) > (
  select sum(o2.cost * o2.available) * 0.0001 from offers o2 join vendors v2 on v2.vendor_id = o2.vendor_id join countries n2 on n2.country_id = v2.country_id where n2.name = 'Germany') order by worth desc;

-- name: transport_delay
select l.transport, sum(case when b.priority in ('1-urgent', '2-high') then 1 else 0 end), sum(case when b.priority not in ('1-urgent', '2-high') then 1 else 0 end)
from purchases b join purchase_lines l on l.purchase_id = b.purchase_id
where l.transport in ('mail', 'ship') and l.promised_on < l.received_on and l.shipped_on < l.promised_on and l.received_on >= date '2024-01-01' and l.received_on < date '2025-01-01' group by l.transport order by l.transport;

-- name: purchases_per_client
select purchases, count(*) from (select c.client_id, count(b.purchase_id) as purchases from clients c left join purchases b on b.client_id = c.client_id and b.remark not like '%special%requests%' group by c.client_id) per_client group by purchases order by 2 desc, 1 desc;

-- name: promotion_effect
select 100.0 * sum(case when p.kind like 'promo%' then l.price * (1 - l.discount) else 0 end) / sum(l.price * (1 - l.discount)) from purchase_lines l join products p on p.product_id = l.product_id
where l.shipped_on >= date '2025-09-01' and l.shipped_on < date '2025-10-01';

-- name: top_vendor
with revenue as (select vendor_id, sum(price * (1 - discount)) as total from purchase_lines where shipped_on >= date '2025-01-01' and shipped_on < date '2025-04-01' group by vendor_id)
select v.vendor_id, v.name, v.address, v.phone, r.total from vendors v join revenue r on r.vendor_id = v.vendor_id where r.total = (select max(total) from revenue) order by v.vendor_id;

-- name: vendors_per_product
select p.brand, p.kind, p.size, count(distinct o.vendor_id) as vendors from offers o join products p on p.product_id = o.product_id
where p.brand <> 'Brand#45' and p.kind not like 'medium polished%' and p.size in (49, 14, 23, 45, 19, 3, 36, 9) and o.vendor_id not in (select vendor_id from vendors where remark like '%Customer%Complaints%')
group by p.brand, p.kind, p.size order by vendors desc, p.brand, p.kind, p.size;

-- name: small_quantity
select sum(l.price) / 7.0 from purchase_lines l join products p on p.product_id = l.product_id where p.brand = 'Brand#23' and p.wrapping = 'med box'
  and l.quantity < (select 0.2 * avg(l2.quantity) from purchase_lines l2 where l2.product_id = p.product_id);

-- name: large_purchases
select c.name, c.client_id, b.purchase_id, b.placed_on, b.total, sum(l.quantity) from clients c join purchases b on b.client_id = c.client_id join purchase_lines l on l.purchase_id = b.purchase_id
where b.purchase_id in (select purchase_id from purchase_lines group by purchase_id having sum(quantity) > 300) group by c.name, c.client_id, b.purchase_id, b.placed_on, b.total order by b.total desc, b.placed_on limit 100;

-- name: discounted_revenue
select sum(l.price * (1 - l.discount)) from purchase_lines l join products p on p.product_id = l.product_id where l.transport in ('air', 'air reg') and l.instructions = 'in person'
  and ((p.brand = 'Brand#12' and l.quantity between 1 and 11 and p.size between 1 and 5) or (p.brand = 'Brand#23' and l.quantity between 10 and 20 and p.size between 1 and 10));

-- name: excess_stock
select v.name, v.address from vendors v join countries n on n.country_id = v.country_id where n.name = 'Canada' and v.vendor_id in (
  select o.vendor_id from offers o where o.product_id in (select product_id from products where name like 'forest%')
    and o.available > (select 0.5 * sum(l.quantity) from purchase_lines l where l.product_id = o.product_id and l.vendor_id = o.vendor_id and l.shipped_on >= date '2024-01-01' and l.shipped_on < date '2025-01-01')) order by v.name;

-- name: waiting_vendors
select v.name, count(*) as waits from vendors v join purchase_lines l on l.vendor_id = v.vendor_id join purchases b on b.purchase_id = l.purchase_id join countries n on n.country_id = v.country_id
where b.status = 'F' and l.received_on > l.promised_on and n.name = 'Saudi Arabia'
  and exists (select 1 from purchase_lines o where o.purchase_id = l.purchase_id and o.vendor_id <> l.vendor_id)
  and not exists (select 1 from purchase_lines o where o.purchase_id = l.purchase_id and o.vendor_id <> l.vendor_id and o.received_on > o.promised_on) group by v.name order by waits desc, v.name limit 100;

-- name: dormant_clients
select substring(phone from 1 for 2) as code, count(*), sum(balance) from clients c where substring(phone from 1 for 2) in ('13', '31', '23', '29', '30', '18', '17')
  and balance > (select avg(balance) from clients where balance > 0.0 and substring(phone from 1 for 2) in ('13', '31', '23', '29', '30', '18', '17')) and not exists (select 1 from purchases b where b.client_id = c.client_id) group by code order by code;
