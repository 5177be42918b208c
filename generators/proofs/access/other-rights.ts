import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { arrayText } from '../fixtures/value-text.ts'

/** What decides who reaches the views of a design, as one text: equal texts give equal answers where the tables have the same rights. */
export async function otherRightsText(session: Session, plan: Plan): Promise<string> {
  const { rows } = await session.query<{ text: string }>(query, [arrayText(plan.views.map(({ view }) => qualified(view)))])
  return rows[0]?.text ?? ''
}

const query = `
  with lines as (
    select format('view %s: %s %s %s %s', c.oid::regclass, c.relowner::regrole, c.reloptions,
      (select string_agg(item::text, ' ' order by item::text) from unnest(c.relacl) as item), pg_get_viewdef(c.oid)) as line
    from unnest($1::text[]) as name join pg_class c on c.oid = to_regclass(name)
  )
  select coalesce(string_agg(line, E'\\n' order by line), '') as text from lines`
