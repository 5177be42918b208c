/** The table that inserts are measured on: rows of some 300 bytes, values in no order but for the time. */
import type { FigureKind } from '../../design/insert-figures.ts'
import type { Session } from '../session.ts'

export interface CalibrationSize {
  /** In the table before. */
  rows: number
  /** Inserted at a time, three times over. */
  batch: number
}

/** The first `rows` of them are in the table, three times `batch` more wait beside it. The same ones every time. */
export async function fillProbe(session: Session, { rows, batch }: CalibrationSize): Promise<void> {
  const from = (first: number, last: number) => `select ${values}, (i - ${rows + 1}) / ${batch} as part from generate_series(${first}, ${last}) i`
  await session.query(`create extension if not exists pg_trgm; create table batch as ${from(rows + 1, rows + 3 * batch)}; create table probe as ${from(1, rows)}; alter table probe drop column part, drop column i`)
  for (const sql of ['vacuum freeze probe', 'vacuum freeze batch', 'checkpoint']) await session.query(sql)
}

const values = `i, hashint8extended(i, 1) as id, md5(i::text)::uuid as user_id, timestamptz '2026-01-01 00:00+00' + i * interval '1 second' as at,
  (hashint8extended(i, 2) & 2047)::int4 as n, (hashint8extended(i, 9) & 65535)::int8 as rank, left(translate(md5(i || 'a') || md5(i || 'b'), '0123456789', 'ghijklmnop'), 38) as title,
  array['tag' || (hashint8extended(i, 3) & 1023), 'tag' || (hashint8extended(i, 4) & 1023)] as tags,
  jsonb_build_object('kind', 'k' || (hashint8extended(i, 5) & 15), 'source', 's' || (hashint8extended(i, 6) & 255), 'score', hashint8extended(i, 7) & 4095) as doc,
  tstzrange(timestamptz '2026-01-01 00:00+00' + i * interval '1 minute', timestamptz '2026-01-01 00:00+00' + i * interval '1 minute' + (hashint8extended(i, 8) & 16383) * interval '1 second' + interval '1 second') as span`

export interface ProbeIndex {
  name: FigureKind | 'partial'
  /** After `create index … on probe`. */
  sql: string
  isGin: boolean
}

const index = (name: ProbeIndex['name'], sql: string): ProbeIndex => ({ name, sql, isGin: sql.startsWith('using gin') })

export const probeIndexes: readonly ProbeIndex[] = [
  index('btree_uuid', '(user_id)'),
  index('btree_number', '(id)'),
  index('btree_time', '(at)'),
  index('btree_text', '(title)'),
  index('btree_keys', '(n, at, user_id)'),
  index('btree_text_key', '(n, at, user_id, title)'),
  index('btree_include', '(n, at) include (id, rank)'),
  index('partial', '(id) where n < 205'),
  index('hash', 'using hash (title)'),
  index('brin', 'using brin (at)'),
  index('gin_jsonb_path', 'using gin (doc jsonb_path_ops)'),
  index('gin_jsonb', 'using gin (doc)'),
  index('gin_array', 'using gin (tags)'),
  index('gin_trigram', 'using gin (title gin_trgm_ops)'),
  index('gist', 'using gist (span)'),
]
