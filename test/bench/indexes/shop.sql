create table tenants (id uuid primary key, name text not null, plan text not null, created_at timestamptz not null);
create table users (id uuid primary key, tenant_id uuid not null references tenants, email text not null, name text not null, last_seen timestamptz, created_at timestamptz not null);
create table products (id uuid primary key, tenant_id uuid not null references tenants, sku text not null, title text not null, price bigint not null, state text not null, stock int not null, tags text[] not null, created_at timestamptz not null);
create table orders (id uuid primary key, tenant_id uuid not null references tenants, user_id uuid not null references users, number bigint not null, state text not null, total bigint not null, placed_at timestamptz not null, shipped_at timestamptz, coupon text);
create table order_items (id uuid primary key, order_id uuid not null references orders, product_id uuid not null references products, quantity int not null, price bigint not null);
create table payments (id uuid primary key, order_id uuid not null references orders, provider text not null, reference text not null, state text not null, amount bigint not null, created_at timestamptz not null);
create table reviews (id uuid primary key, product_id uuid not null references products, user_id uuid not null references users, stars smallint not null, body text, created_at timestamptz not null);
create table events (id bigint generated always as identity primary key, tenant_id uuid not null, user_id uuid, kind text not null, payload jsonb not null, created_at timestamptz not null);
create table sessions (token text primary key, user_id uuid not null references users, expires_at timestamptz not null);
