import type { Reading } from '../reading.ts'
import type { Relation } from '../relations.ts'
import type { Path } from '../../source.ts'
import { isSystemSchema } from '../../system-schemas.ts'

/** Whether a view may read it: a table whose own policies decide about rows. */
export function isReadable({ issues }: Reading, path: Path, { schema, name, kind }: Pick<Relation, 'schema' | 'name' | 'kind'>, character?: number): boolean {
  if (isSystemSchema(schema)) {
    issues.add({
      code: 'SPEC_CONFLICT', path, character,
      message: `"${schema}.${name}" belongs to Supabase, and callers hold no rights on it that a view could use.`,
      remedy: 'Copy what may be seen into a table of your own, by a trigger or by the service.',
    })
    return false
  }
  if (kind === 'table' || kind === 'partitioned') return true
  issues.add({
    code: 'SPEC_CONFLICT', path, character,
    message: `"${schema}.${name}" is a ${kind}: whose rights it reads with cannot be seen here, and policies may not hold for its rows.`,
    remedy: 'Read the tables below it.',
  })
  return false
}
