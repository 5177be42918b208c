create index more_reference on app.bookings (reference) where reference is not null;
create index more_remote on app.bookings (remote) where remote is not null;
create index more_kind on app.bookings (kind, booked) include (amount);
create index more_hash on app.accounts using hash (holder);
