/** Tables and what hangs on them. */
import { relation } from './scope.ts'

const tables = relation('rpvmf')
const name = "format('%I.%I', n.nspname, c.relname)"

export const tableLines = [
  `select format('relation %s kind=%s owner=%s rls=%s force=%s persistence=%s replica=%s options=%s partition=%s key=%s', ${name}, c.relkind,
      pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.relreplident,
      coalesce(c.reloptions::text, ''), coalesce(pg_get_expr(c.relpartbound, c.oid), ''),
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) else '' end)
    from ${tables}`,
  `select format('inherits %s from %s at %s', ${name}, i.inhparent::regclass, i.inhseqno)
    from ${tables} join pg_catalog.pg_inherits i on i.inhrelid = c.oid`,
  // Place among the columns that are left: a dropped column leaves a gap that no one can see.
  `select format('column %s %s %I %s null=%s default=%s identity=%s generated=%s collation=%s statistics=%s options=%s', ${name},
      lpad((row_number() over (partition by c.oid order by a.attnum))::text, 4, '0'), a.attname, format_type(a.atttypid, a.atttypmod),
      not a.attnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attidentity, a.attgenerated,
      coalesce(o.collname, ''), coalesce(nullif(a.attstattarget, -1)::text, ''), coalesce(a.attoptions::text, ''))
    from ${tables}
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_catalog.pg_collation o on o.oid = a.attcollation`,
  `select format('constraint %s %I %s valid=%s', ${name}, o.conname, pg_get_constraintdef(o.oid), o.convalidated)
    from ${tables} join pg_catalog.pg_constraint o on o.conrelid = c.oid and o.contype <> 't'`,
  `select format('index %s %s valid=%s ready=%s clustered=%s replica=%s', ${name}, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready,
      i.indisclustered, i.indisreplident)
    from ${tables} join pg_catalog.pg_index i on i.indrelid = c.oid`,
  `select format('policy %s %I permissive=%s command=%s roles=%s using=%s check=%s', ${name}, p.polname, p.polpermissive, p.polcmd,
      array(select coalesce(r.rolname::text, 'public') from unnest(p.polroles) k (oid)
        left join pg_catalog.pg_roles r on r.oid = k.oid order by 1),
      coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))
    from ${tables} join pg_catalog.pg_policy p on p.polrelid = c.oid`,
  `select format('trigger %s %s enabled=%s', ${name}, pg_get_triggerdef(t.oid), t.tgenabled)
    from ${tables} join pg_catalog.pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal`,
  `select format('rule %s %s', ${name}, pg_get_ruledef(r.oid))
    from ${tables} join pg_catalog.pg_rewrite r on r.ev_class = c.oid`,
  `select format('statistics %s', pg_get_statisticsobjdef(s.oid))
    from ${tables} join pg_catalog.pg_statistic_ext s on s.stxrelid = c.oid`,
  `select format('sequence %s type=%s start=%s min=%s max=%s increment=%s cycle=%s cache=%s owned=%s', ${name}, s.seqtypid::regtype,
      s.seqstart, s.seqmin, s.seqmax, s.seqincrement, s.seqcycle, s.seqcache, coalesce((
        select format('%s.%I', d.refobjid::regclass, a.attname) from pg_catalog.pg_depend d
        join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0
      ), ''))
    from ${relation('S')} join pg_catalog.pg_sequence s on s.seqrelid = c.oid`,
]
