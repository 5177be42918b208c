/** Types that a column can have: those of pg_catalog too, without arrays, pseudo types and the row types of tables. */

// Which type's default btree class serves `=`: a domain's base, text for varchar, the polymorphic one for enums and ranges.
// Whether a planner may use it below a row security barrier is a property of that operator's function.
export const typesQuery = `
  select n.nspname as schema, t.typname as name,
    case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' when 'r' then 'range' else 'base' end as kind,
    array(select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels,
    coalesce((
      select f.proleakproof
      from pg_catalog.pg_opclass o
      join pg_catalog.pg_am m on m.oid = o.opcmethod and m.amname = 'btree'
      join pg_catalog.pg_amop p on p.amopfamily = o.opcfamily and p.amoplefttype = o.opcintype and p.amoprighttype = o.opcintype
        and p.amopstrategy = 3
      join pg_catalog.pg_operator q on q.oid = p.amopopr
      join pg_catalog.pg_proc f on f.oid = q.oprcode
      where o.opcdefault and o.opcintype = case
        when b.typtype = 'e' then 'anyenum'::regtype::oid
        when b.typtype = 'r' then 'anyrange'::regtype::oid
        when b.typtype = 'm' then 'anymultirange'::regtype::oid
        when b.typtype = 'c' then 'record'::regtype::oid
        when b.typcategory = 'A' then 'anyarray'::regtype::oid
        when b.oid = 'varchar'::regtype then 'text'::regtype::oid
        else b.oid end
    ), false) as "leakproofEquality"
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(toast|temp)'
  join lateral (
    with recursive base (oid, next) as (
      select t.oid, t.typbasetype
      union all
      select d.oid, d.typbasetype from base join pg_catalog.pg_type d on d.oid = base.next
    )
    select y.oid, y.typtype, y.typcategory from base join pg_catalog.pg_type y on y.oid = base.oid where base.next = 0
  ) b on true
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typtype in ('b', 'e', 'd', 'c', 'r') and (t.typcategory <> 'A' or t.typtype = 'd') and (c.oid is null or c.relkind = 'c')
    and (n.nspname <> 'pg_catalog' or t.typtype <> 'c')
  order by n.nspname collate "C", t.typname collate "C"`
