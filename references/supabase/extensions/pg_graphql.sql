-- schema: graphql
-- Stands for pg_graphql: a query answers with an error.
create function graphql.resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql stable as $$
  select jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('message', 'pg_graphql does not run on this server.')))
$$;
grant execute on all functions in schema graphql to postgres, anon, authenticated, service_role;
