/** What a view is, read from the catalog: whose rights it reads with, whose it is, its columns, who holds what. */
import type { Plan } from '../../../design/plan.ts'
import type { Session } from '../../../postgres/session.ts'
import { qualified } from '../../../sql/identifier.ts'
import { arrayText } from '../../fixtures/value-text.ts'

/** One sentence for each thing that is too much, or not the view of the design. Views that are not there yet are left out. */
export async function viewFaults(session: Session, plan: Plan): Promise<string[]> {
  if (plan.views.length === 0) return []
  const { rows } = await session.query<FoundView>(query, [arrayText(plan.views.map(({ view }) => qualified(view)))])
  return plan.views.flatMap(({ view }) => {
    const name = qualified(view)
    const found = rows.find((row) => row.name === name)
    if (!found) return []
    const wanted = view.columns.map((column) => column.name)
    return [
      ...(found.isInvoker ? [] : [`${name} runs with the rights of its owner: security_invoker is not set`]),
      ...(found.isOwnersTables ? [] : [`${name} belongs to ${found.owner}, who does not run migrations`]),
      ...(found.columns.join() === wanted.join() ? [] : [`${name} has the columns ${found.columns.join(', ')} instead of ${wanted.join(', ')}`]),
      ...found.rights.filter(({ role, privilege }) => !(privilege === 'SELECT' && view.roles.some((known) => known === role))).map(({ role, privilege }) => `${role} holds ${privilege} on ${name}`),
    ]
  })
}

interface FoundView {
  name: string
  isInvoker: boolean
  isOwnersTables: boolean
  owner: string
  columns: string[]
  rights: { role: string; privilege: string }[]
}

const query = `
  select name, coalesce((select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false) as "isInvoker",
    c.relowner = 'postgres'::regrole as "isOwnersTables", c.relowner::regrole::text as owner,
    (select coalesce(json_agg(attname order by attnum), '[]') from pg_attribute where attrelid = c.oid and attnum > 0) as columns,
    (select coalesce(json_agg(json_build_object('role', role, 'privilege', privilege_type) order by role, privilege_type), '[]') from (
      select distinct case when grantee = 0 then 'public' else grantee::regrole::text end as role, privilege_type
      from (select (aclexplode(c.relacl)).* union all select (aclexplode(attacl)).* from pg_attribute where attrelid = c.oid and attacl is not null) as held
      where grantee <> c.relowner
    ) as held) as rights
  from unnest($1::text[]) as name join pg_class c on c.oid = to_regclass(name)`
