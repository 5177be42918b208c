create table continents (continent_id int primary key, name text not null);
create table countries (country_id int primary key, name text not null, continent_id int not null references continents);
create table vendors (vendor_id int primary key, name text not null, address text not null, country_id int not null references countries, phone text not null, balance numeric(12,2) not null, remark text not null);
create table products (product_id int primary key, name text not null, maker text not null, brand text not null, kind text not null, size int not null, wrapping text not null, list_price numeric(12,2) not null, remark text not null);
create table offers (product_id int not null references products, vendor_id int not null references vendors, available int not null, cost numeric(12,2) not null, remark text not null, primary key (product_id, vendor_id));
create table clients (client_id int primary key, name text not null, address text not null, country_id int not null references countries, phone text not null, balance numeric(12,2) not null, branch text not null, remark text not null);
create table purchases (purchase_id bigint primary key, client_id int not null references clients, status char(1) not null, total numeric(12,2) not null, placed_on date not null, priority text not null, clerk text not null, shipping_priority int not null, remark text not null);
create table purchase_lines (
  purchase_id bigint not null references purchases, line_number int not null, product_id int not null, vendor_id int not null, quantity numeric(12,2) not null, price numeric(12,2) not null,
  discount numeric(12,2) not null, tax numeric(12,2) not null, returned char(1) not null, state char(1) not null, shipped_on date not null, promised_on date not null, received_on date not null,
  instructions text not null, transport text not null, remark text not null, primary key (purchase_id, line_number), foreign key (product_id, vendor_id) references offers);
