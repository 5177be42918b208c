/** A design with one thing wrong: what a slip of the pen, a careless edit or an attacker would change. */
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Verb } from '../../design/spec.ts'

export interface Mutant {
  /** `articles_select: using without "org_id = …"`. */
  says: string
  /** `weakening`: somebody may get through who must not · `restricting`: somebody may be stopped who must not be. */
  effect: 'weakening' | 'restricting'
  /** DDL, run as the owner of the tables. */
  sql: string
  /** The table whose requests are asked; null = any table of the design may notice. */
  table: QualifiedName | null
  /** Requests of these verbs are asked first; none = the catalog shows it before any request does. */
  verbs: readonly Verb[]
  /** Requests whose shape begins so are asked before all. */
  hint: string | null
  /** Why nobody can tell it from the design; null = somebody must. */
  equivalent: string | null
  /** Of a fault that belongs to no table: where it can show, as `schema.table`; left out = anywhere. */
  at?: readonly string[]
  /** Asked of background jobs. */
  of?: 'jobs'
}

/** What told a mutant from the design. */
export type Catch =
  | { by: 'request' | 'catalog'; says: string }
  /** The statement that would make the mutant is refused. */
  | { by: 'refusal'; says: string }
