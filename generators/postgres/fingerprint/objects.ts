/** What stands beside the tables. */
import { ownSchema } from '../catalog/scope.ts'
import { notOfExtension } from './scope.ts'

export const objectLines = [
  `select format('schema %I owner=%s', n.nspname, pg_get_userbyid(n.nspowner)) from pg_catalog.pg_namespace n where ${ownSchema('n.nspname')}`,
  `select format('function %s owner=%s', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner))
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${ownSchema('n.nspname')}
    where p.prokind <> 'a' and ${notOfExtension('pg_proc', 'p.oid')}`,
  `select format('aggregate %s %s %s', p.oid::regprocedure, a.aggtransfn, a.aggfinalfn)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${ownSchema('n.nspname')}
    join pg_catalog.pg_aggregate a on a.aggfnoid = p.oid
    where ${notOfExtension('pg_proc', 'p.oid')}`,
  `select format('type %I.%I kind=%s owner=%s base=%s null=%s default=%s labels=%s attributes=%s checks=%s', n.nspname, t.typname, t.typtype,
      pg_get_userbyid(t.typowner), case when t.typbasetype <> 0 then format_type(t.typbasetype, t.typtypmod) else '' end,
      not t.typnotnull, coalesce(t.typdefault, ''),
      array(select e.enumlabel from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder),
      array(select format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) from pg_catalog.pg_attribute a
        where c.relkind = 'c' and a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
      array(select format('%I %s', o.conname, pg_get_constraintdef(o.oid)) from pg_catalog.pg_constraint o
        where o.contypid = t.oid order by o.conname))
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${ownSchema('n.nspname')}
    left join pg_catalog.pg_class c on c.oid = t.typrelid
    where t.typtype <> 'p' and (c.oid is null or c.relkind = 'c') and t.typelem = 0 and ${notOfExtension('pg_type', 't.oid')}`,
  `select format('publication %I owner=%s all=%s insert=%s update=%s delete=%s truncate=%s', pubname, pg_get_userbyid(pubowner),
      puballtables, pubinsert, pubupdate, pubdelete, pubtruncate)
    from pg_catalog.pg_publication`,
  `select format('publication %I table %I.%I columns=%s where=%s', pubname, schemaname, tablename, attnames, rowfilter)
    from pg_catalog.pg_publication_tables`,
  `select format('extension %I schema=%I version=%s', e.extname, n.nspname, e.extversion)
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace`,
  `select format('event trigger %I %s %s function=%s enabled=%s tags=%s', evtname, evtevent, pg_get_userbyid(evtowner), evtfoid::regprocedure,
      evtenabled, evttags)
    from pg_catalog.pg_event_trigger`,
  `select format('cast %s as %s context=%s', c.castsource::regtype, c.casttarget::regtype, c.castcontext)
    from pg_catalog.pg_cast c where c.oid >= 16384 and ${notOfExtension('pg_cast', 'c.oid')}`,
]
