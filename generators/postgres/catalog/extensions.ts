export const extensionsQuery = `
  select e.extname as name, n.nspname as schema
  from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  order by e.extname collate "C"`
