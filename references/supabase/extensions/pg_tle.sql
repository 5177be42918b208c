-- schema: pgtle
-- Stands for pg_tle: an extension that is installed through it is not there afterwards.
create function pgtle.install_extension(name text, version text, description text, ext text, requires text[] default null, schema text default null)
returns boolean language sql as 'select true';
create function pgtle.install_update_path(name text, fromvers text, tovers text, ext text) returns boolean language sql as 'select true';
create function pgtle.set_default_version(name text, version text) returns boolean language sql as 'select true';
create function pgtle.uninstall_extension(extname text) returns boolean language sql as 'select true';
create function pgtle.uninstall_extension(extname text, version text) returns boolean language sql as 'select true';
create function pgtle.uninstall_extension_if_exists(extname text) returns boolean language sql as 'select true';
grant usage on schema pgtle to postgres with grant option;
