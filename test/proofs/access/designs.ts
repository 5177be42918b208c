/** Small designs with SQL written by hand, so that the proof is tested without the planner. */
import type { AccessSpec, ColumnOrigin, ColumnSpec, Spec, TableSpec, Tenancy, VerbRule } from '../../../generators/design/spec.ts'
import type { FunctionPlan, Plan, TablePlan } from '../../../generators/design/plan.ts'
import type { GeneratedSql } from '../../../generators/design/sql-file.ts'

export interface Design {
  history: { path: string; sql: string }[]
  plan: Plan
  sql: GeneratedSql
}

export const nobody: VerbRule = { own: 'nobody', any: 'nobody' }
export const serviceOnly: VerbRule = { own: 'service', any: 'service' }

export function column(name: string, type: string, options: Partial<ColumnSpec> = {}): ColumnSpec {
  return {
    name, type, nullable: false, default: null, identity: false, generated: null, check: null, oneOf: null, pii: null, erase: null,
    immutable: false, serverOnly: false, comment: null, origin: 'declared', ...options,
  }
}

const added = (name: string, type: string, origin: ColumnOrigin, options: Partial<ColumnSpec> = {}) => column(name, type, { origin, ...options })
export const id = added('id', 'uuid', 'id', { default: 'gen_random_uuid()' })
export const stamps = [added('created_at', 'timestamptz', 'timestamp', { default: 'now()' }), added('updated_at', 'timestamptz', 'timestamp', { default: 'now()' })]
export const owner = (nullable = false) => added('owner_id', 'uuid', 'owner', { default: 'auth.uid()', nullable })
export const deleted = added('deleted_at', 'timestamptz', 'soft_delete', { nullable: true })

export function table(name: string, columns: ColumnSpec[], access: Partial<AccessSpec>, options: Partial<TableSpec> = {}): TableSpec {
  return {
    schema: 'app', name, about: name, columns, primaryKey: ['id'], uniques: [], foreignKeys: [], checks: [], indexes: [], tenantColumn: null, tenantVia: null,
    ownerColumn: columns.find(({ origin }) => origin === 'owner')?.name ?? null, timestamps: false, audit: 'none',
    softDelete: 'none', kind: 'row', retention: null, floor: false, realtime: false,
    access: { pattern: 'owner', via: null, shares: null, select: serviceOnly, insert: serviceOnly, update: serviceOnly, delete: serviceOnly, where: { own: null, any: null }, anonymous: false, mfa: [], because: null, ...access },
    scale: { rows: 1, growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: false },
    writes: { insertsPerSecond: 0, updates: [], deletesPerSecond: 0 }, ...options,
  }
}

export function design(history: string, tenancy: Tenancy, tables: { table: TableSpec; plan?: Partial<TablePlan> }[], files: { tables: string; rls: string }, functions: FunctionPlan[] = []): Design {
  const spec: Spec = {
    design: 'sample', story: [''], schema: 'app', tenancy, tables: tables.map((one) => one.table), views: [], jobs: [], existing: [], queries: [], files: [], privacy: null, decisions: [], samples: [], approved: [],
    horizon: { text: '3 years', days: 1096 },
  }
  const plan: Plan = {
    spec, views: [], buckets: [], jobs: [], newSchemas: [], schemaUsage: [], tenantKeys: [], functions, indexes: [], rejected: [], queries: [], notes: [],
    tables: tables.map((one) => ({
      table: one.table, columns: one.table.columns, primaryKey: { name: `${one.table.name}_pkey`, columns: one.table.primaryKey },
      uniques: [], foreignKeys: [], checks: [], triggers: [], policies: [], grants: [], ...one.plan,
    })),
  }
  const migrations = [{ path: 'm/0002_sample.sql', sql: files.tables }, { path: 'm/0003_sample_rls.sql', sql: files.rls }]
  return { history: [{ path: 'm/0001_history.sql', sql: history }], plan, sql: { migrations, rollbacks: [], test: { path: 't.sql', sql: '' } } }
}

/** The design with more SQL behind its policies: a mistake that the proof has to notice. */
export function weakened(original: Design, sql: string): Design {
  const migrations = original.sql.migrations.map((file, index, all) => (index === all.length - 1 ? { ...file, sql: `${file.sql};\n${sql}` } : file))
  return { ...original, sql: { ...original.sql, migrations } }
}

export const permanent = "(select ((select auth.jwt()) ->> 'is_anonymous') is distinct from 'true')"
