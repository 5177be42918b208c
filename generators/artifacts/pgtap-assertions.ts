/** pgTAP assertions as SQL expressions, each with a name that tells the person what is wrong. */
import type { FunctionPlan, PolicyPlan, TablePlan } from '../design/plan.ts'
import { qualified } from '../sql/identifier.ts'
import { literal, literalList } from '../sql/literal.ts'

const apiRoles = ['anon', 'authenticated', 'service_role'] as const

/** Row level security, policies, privileges of the table and of every column. */
export function tableAssertions(plan: TablePlan, ofJobs: readonly PolicyPlan[]): string[] {
  const policies = [...plan.policies, ...ofJobs]
  const { schema, name } = plan.table
  const at = [literal(schema), literal(name)]
  const label = `${schema}.${name}`
  const call = (assertion: string, rest: string[], says: string) => `${assertion}(${[...at, ...rest, literal(says)].join(', ')})`
  return [
    `ok((select relrowsecurity from pg_catalog.pg_class where oid = ${literal(qualified(plan.table))}::regclass), ${literal(`row level security is on for ${label}`)})`,
    call('policies_are', [nameArray(policies.map((policy) => policy.name))], `${label} has the policies of its design and no other`),
    ...policies.flatMap((policy) => [
      call('policy_cmd_is', [nameOf(policy.name), literal(policy.command)], `policy ${policy.name} is for ${policy.command}`),
      call('policy_roles_are', [nameOf(policy.name), nameArray(policy.roles)], `policy ${policy.name} is for ${policy.roles.join(', ')}`),
    ]),
    ...apiRoles.map((role) => call('table_privs_are', [literal(role), textArray(tablePrivileges(plan, role))], `${role} has exactly the table privileges of the design on ${label}`)),
    ...(['anon', 'authenticated'] as const).map((role) => columnRights(plan, role)),
  ]
}

/** Who may call it, with whose rights it runs. */
export function functionAssertions(plan: FunctionPlan): string[] {
  const types = plan.argumentTypes === '' ? [] : plan.argumentTypes.split(', ')
  const at = [literal(plan.name.schema), literal(plan.name.name), textArray(types)]
  const signature = `${qualified(plan.name)}(${plan.argumentTypes})`
  const isDefiner = /\nsecurity definer\n/.test(plan.definition)
  return [
    ...apiRoles.map(
      (role) =>
        `function_privs_are(${[...at, literal(role), textArray(plan.executableBy.includes(role) ? ['EXECUTE'] : []), literal(`${role} ${plan.executableBy.includes(role) ? 'may' : 'may not'} call ${signature}`)].join(', ')})`,
    ),
    `${isDefiner ? 'is_definer' : 'isnt_definer'}(${[...at, literal(`${signature} runs with the rights of ${isDefiner ? 'its owner' : 'the caller'}`)].join(', ')})`,
  ]
}

/** The rights of the role on every column as one text, so that a failing line names those that differ. */
function columnRights(plan: TablePlan, role: 'anon' | 'authenticated'): string {
  const held = plan.columns.map((column) => ({ column, privileges: columnPrivileges(plan, role, column.name) })).filter(({ privileges }) => privileges.length > 0)
  const expected = held.map(({ column, privileges }) => `${column.name}: ${privileges.toSorted().join(' ')}`).join(', ')
  const found = `select string_agg(format('%s: %s', attname, held), ', ' order by attnum) from (select attname, attnum, string_agg(privilege, ' ' order by privilege) as held from pg_catalog.pg_attribute, unnest(array['INSERT', 'REFERENCES', 'SELECT', 'UPDATE']) as privilege where attrelid = ${literal(qualified(plan.table))}::regclass and attnum > 0 and not attisdropped and has_column_privilege(${literal(role)}, attrelid, attnum, privilege) group by attname, attnum) as rights`
  return `is((${found}), ${held.length === 0 ? 'null' : literal(expected)}, ${literal(`${role} has the rights of the design on each column of ${plan.table.schema}.${plan.table.name}, and no other`)})`
}

function tablePrivileges(plan: TablePlan, role: (typeof apiRoles)[number]): string[] {
  return plan.grants.filter((grant) => grant.role === role).flatMap((grant) => grant.privileges.filter(({ columns }) => columns === null).map(({ verb }) => verb.toUpperCase()))
}

/** A table privilege holds for every column; pgTAP counts both. */
function columnPrivileges(plan: TablePlan, role: 'anon' | 'authenticated', column: string): string[] {
  return plan.grants
    .filter((grant) => grant.role === role)
    .flatMap((grant) => grant.privileges)
    .filter(({ verb, columns }) => verb !== 'delete' && (columns === null || columns.includes(column)))
    .map(({ verb }) => verb.toUpperCase())
}

function nameOf(name: string): string {
  return `${literal(name)}::name`
}

function nameArray(names: readonly string[]): string {
  return `array[${literalList(names)}]::name[]`
}

/** Untyped literals would let Postgres pick another overload. */
function textArray(values: readonly string[]): string {
  return `array[${literalList(values)}]::text[]`
}

