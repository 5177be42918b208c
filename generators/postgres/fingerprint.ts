/** A database as ordered lines of text, for comparison: before and after a rollback, after one run and after two. */
import { accessLines } from './fingerprint/access.ts'
import { objectLines } from './fingerprint/objects.ts'
import { tableLines } from './fingerprint/tables.ts'
import type { Session } from './session.ts'

/**
 * Everything outside of the system schemas but the rows: schemas, tables with columns in order, constraints, indexes,
 * policies, triggers, functions, views, types, sequences, privileges, comments, publications, extensions. No OIDs.
 */
export async function fingerprint(session: Session): Promise<string[]> {
  const union = [...tableLines, ...objectLines, ...accessLines].map((sql) => `(${sql})`).join('\nunion all\n')
  const before = await session.query<{ path: string }>("select current_setting('search_path') as path")
  await session.query("select set_config('search_path', '', false)")
  try {
    const { rows } = await session.query<{ line: string }>(`select line from (${union}) l (line) order by line collate "C"`)
    return rows.map(({ line }) => line)
  } finally {
    await session.query("select set_config('search_path', $1, false)", [before.rows[0]?.path ?? ''])
  }
}
