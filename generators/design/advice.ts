/** Another way to ask, or another column, that the planner of a server prefers, or another way to keep a table: both plans were seen. Plain data. */
export interface Advice {
  /** `keyset`, `tenant-filter`, … */
  id: string
  /** Or the table that it is about. */
  query: string
  /** What is, and what it costs whom. */
  says: string
  /** What to write in the spec. */
  remedy: string
  /** The query as it would be, with parameters of these types. */
  sql: string
  types: string[]
  /** The role that runs it. */
  as: string
  /** What the migration says in the place of its own `create table`. */
  instead?: string
  /** Statements that it needs, in order; run as the owner of the table, on the tables of the design. */
  ddl: string[]
  /** So many runs of the query as it is do what one does then. */
  runs: number
  /** At the horizon, in the planner's units; `before` is all of its runs. */
  before: { plan: string[]; cost: number }
  after: { plan: string[]; cost: number }
}
