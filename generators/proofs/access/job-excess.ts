/** What the roles of background jobs hold, read from the catalog and held against the spec both ways: rights, policies, attributes, who may become them. */
import type { JobPlan, Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

interface Held {
  role: string
  strong: boolean
  rights: string[]
  policies: { table: string; name: string; command: string; roles: string[] }[]
  memberOf: string[]
  members: string[]
}

/** One sentence for each difference. A role that an earlier design made may hold more, on tables that this design does not name. */
export async function jobExcess(session: Session, plan: Plan): Promise<string[]> {
  if (plan.jobs.length === 0) return []
  const { rows } = await session.query<Held>(query, [arrayText(plan.jobs.map(({ job }) => job.role))])
  return plan.jobs.flatMap((planned) => {
    const found = rows.find(({ role }) => role === planned.job.role)
    return found ? differences(planned, found, plan) : [`the role ${planned.job.role} is not there`]
  })
}

function differences(planned: JobPlan, found: Held, plan: Plan): string[] {
  const { role, grantTo, exists } = planned.job
  const own = new Set([...plan.tables.map(({ table }) => qualified(table)), ...planned.tables.map(({ access }) => qualified(access.table))])
  const isOurs = (table: string) => !exists || own.has(table)
  const rights = rightsOf(planned)
  const policies = planned.tables.flatMap(({ access, policies: list }) => list.map(({ name, command }) => `${qualified(access.table)} ${name} ${command}`))
  const held = found.rights.filter((right) => isOurs(right.slice(0, right.indexOf(' '))))
  const heldPolicies = found.policies.filter(({ table }) => isOurs(table))
  return [
    ...(found.strong ? [`the role ${role} may log in past row level security or make roles`] : []),
    ...held.filter((right) => !rights.includes(right)).map((right) => `${role} holds a right that the spec does not give: ${right}`),
    ...rights.filter((right) => !held.includes(right)).map((right) => `${role} lacks a right that the spec gives: ${right}`),
    ...heldPolicies.filter(({ table, name, command }) => !policies.includes(`${table} ${name} ${command}`)).map(({ table, name }) => `the policy ${name} on ${table} speaks to ${role}, and the spec has none of that name`),
    ...heldPolicies.filter(({ table, name, command, roles }) => policies.includes(`${table} ${name} ${command}`) && roles.length > 1).map(({ table, name, roles }) => `the policy ${name} on ${table} is for ${role} alone, and speaks to ${roles.filter((other) => other !== role).join(', ')} as well`),
    ...policies.filter((policy) => !heldPolicies.some(({ table, name, command }) => policy === `${table} ${name} ${command}`)).map((policy) => `no policy for ${role}: ${policy}`),
    ...found.memberOf.map((other) => `${role} may do what ${other} may`),
    ...found.members.filter((member) => !grantTo.includes(member) && (!exists || clients.includes(member))).map((member) => `${member} may become ${role}`),
    ...grantTo.filter((member) => !found.members.includes(member)).map((member) => `${member} may not become ${role}`),
  ]
}

const clients = ['anon', 'authenticated']

/** `core.shows SELECT`, `core.shows UPDATE (title)`. */
export function rightsOf({ tables }: JobPlan): string[] {
  return tables.flatMap(({ access }) =>
    access.rights.flatMap(({ verb, columns }) => {
      const right = `${qualified(access.table)} ${verb.toUpperCase()}`
      return columns === null ? [right] : columns.map((column) => `${right} (${column})`)
    }),
  )
}

// `postgres` makes the roles, and becomes them in the proofs.
const query = `
  select r.rolname as role, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as strong,
    (select coalesce(jsonb_agg(line order by line), '[]') from (
      select format('%I.%I %s', n.nspname, c.relname, privilege_type) as line
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) where grantee = r.oid
      union all
      select format('%I.%I %s (%s)', n.nspname, c.relname, privilege_type, attname)
      from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = c.relnamespace, aclexplode(attacl) where grantee = r.oid
    ) as held) as rights,
    (select coalesce(jsonb_agg(jsonb_build_object('table', format('%I.%I', n.nspname, c.relname), 'name', polname,
        'command', case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        'roles', (select jsonb_agg(case when one = 0 then 'public' else one::regrole::text end) from unnest(polroles) as one)) order by polname), '[]')
      from pg_policy join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = c.relnamespace where r.oid = any (polroles)) as policies,
    (select coalesce(jsonb_agg(g.rolname order by g.rolname), '[]') from pg_auth_members join pg_roles g on g.oid = roleid where member = r.oid) as "memberOf",
    (select coalesce(jsonb_agg(distinct m.rolname), '[]') from pg_auth_members join pg_roles m on m.oid = member where roleid = r.oid and m.rolname <> 'postgres' and not m.rolsuper) as members
  from pg_roles r where r.rolname = any ($1::text[]) order by 1`
