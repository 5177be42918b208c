/** Rights that no row level security limits, and that no client may hold. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

/** One sentence for each right that is too much. */
export async function excessPrivileges(session: Session, plan: Plan): Promise<string[]> {
  const tables = plan.tables.map(({ table }) => qualified(table))
  const { rows } = await session.query<{ role: string; name: string; privilege: string }>(
    `select role, name, privilege
     from unnest($1::text[]) as name
     cross join unnest(array['anon', 'authenticated']) as role
     cross join unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER'] || case when current_setting('server_version_num')::int >= 170000 then array['MAINTAIN'] else '{}' end) as privilege
     where has_table_privilege(role, name, privilege)
     order by name, role, privilege`,
    [arrayText(tables)],
  )
  return rows.map(({ role, name, privilege }) => `${role} holds ${privilege} on ${name}`)
}
