/** Candidates as real indexes, out of the planner's sight until they are asked for. */
import { indexTarget } from '../../planner/index-target.ts'
import type { IndexCandidate } from '../../planner/candidates/candidate.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'
import type { Database } from '../database.ts'

/** A candidate that the server could make. */
export interface CreatedCandidate {
  candidate: IndexCandidate
  /** Of the index and, for a table of partitions, those of the partitions. */
  oids: number[]
  names: string[]
}

/**
 * In the order given, which settles ties: of two plans that cost the same the planner takes the index that was made first.
 * What cannot be made is left out: an expression that is not immutable, a type without such an operator class.
 */
export async function createCandidates(database: Database, candidates: readonly IndexCandidate[]): Promise<CreatedCandidate[]> {
  if (candidates.length === 0) return []
  await using session = await database.connect({ user: 'supabase_admin' })
  const name = (place: number) => `trr_db_candidate_${place}`
  const attempts = candidates.map((candidate, place) => `begin execute ${literal(`create index ${ident(name(place))} on ${indexTarget(candidate)}`)}; exception when others then null; end;`)
  // Triggers of the repository on DDL have no business here.
  await session.query(`set session_replication_role = replica; set client_min_messages = warning; do $trr$ begin\n${attempts.join('\n')}\nend $trr$`)
  const { rows } = await session.query<{ name: string; oids: number[]; names: string[] }>(
    `select c.relname as name, array_agg(x.oid::int8::int order by x.oid) as oids, array_agg(x.relname::text order by x.oid) as names
     from pg_catalog.pg_class c cross join lateral (select c.oid union select p.relid from pg_partition_tree(c.oid) p) t (oid) join pg_catalog.pg_class x on x.oid = t.oid
     where c.relkind in ('i', 'I') and c.relname like 'trr\\_db\\_candidate\\_%' group by c.relname`,
  )
  return candidates.flatMap((candidate, place) => {
    const made = rows.find((row) => row.name === name(place))
    return made ? [{ candidate, oids: made.oids, names: made.names }] : []
  })
}

/** The planner passes over an index that is not valid. After the sizes are set: an emptied table makes its indexes valid again. */
export async function hideCandidates(database: Database, created: readonly CreatedCandidate[]): Promise<void> {
  await using session = await database.connect({ user: 'supabase_admin' })
  await session.query('update pg_catalog.pg_index set indisvalid = false where indexrelid = any ($1::int8[]::oid[])', [created.flatMap(({ oids }) => oids)])
}
