import { ownSchema } from './scope.ts'

// Aggregates have no definition that could be printed. Functions of extensions are part of what a schema can call.
export const functionsQuery = `
  select n.nspname as schema, p.proname as name,
    pg_get_function_identity_arguments(p.oid) as arguments,
    coalesce(pg_get_function_result(p.oid), 'void') as returns,
    l.lanname as language,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
    p.prosecdef as "securityDefiner",
    coalesce(p.proconfig, '{}') as settings,
    coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as body,
    pg_get_functiondef(p.oid) as definition
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${ownSchema('n.nspname')}
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.prokind <> 'a'
  order by n.nspname collate "C", p.proname collate "C", 3`
