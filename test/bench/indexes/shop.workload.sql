-- name: login
-- rate: 200/s
select * from users where tenant_id = $1 and lower(email) = lower($2);

-- name: session
-- rate: 900/s
select s.user_id, u.tenant_id from sessions s join users u on u.id = s.user_id where s.token = $1 and s.expires_at > now();

-- name: sessions_of_user
-- rate: 5/s
select * from sessions where user_id = $1;

-- name: expired_sessions
-- rate: 1/min
delete from sessions where expires_at < now();

-- name: my_orders
-- rate: 120/s
select id, number, state, total, placed_at from orders where user_id = $1 order by placed_at desc limit 20;

-- name: order_by_number
-- rate: 60/s
select * from orders where tenant_id = $1 and number = $2;

-- name: tenant_orders
-- rate: 40/s
select id, number, state, total, placed_at from orders where tenant_id = $1 order by placed_at desc, id desc limit 50;

-- name: tenant_orders_next
-- rate: 20/s
select id, number, state, total, placed_at from orders where tenant_id = $1 and (placed_at, id) < ($2, $3) order by placed_at desc, id desc limit 50;

-- name: orders_to_ship
-- rate: 10/s
select * from orders where tenant_id = $1 and state = 'paid' and shipped_at is null order by placed_at limit 100;

-- name: order_with_items
-- rate: 150/s
select o.*, i.product_id, i.quantity, p.title from orders o join order_items i on i.order_id = o.id join products p on p.id = i.product_id where o.id = $1;

-- name: payments_of_order
-- rate: 150/s
select * from payments where order_id = $1;

-- name: payment_by_reference
-- rate: 30/s
select * from payments where provider = $1 and reference = $2;

-- name: pending_payments
-- rate: 1/s
select * from payments where state = 'pending' and created_at < $1 order by created_at limit 500;

-- name: coupon_use
-- rate: 2/s
select count(*) from orders where tenant_id = $1 and coupon = $2;

-- name: revenue_of_month
-- rate: 1/min
select date_trunc('day', placed_at), sum(total) from orders where tenant_id = $1 and placed_at >= $2 and placed_at < $3 and state = 'paid' group by 1 order by 1;

-- name: top_products
-- rate: 2/min
select i.product_id, sum(i.quantity) from orders o join order_items i on i.order_id = o.id where o.tenant_id = $1 and o.placed_at >= $2 group by i.product_id order by 2 desc limit 10;

-- name: product_by_sku
-- rate: 80/s
select * from products where tenant_id = $1 and sku = $2;

-- name: shop_page
-- rate: 300/s
select id, title, price from products where tenant_id = $1 and state = 'active' order by created_at desc limit 24;

-- name: by_price
-- rate: 40/s
select id, title, price from products where tenant_id = $1 and state = 'active' and price between $2 and $3 order by price limit 24;

-- name: by_tag
-- rate: 15/s
select id, title from products where tenant_id = $1 and tags @> array[$2]::text[];

-- name: low_stock
-- rate: 1/min
select id, sku, stock from products where tenant_id = $1 and stock < 5 and state = 'active';

-- name: title_search
-- rate: 10/s
select id, title from products where tenant_id = $1 and title ilike '%' || $2 || '%' limit 20;

-- name: reviews_of_product
-- rate: 100/s
select stars, body, created_at from reviews where product_id = $1 order by created_at desc limit 10;

-- name: stars_of_product
-- rate: 100/s
select avg(stars), count(*) from reviews where product_id = $1;

-- name: reviews_by_user
-- rate: 3/s
select * from reviews where user_id = $1 order by created_at desc;

-- name: bad_reviews
-- rate: 1/min
select r.* from reviews r join products p on p.id = r.product_id where p.tenant_id = $1 and r.stars = 1 order by r.created_at desc limit 20;

-- name: product_sales
-- rate: 1/s
select sum(quantity), sum(quantity * price) from order_items where product_id = $1;

-- name: bought_together
-- rate: 2/s
select b.product_id, count(*) from order_items a join order_items b on b.order_id = a.order_id and b.product_id <> a.product_id where a.product_id = $1 group by b.product_id order by 2 desc limit 5;

-- name: never_bought
-- rate: 1/h
select u.id from users u where u.tenant_id = $1 and not exists (select 1 from orders o where o.user_id = u.id);

-- name: active_users
-- rate: 1/min
select count(*) from users where tenant_id = $1 and last_seen > $2;

-- name: new_users
-- rate: 1/min
select id, name, email from users where tenant_id = $1 order by created_at desc limit 50;

-- name: last_events
-- rate: 20/s
select * from events where tenant_id = $1 and kind = $2 order by created_at desc limit 50;

-- name: events_of_user
-- rate: 5/s
select kind, payload, created_at from events where user_id = $1 order by created_at desc limit 100;

-- name: funnel
-- rate: 1/h
select kind, count(*) from events where tenant_id = $1 and created_at >= $2 and created_at < $3 group by kind;

-- name: daily_events
-- rate: 1/h
select kind, count(distinct user_id) from events where created_at >= $1 and created_at < $2 group by kind;

-- name: payload
-- rate: 1/min
select id from events where payload @> $1::jsonb order by id desc limit 20;

-- name: first_order
-- rate: 1/s
select min(placed_at) from orders where user_id = $1;

-- name: largest_orders
-- rate: 1/min
select id, total from orders where tenant_id = $1 order by total desc limit 10;

-- name: add_order
-- rate: 30/s
insert into orders (id, tenant_id, user_id, number, state, total, placed_at) values ($1, $2, $3, $4, 'new', $5, now());

-- name: add_item
-- rate: 90/s
insert into order_items (id, order_id, product_id, quantity, price) values ($1, $2, $3, $4, $5);

-- name: pay_order
-- rate: 25/s
update orders set state = 'paid' where id = $1;

-- name: ship_order
-- rate: 20/s
update orders set state = 'shipped', shipped_at = now() where id = $1;

-- name: take_stock
-- rate: 90/s
update products set stock = stock - $2 where id = $1;

-- name: seen
-- rate: 200/s
update users set last_seen = now() where id = $1;

-- name: add_event
-- rate: 800/s
insert into events (tenant_id, user_id, kind, payload, created_at) values ($1, $2, $3, $4, now());
