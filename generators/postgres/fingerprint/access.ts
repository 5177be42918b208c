/** Who may do what, and comments. */
import { ownSchema } from '../catalog/scope.ts'
import { acl, notOfExtension, relation } from './scope.ts'

const name = "format('%I.%I', n.nspname, c.relname)"

export const accessLines = [
  `select format('privileges relation %s %s', ${name},
      case when c.relkind = 'S' then ${acl('c.relacl', 's', 'c.relowner')} else ${acl('c.relacl', 'r', 'c.relowner')} end)
    from ${relation('rpvmfS')}`,
  `select format('privileges column %s.%I %s', ${name}, a.attname, ${acl('a.attacl', 'c', 'c.relowner')})
    from ${relation('rpvmf')} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attacl is not null and not a.attisdropped
    where a.attacl <> '{}'`,
  `select format('privileges schema %I %s', n.nspname, ${acl('n.nspacl', 'n', 'n.nspowner')})
    from pg_catalog.pg_namespace n where ${ownSchema('n.nspname')}`,
  `select format('privileges function %s %s', p.oid::regprocedure, ${acl('p.proacl', 'f', 'p.proowner')})
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace and ${ownSchema('n.nspname')}
    where ${notOfExtension('pg_proc', 'p.oid')}`,
  `select format('privileges type %s %s', t.oid::regtype, ${acl('t.typacl', 'T', 't.typowner')})
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace and ${ownSchema('n.nspname')}
    where t.typacl is not null`,
  `select format('default privileges role=%s schema=%s object=%s %s', pg_get_userbyid(d.defaclrole), coalesce(n.nspname, ''), d.defaclobjtype,
      (select coalesce(string_agg(item::text, ' ' order by item::text collate "C"), '') from unnest(d.defaclacl) item))
    from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace`,
  // The catalog of an object is part of its address; pg_identify_object names it without an OID.
  `select format('comment %s %s: %s', i.type, i.identity, d.description)
    from pg_catalog.pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    where d.objoid >= 16384 and coalesce(${ownSchema('i.schema')}, true)
      and not exists (
        select from pg_catalog.pg_depend x where x.classid = d.classoid and x.objid = d.objoid and x.deptype = 'e'
      )`,
  `select format('role %I superuser=%s inherit=%s createrole=%s createdb=%s login=%s replication=%s bypassrls=%s settings=%s', r.rolname,
      r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, coalesce(r.rolconfig::text, ''))
    from pg_catalog.pg_roles r where r.rolname !~ '^pg_'`,
  `select format('member %I of %I admin=%s', m.rolname, g.rolname, x.admin_option)
    from pg_catalog.pg_auth_members x
    join pg_catalog.pg_roles m on m.oid = x.member join pg_catalog.pg_roles g on g.oid = x.roleid
    where m.rolname !~ '^pg_'`,
]
