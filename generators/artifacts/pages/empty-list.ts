/** What to ask when somebody sees nothing: row level security filters in silence. Every block runs as role `postgres`. */
import type { Plan, TablePlan } from '../../design/plan.ts'
import type { TableSpec } from '../../design/spec.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import { code, fence } from './markdown.ts'
import { claimsOf } from './staging-explain.ts'
import { sampleValues } from './sample-values.ts'
import { nameOf } from '../../planner/table-indexes.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

export interface Step {
  title: string
  says: string
  sql: string
}

/** In the order in which they are worth asking. */
export function emptyListSteps(plan: Plan): Step[] {
  const readable = plan.tables.filter((table) => table.policies.some((policy) => policy.command === 'select'))
  const client = readable.find((table) => table.table.kind === 'row') ?? readable[0]
  return client ? [asTheCaller(client, plan), ...membership(plan), ...deciding(plan), ...hiddenRows(client)] : []
}

function asTheCaller(planned: TablePlan, plan: Plan): Step {
  const role = planned.policies.some((policy) => policy.command === 'select' && policy.roles.includes('authenticated')) ? 'authenticated' : 'anon'
  return {
    title: 'Is it the policy?',
    says: `${plan.spec.tenancy.model === 'tenant_column' ? `Put the id and the tenant of the user in; a token without ${code(plan.spec.tenancy.claim.join('.'))} passes nothing.` : 'Put the id of the user in.'} \`permission denied\` is a missing grant; a count is what the policy lets through. Both switches are shown after it.`,
    sql: fence(
      'sql',
      [
        'begin;',
        `select set_config('request.jwt.claims', ${literal(claimsOf(role, plan.spec) ?? '{}')}, true);`,
        `set local role ${role};`,
        `select count(*) from ${nameOf(planned.table)};`,
        'rollback;',
        '',
        `select has_table_privilege(${literal(role)}, ${literal(nameOf(planned.table))}, 'select') as granted,`,
        `       (select relrowsecurity from pg_class where oid = ${literal(nameOf(planned.table))}::regclass) as row_security;`,
      ].join('\n'),
    ),
  }
}

function membership({ spec, tables }: Plan): Step[] {
  const { tenancy } = spec
  if (tenancy.model !== 'organization' || !tables.some((table) => table.table.tenantColumn !== null)) return []
  const { table: memberships, user, organization, role, where } = tenancy.memberships
  const deleted = tenancy.organizationDeleted
  const columns = [
    `m.${ident(organization)}`,
    ...(role === null ? [] : [`m.${ident(role)}`]),
    ...(deleted === null ? [] : [`o.${ident(deleted)} as organization_deleted`]),
    ...(where === null ? [] : ['m.ctid in (select ctid from active) as active']),
  ]
  return [
    {
      title: 'Is the user a member?',
      says: `One row for each organisation that ${code(nameOf(memberships))} gives the user. None: not a member.${where ? ' `active` false: the membership does not count.' : ''}${deleted ? ' A date in `organization_deleted`: its members get nothing.' : ''} Roles from weak to strong: ${tenancy.roles.join(', ')}.`,
      sql: fence(
        'sql',
        [
          ...(where === null ? [] : [`with active as (select ctid from ${nameOf(memberships)} where ${where})`]),
          `select ${columns.join(', ')}`,
          `from ${nameOf(memberships)} as m`,
          ...(deleted === null ? [] : [`join ${nameOf(tenancy.organizations)} as o on o.${ident(tenancy.organizationKey)} = m.${ident(organization)}`]),
          `where m.${ident(user)} = ${literal(nobody)};`,
        ].join('\n'),
      ),
    },
  ]
}

/** Rows that follow others are hidden with them: what the helpers of the policies return, for the user. */
function deciding(plan: Plan): Step[] {
  const claims = `select set_config('request.jwt.claims', ${literal(claimsOf('authenticated', plan.spec) ?? '{}')}, true);`
  const helpers = plan.functions.filter(({ kind, name }) => kind === 'policy helper' && /_(select|owner|shared|tenant)_keys$/.test(name.name))
  const existing = plan.tables.flatMap(({ table: { access } }) => (access.via?.existing ? [access.via] : []))
  const levels = (argumentTypes: string, name: string) => {
    if (argumentTypes === '') return ''
    const shared = plan.spec.tables.find((table) => name === `${table.name}_shared_keys`)?.access.shares?.levels[0]
    return literal(shared ?? (plan.spec.tenancy.model === 'organization' ? (plan.spec.tenancy.roles[0] ?? '') : ''))
  }
  const selects = [
    ...helpers.map(({ name, argumentTypes }) => `select * from ${nameOf(name)}(${levels(argumentTypes, name.name)});`),
    ...(existing.length > 0 ? ['set local role authenticated;'] : []),
    ...new Set(existing.map(({ key, references }) => `select ${ident(key)} from ${nameOf(references)};`)),
  ]
  if (selects.length === 0) return []
  return [
    {
      title: 'Does the row that decides pass?',
      says: 'The keys of rows that decide about others, as far as the user may reach them. A row that follows one is visible when its key is here.',
      sql: fence('sql', ['begin;', claims, ...selects, 'rollback;'].join('\n')),
    },
  ]
}

/** Of one tenant or one owner: a table may be large. */
function scope(table: TableSpec): string[] {
  const column = table.columns.find(({ name }) => name === (table.tenantColumn ?? table.ownerColumn))
  if (!column) return [`from ${nameOf(table)};`]
  const [value = ''] = sampleValues([{ column: column.name, type: column.type, role: 'equal' }])
  return [`from ${nameOf(table)}`, `where ${ident(column.name)} = ${value};`]
}

/** Rows that are there and that clients do not see. */
function hiddenRows({ table }: TablePlan): Step[] {
  const hidden = [...(table.softDelete === 'none' ? [] : ['deleted_at is not null']), ...[...new Set([table.access.where.own, table.access.where.any])].filter((where) => where !== null).map((where) => `not (${where})`)]
  if (hidden.length === 0) return []
  return [
    {
      title: 'Are the rows hidden from clients?',
      says: `Rows of ${code(nameOf(table))} that no client reads, counted by reason.`,
      sql: fence('sql', [`select ${hidden.map((condition, place) => `count(*) filter (where ${condition}) as ${['hidden', 'hidden_too', 'hidden_as_well'][place] ?? 'hidden_otherwise'}`).join(',\n       ')}`, ...scope(table)].join('\n')),
    },
  ]
}
