import { ownSchema } from '../catalog/scope.ts'

/** A condition: the object of `oid` in the system catalog `classid` is no part of an extension. */
export function notOfExtension(classid: string, oid: string): string {
  return `not exists (
    select from pg_catalog.pg_depend x where x.classid = '${classid}'::regclass and x.objid = ${oid} and x.deptype = 'e'
  )`
}

/** pg_class `c` with schema `n`, of the kinds given, extensions' own left out. */
export function relation(kinds: string): string {
  return `pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and ${ownSchema('n.nspname')}
      and c.relkind in (${[...kinds].map((kind) => `'${kind}'`).join(', ')}) and ${notOfExtension('pg_class', 'c.oid')}`
}

/** A privilege list as sorted text; the owner's implicit one where it was never changed. */
export function acl(list: string, kind: string, owner: string): string {
  return `(
    select coalesce(string_agg(item::text, ' ' order by item::text collate "C"), '')
    from unnest(coalesce(${list}, acldefault('${kind}', ${owner}))) item
  )`
}
