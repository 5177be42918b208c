create index more_brin on app.readings using brin (measured_at) with (pages_per_range = 32);
create index more_batch on app.readings using brin (batch);
create index more_quality on app.readings (quality) where quality is not null;
