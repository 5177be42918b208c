/** What a call came to, as text that a person can read: the change of who belongs where, or how it was refused. Runs in the proof and in the pgTAP file. */
import { invitationColumns } from '../../../design/reading/tenancy/invitation-tables.ts'
import type { OrganizationTenancy } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { literal } from '../../../sql/literal.ts'

/** Texts of outcomes that are no message of the design's own. */
export const outcomes = { notCallable: 'no right to', nothing: 'nothing changed' } as const

/** Temporary tables and functions. `pg_temp.acted(steps)` sends the steps as their callers, one behind another, and takes everything back. */
export function actingScript(tenancy: OrganizationTenancy, titles: ReadonlyMap<string, string>): string[] {
  return [
    'create temporary table acting_titles (id text primary key, title text not null)',
    `insert into acting_titles values ${[...titles].map(([id, title]) => `(${literal(id)}, ${literal(title)})`).join(', ')}`,
    `create function pg_temp.acting_state() returns setof text language sql as $$\n${stateQuery(tenancy)}\n$$`,
    'create temporary table acting_before as select line from pg_temp.acting_state() as line',
    acted,
  ]
}

/** One line for each organisation, membership and invitation; `linesOf` says the same of the model. */
function stateQuery({ organizations, organizationKey, organizationDeleted, memberships, functions }: OrganizationTenancy): string {
  const columns = invitationColumns({ memberships })
  const title = (expression: string) => `(select title from pg_temp.acting_titles where id = ${expression}::text)`
  const organization = (alias: string) => `coalesce(${title(`${alias}.${ident(memberships.organization)}`)}, 'a new one')`
  return [
    `  select coalesce(${title(`one.${ident(organizationKey)}`)}, 'a new one') || case when one.${ident(organizationDeleted ?? 'deleted_at')} is null then ' is open' else ' is deleted' end from ${qualified(organizations)} as one`,
    '  union all',
    `  select concat(coalesce(${title(`one.${ident(memberships.user)}`)}, 'somebody'), ' is ', one.${ident(columns.role)}, ' in ', ${organization('one')}) from ${qualified(memberships.table)} as one`,
    ...(functions?.invitations
      ? [
          '  union all',
          `  select concat(coalesce(one.${ident(columns.email)}, ${title(`one.${ident(columns.user)}`)}, 'whoever'), ' is invited to ', ${organization('one')}, ' as ', one.${ident(columns.role)}, ' by ', case when one.${ident(columns.inviter)} is null then 'the service' else ${title(`one.${ident(columns.inviter)}`)} end,`,
          `    case when one.${ident(columns.expires)} = now() + interval ${literal(functions.invitations.expires.text)} then ' from now' when one.${ident(columns.expires)} > now() then '' else ', expired' end) from ${qualified(functions.invitations.table)} as one`,
        ]
      : []),
  ].join('\n')
}

const acted = `create function pg_temp.acted(steps jsonb) returns text language plpgsql as $$
declare
  step jsonb;
  answer text;
  changes text;
begin
  for step in select value from jsonb_array_elements(steps) loop
    if step ->> 'claims' is not null then
      perform set_config('request.jwt.claims', step ->> 'claims', true);
    end if;
    perform set_config('role', step ->> 'role', true);
    execute step ->> 'sql' into answer using answer;
    perform set_config('role', 'none', true);
  end loop;
  with now as materialized (select line from pg_temp.acting_state() as line)
  select string_agg(line, '; ' order by line collate "C") into changes from (
    (select '+ ' || line as line from now except all select '+ ' || line from pg_temp.acting_before)
    union all
    (select '- ' || line from pg_temp.acting_before except all select '- ' || line from now)
  ) as change;
  raise exception using errcode = 'TRR02', message = coalesce(changes, '${outcomes.nothing}');
exception
  when sqlstate 'TRR02' then return sqlerrm;
  when insufficient_privilege then return case when sqlerrm like 'permission denied%' then '${outcomes.notCallable}' else sqlerrm end;
  when check_violation then return sqlerrm;
  when others then return sqlstate;
end
$$`
