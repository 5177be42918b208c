/**
 * Sends many requests in one round trip. Each runs as the caller, in a block of its own that is always rolled back, and
 * gives error or row count, the keys that came back, and the rows as the owner of the table sees them afterwards.
 */
import type { Session } from '../../postgres/session.ts'
import { literal } from '../../sql/literal.ts'
import type { Identity } from './identity.ts'

export interface Request {
  identity: Identity
  sql: string
  /** Run by the owner of the table before it, and undone after it. The sender's affair: requests with the same share it. */
  setup?: string
  /** Columns of the answer that make up a row's key; null when nothing comes back. */
  keys: readonly string[] | null
  /** Read the table afterwards: when rows were affected, or in any case, because a trigger or function may do the work. */
  readsState: 'never' | 'affected' | 'always'
}

export interface Outcome {
  /** SQLSTATE; null when the request went through. */
  code: string | null
  message: string | null
  count: number
  keys: string[]
  /** Key → version, owner, tenant and deletion of every row; null when it was not read, because nothing can have changed. */
  state: Record<string, RowState> | null
}

export interface RowState {
  version: string
  owner: string | null
  tenant: string | null
  deleted: boolean
}

/** Creates the runner in the session's temporary schema. */
export async function installRunner(session: Session): Promise<void> {
  await session.query(runner)
}

/** The outcomes in the order of the requests. `stateQuery` gives one row `(key, version, owner, tenant, deleted)` per row. */
export async function run(session: Session, requests: readonly Request[], stateQuery: string): Promise<Outcome[]> {
  const items = requests.map(({ identity, sql, keys, readsState }) => ({ role: identity.caller.role, claims: identity.claims, sql, keys, state: readsState }))
  const { rows } = await session.query<{ outcomes: Outcome[] }>(`select pg_temp.access_requests(${literal(JSON.stringify(items))}::jsonb, ${literal(stateQuery)}) as outcomes`)
  return rows[0]?.outcomes ?? []
}

// The block ends by raising its outcome: that undoes what the request did, the role and the claims.
const runner = `
  create function pg_temp.access_requests(requests jsonb, state_query text) returns jsonb language plpgsql as $$
  declare
    request jsonb; answer record; found_keys jsonb; affected bigint; state jsonb; outcome jsonb; outcomes jsonb[] := '{}';
  begin
    for request in select value from jsonb_array_elements(requests) loop
      found_keys := '[]'; affected := 0; state := null;
      begin
        if request ->> 'claims' is not null then
          perform set_config('request.jwt.claims', request ->> 'claims', true);
        end if;
        perform set_config('role', request ->> 'role', true);
        if jsonb_typeof(request -> 'keys') = 'array' then
          for answer in execute request ->> 'sql' loop
            affected := affected + 1;
            found_keys := found_keys || to_jsonb((
              select string_agg(to_jsonb(answer) ->> name, '|' order by place)
              from jsonb_array_elements_text(request -> 'keys') with ordinality as k(name, place)));
          end loop;
        else
          execute request ->> 'sql';
          get diagnostics affected = row_count;
        end if;
        perform set_config('role', 'none', true);
        if request ->> 'state' = 'always' or (request ->> 'state' = 'affected' and affected > 0) then
          execute 'select coalesce(jsonb_object_agg(key, to_jsonb(s) - ''key''), ''{}'') from (' || state_query || ') as s' into state;
        end if;
        raise exception using errcode = 'TRR01', message =
          jsonb_build_object('code', null, 'message', null, 'count', affected, 'keys', found_keys, 'state', state)::text;
      exception
        when sqlstate 'TRR01' then outcome := sqlerrm::jsonb;
        when others then
          outcome := jsonb_build_object('code', sqlstate, 'message', sqlerrm, 'count', 0, 'keys', '[]'::jsonb, 'state', null);
      end;
      outcomes := outcomes || outcome;
    end loop;
    return to_jsonb(outcomes);
  end $$`
