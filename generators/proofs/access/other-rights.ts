import type { Plan } from '../../design/plan.ts'
import { existingJobTables } from '../../planner/jobs.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

/** What decides who reaches the views and objects of a design, and what its background jobs reach, as one text: equal texts give equal answers where the tables have the same rights. */
export async function otherRightsText(session: Session, plan: Plan): Promise<string> {
  const { rows } = await session.query<{ text: string }>(query, [arrayText(plan.views.map(({ view }) => qualified(view))), arrayText(plan.jobs.map(({ job }) => job.role)), arrayText(existingJobTables(plan.jobs).map(qualified)), plan.buckets.length > 0])
  return rows[0]?.text ?? ''
}

const query = `
  with lines as (
    select format('view %s: %s %s %s %s', c.oid::regclass, c.relowner::regrole, c.reloptions,
      (select string_agg(item::text, ' ' order by item::text) from unnest(c.relacl) as item), pg_get_viewdef(c.oid)) as line
    from unnest($1::text[]) as name join pg_class c on c.oid = to_regclass(name)
    union all
    select format('role %s: %s %s %s', rolname, rolsuper, rolbypassrls, rolcreaterole) from pg_roles where rolname = any ($2::text[])
    union all
    select format('member %s of %s', m.rolname, g.rolname) from pg_auth_members join pg_roles m on m.oid = member join pg_roles g on g.oid = roleid
    where m.rolname = any ($2::text[]) or g.rolname = any ($2::text[])
    union all
    select format('%s of %s on %s', privilege_type, r.rolname, c.oid::regclass) from pg_class c, aclexplode(relacl) join pg_roles r on r.oid = grantee where r.rolname = any ($2::text[])
    union all
    select format('%s of %s on %s.%s', privilege_type, r.rolname, attrelid::regclass, attname) from pg_attribute, aclexplode(attacl) join pg_roles r on r.oid = grantee where r.rolname = any ($2::text[])
    union all
    select format('policy %s on %s: %s %s %s using (%s) with check (%s)', polname, polrelid::regclass, polcmd, polpermissive,
      (select string_agg(case when role = 0 then 'public' else role::regrole::text end, ' ' order by role) from unnest(polroles) as role), pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy where polrelid in (select name::regclass from unnest($3::text[]) as name)
    union all
    select format('policy %s on objects: %s %s %s using (%s) with check (%s)', polname, polcmd, polpermissive,
      (select string_agg(role::regrole::text, ' ' order by role::regrole::text) from unnest(polroles) as role),
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy where $4::boolean and polrelid = to_regclass('storage.objects')
  )
  select coalesce(string_agg(line, E'\\n' order by line), '') as text from lines`
