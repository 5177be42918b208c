import type { Plan } from '../../design/plan.ts'
import type { ViewSpec } from '../../design/view-spec.ts'
import { viewDefinition } from '../../planner/views.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import { arrayText } from '../fixtures/value-text.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'

/** Views that read with their owner's rights, show other rows, are made anew without their option, or are open to others. */
export async function readViewMutants(session: Session, plan: Plan): Promise<Mutant[]> {
  const { rows } = await session.query<AppliedView>(query, [arrayText(plan.views.map(({ view }) => qualified(view)))])
  return plan.views.flatMap(({ view }) => rows.filter(({ name }) => name === qualified(view)).flatMap((applied) => viewMutants(view, applied)))
}

interface AppliedView {
  name: string
  definition: string
  rights: { role: string; privilege: string }[]
}

function viewMutants(view: ViewSpec, { name, definition, rights }: AppliedView): Mutant[] {
  const mutant = (says: string, effect: Mutant['effect'], sql: string): Mutant => ({ says: `${name}: ${says}`, effect, sql, table: { schema: view.schema, name: view.name }, verbs: ['select'], hint: null, equivalent: null })
  const holds = (role: string, privilege: string) => rights.some((right) => right.role === role && right.privilege === privilege)
  const roles = ['anon', 'authenticated', 'service_role'] as const
  const first = ident(view.columns[0]?.name ?? '')
  return [
    mutant('security_invoker off', 'weakening', `alter view ${name} set (security_invoker = false)`),
    mutant('security_invoker gone', 'weakening', `alter view ${name} reset (security_invoker)`),
    mutant('made anew without its option', 'weakening', `create or replace view ${name} as ${definition}`),
    mutant('one column more', 'weakening', `create or replace view ${name} with (security_invoker = true) as select v.*, 'x'::text as trr_db_mutant from (${definition.replace(/;\s*$/, '')}) as v`),
    ...whereClauses(view.sql).flatMap(({ start, end, predicate }) =>
      mutatePredicate(predicate).map((mutated) => mutant(`where ${mutated.says}`, mutated.effect, viewDefinition(view, `${view.sql.slice(0, start)} ${mutated.predicate} ${view.sql.slice(end)}`, { replace: true }))),
    ),
    ...roles.flatMap((role) => [
      ...['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'].filter((privilege) => !holds(role, privilege)).map((privilege) => mutant(`${privilege} granted to ${role}`, 'weakening', `grant ${privilege} on table ${name} to ${role}`)),
      ...['select', 'insert', 'update'].filter((privilege) => !holds(role, privilege)).map((privilege) => mutant(`${privilege} of ${first} granted to ${role}`, 'weakening', `grant ${privilege} (${first}) on table ${name} to ${role}`)),
    ]),
    mutant('select granted to public', 'weakening', `grant select on table ${name} to public`),
    ...rights.filter(({ privilege }) => privilege === 'select').map(({ role }) => mutant(`select taken from ${role}`, 'restricting', `revoke select on table ${name} from ${role}`)),
  ]
}

const query = `
  select name, pg_get_viewdef(c.oid) as definition,
    (select coalesce(json_agg(json_build_object('role', grantee::regrole::text, 'privilege', lower(privilege_type)) order by grantee, privilege_type), '[]')
      from aclexplode(c.relacl) where grantee::regrole::text in ('anon', 'authenticated', 'service_role')) as rights
  from unnest($1::text[]) as name join pg_class c on c.oid = to_regclass(name)`
