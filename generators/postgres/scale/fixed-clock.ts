/** `now()` of a query that is planned, so that "the last week" is the last week of the statistics, whatever the day is. */
import { instant } from '../../planner/scale/spread.ts'
import { literal } from '../../sql/literal.ts'
import type { Session } from '../session.ts'

/** Found before `pg_catalog` where the search path says so; missing schemas are passed over. */
export const clockSchema = 'trr_db_clock'

/** In a database that is only planned in. Event triggers of the repository need not know. `current_timestamp` stays the server's. */
export async function stopClock(session: Session): Promise<void> {
  await session.query(`
    set session_replication_role = replica;
    create schema if not exists ${clockSchema};
    create or replace function ${clockSchema}.now() returns timestamptz language sql immutable as ${literal(`select timestamptz '${new Date(instant).toISOString()}'`)};
    grant usage on schema ${clockSchema} to public;
    grant execute on function ${clockSchema}.now() to public;
    reset session_replication_role`)
}
