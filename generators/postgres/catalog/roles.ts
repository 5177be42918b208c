export const rolesQuery = `
  select rolname as name, rolsuper as superuser, rolbypassrls as "bypassRowSecurity", rolcanlogin as login
  from pg_catalog.pg_roles
  where rolname !~ '^pg_'
  order by rolname collate "C"`
