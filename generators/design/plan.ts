/** What will run, as plain data: names chosen, keys scoped, policies and grants spelled out. Pure result of spec + catalog. */
import type { QualifiedName } from '../sql/identifier.ts'
import type { InsertFigures } from './insert-figures.ts'
import type { JobSpec, JobTableSpec } from './job-spec.ts'
import type { OnDelete } from './key-spec.ts'
import type { ColumnSpec, FileSpec, QuerySpec, Spec, TableSpec, Verb } from './spec.ts'
import type { ViewSpec } from './view-spec.ts'

export interface Plan {
  spec: Spec
  /** Roles that the repository lets into the schema of helpers already; left out = none. */
  helperCallers?: readonly string[]
  /** Schemas that do not exist yet. */
  newSchemas: string[]
  /** The roles of the Data API that still need USAGE, by schema. */
  schemaUsage: { schema: string; roles: string[] }[]
  tables: TablePlan[]
  views: ViewPlan[]
  /** Buckets of Supabase Storage with their policies. */
  buckets: BucketPlan[]
  /** Existing tables that first need `unique (key, tenancy column)`, each in phases of its own. */
  tenantKeys: TenantKeyPlan[]
  /** Trigger functions, helpers of policies and functions that clients call, in order of creation. */
  functions: FunctionPlan[]
  indexes: IndexPlan[]
  /** Indexes that a rule proposed and that the planner of a server does not miss at the horizon. */
  rejected: RejectedIndex[]
  /** Indexes of existing tables that another one begins with, new or there already: nothing needs them beside it. Never dropped by the design. */
  superfluous?: { index: QualifiedName; by: string; isNew: boolean }[]
  queries: QueryPlan[]
  /** What indexes cost writes, where the repository has a calibration of its own. */
  figures?: InsertFigures
  jobs: JobPlan[]
  /** Things that a reader must know and no proof settles. */
  notes: string[]
}

/** Whether there is anything that somebody may or may not do. */
export function decidesAccess({ tables, views, buckets, jobs }: Pick<Plan, 'tables' | 'views' | 'buckets' | 'jobs'>): boolean {
  return tables.length + views.length + buckets.length + jobs.length > 0
}

export interface TablePlan {
  table: TableSpec
  columns: ColumnSpec[]
  primaryKey: { name: string; columns: string[] }
  uniques: UniquePlan[]
  foreignKeys: ForeignKeyPlan[]
  checks: { name: string; sql: string; columns: string[] }[]
  triggers: { name: string; timing: 'before insert' | 'before update' | 'before insert or update' | 'before delete' | 'before update or delete' | 'after update or delete'; function: QualifiedName; deferrable?: boolean }[]
  policies: PolicyPlan[]
  grants: GrantPlan[]
}

export interface UniquePlan {
  name: string
  columns: string[]
  where: string | null
  nullsNotDistinct: boolean
  /** A partial unique key can only be an index. */
  kind: 'constraint' | 'index'
  /** Scoped to the tenant by the tool. */
  tenantScoped: boolean
  /** Exists so that children can reference key and tenant together. */
  forChildren: boolean
}

export interface ForeignKeyPlan {
  name: string
  columns: string[]
  references: { table: QualifiedName; columns: string[] }
  onDelete: OnDelete
  /** Columns that `set null` clears; null = all. A composite key keeps its tenant. */
  setNullColumns: string[] | null
  because: string | null
  deferrable: boolean
  /** Composite with the tenancy column: a row cannot point into another tenant. */
  tenantScoped: boolean
}

export interface PolicyPlan {
  name: string
  command: Verb | 'all'
  /** False: whatever permissive policies let pass must pass this one as well. */
  permissive: boolean
  /** `anon`, `authenticated`, or the role of a job. */
  roles: string[]
  using: string | null
  check: string | null
  /** The spec's rule in words. */
  says: string
}

export interface ViewPlan {
  view: ViewSpec
  /** The whole `create view … with (security_invoker = true) as …` statement without the semicolon. */
  definition: string
}

export interface BucketPlan {
  file: FileSpec
  objects: NonNullable<FileSpec['objects']>
  /** On `storage.objects`, for this bucket alone. */
  policies: PolicyPlan[]
}

/** The role of a background job, and its own policies on each table. */
export interface JobPlan {
  job: JobSpec
  /** Schemas in which the role needs USAGE. */
  schemas: string[]
  /** `table`: of this design, or one of the repository in the same form. */
  tables: { access: JobTableSpec; table: TableSpec; policies: PolicyPlan[] }[]
}

export interface GrantPlan {
  role: 'anon' | 'authenticated' | 'service_role'
  /** With columns only for insert and update; null = the whole table. */
  privileges: { verb: Verb; columns: string[] | null }[]
}

export interface FunctionPlan {
  name: QualifiedName
  /** `min_role text`. */
  arguments: string
  /** Types only, for grants and drops: `text`. */
  argumentTypes: string
  /** The whole `create function …` statement without the semicolon. */
  definition: string
  comment: string
  /** Who may execute it; nobody else may. Triggers need no EXECUTE. */
  executableBy: ('anon' | 'authenticated' | 'service_role')[]
  kind: 'trigger' | 'policy helper' | 'client call'
  /** In the repository already, with the same meaning: reused, not created. */
  exists: boolean
  /** The file that creates it. */
  file: 'tables' | 'rls'
}

export interface TenantKeyPlan {
  table: QualifiedName
  name: string
  columns: string[]
}

export interface IndexPlan {
  name: string
  table: QualifiedName
  method: 'btree' | 'gin' | 'gist' | 'spgist' | 'brin' | 'hash' | 'hnsw'
  keys: IndexKey[]
  include: string[]
  where: string | null
  /** Why it is there, most important first. */
  reasons: { rule: 'foreign-key' | 'tenancy' | 'owner' | 'query' | 'declared' | 'membership' | 'parent' | 'shares'; subject: string; says: string }[]
  /** The table has rows in production: built concurrently, alone in its file. */
  concurrently: boolean
  /** What the choice at the horizon says of it; left out where the plan is made by rule. */
  worth?: IndexWorth
}

export interface IndexWorth {
  /** The statement that loses most without it, in words, and times as much as it costs then; null where only a key or a policy needs it. */
  without: { statement: string; ratio: number } | null
  /** The candidate that would do in its place, as SQL, and what all reads and writes together would cost: times as much. */
  nearest: { index: string; ratio: number } | null
}

export interface IndexKey {
  /** A name, or SQL when it is an expression. */
  column: string
  expression?: true
  direction: 'asc' | 'desc'
  nulls: 'first' | 'last' | null
  operatorClass: string | null
}

export interface RejectedIndex {
  index: IndexPlan
  because: string
}

export interface QueryPlan {
  query: QuerySpec
  /** With `$n` parameters. */
  sql: string
  parameters: { column: string | null; type: string; role: 'equal' | 'list' | 'range' | 'cursor' | 'offset' | 'other' }[]
  /** The function that clients call for it; `sql` is what that one runs with its owner's rights, `direct` the query as clients would send it themselves, `matching` the keys of all rows that it finds, whoever may see them. */
  search?: { name: QualifiedName; call: string; direct: string; matching: string }
  /** Index that is expected to serve it; null when none can. */
  index: string | null
  /** What a reviewer should know: a missing tenant filter, an operator that is not leakproof. */
  warnings: string[]
}



/** One migration file to be: a stable id, and the words of its file name after the number. */
export interface Phase {
  /** `tables`, `rls`, `indexes`, or `<what>:<object>` for phases of their own. */
  id: string
  /** `show_submissions_rls` in `0053_show_submissions_rls.sql`. */
  slug: string
  /** Exactly one statement that cannot run in a transaction. */
  concurrent: boolean
}

/** A phase with the number that it keeps for ever, and its paths relative to the repository's root. */
export interface NumberedPhase extends Phase {
  version: string
  migration: string
  rollback: string
}
