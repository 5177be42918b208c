/** The plan that belongs to `sampleSql`, as far as proofs look at it. */
import type { Plan, QueryPlan } from '../../generators/design/plan.ts'
import type { ColumnSpec, QuerySpec, Spec, TableSpec } from '../../generators/design/spec.ts'

export function column(name: string, type: string, more: Partial<ColumnSpec> = {}): ColumnSpec {
  return {
    name, type, nullable: false, default: null, identity: false, generated: null, check: null, oneOf: null, pii: null, erase: null,
    immutable: false, serverOnly: false, comment: null, origin: 'declared', ...more,
  }
}

export function table(name: string, columns: ColumnSpec[], more: Partial<TableSpec> = {}): TableSpec {
  return {
    schema: 'core', name, about: name, columns, primaryKey: ['id'], uniques: [], foreignKeys: [], checks: [], indexes: [], tenantColumn: null, tenantVia: null, ownerColumn: null,
    timestamps: false, audit: 'none', softDelete: 'none', kind: 'row', retention: null, floor: false, realtime: false,
    access: { pattern: 'service_only', via: null, shares: null, where: { own: null, any: null }, anonymous: false, mfa: [], because: null, ...verbRules() },
    scale: { rows: 0, growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: false },
    writes: { insertsPerSecond: 0, updates: [], deletesPerSecond: 0 },
    ...more,
  }
}

function verbRules() {
  const rule = { own: 'service', any: 'service' } as const
  return { select: rule, insert: rule, update: rule, delete: rule }
}

export function spec(tables: TableSpec[], more: Partial<Spec> = {}): Spec {
  return {
    design: 'notes', story: ['Notes.'], schema: 'core', tenancy: { model: 'none' }, tables, views: [], jobs: [], existing: [], queries: [], files: [], privacy: null, decisions: [], samples: [],
    approved: [], horizon: { text: '3 years', days: 1096 }, ...more,
  }
}

export const notes = table('notes', [
  column('id', 'uuid', { default: 'gen_random_uuid()', origin: 'id' }),
  column('org_id', 'uuid', { origin: 'tenant' }),
  column('title', 'text', { check: 'char_length(title) between 1 and 200' }),
  column('status', 'text', { oneOf: ['draft', 'published'], default: "'draft'" }),
  column('created_at', 'timestamptz', { default: 'now()', origin: 'timestamp' }),
], { tenantColumn: 'org_id' })

export function query(name: string, more: Partial<QuerySpec> = {}): QuerySpec {
  return { name, table: { schema: 'core', name: 'notes' }, where: [], orderBy: [], select: null, page: { kind: 'none' }, perSecond: null, as: 'authenticated', sql: null, params: [], ...more }
}

export const latest: QueryPlan = {
  query: query('latest'),
  sql: 'select * from core.notes where org_id = $1 order by created_at desc, id desc limit 20',
  parameters: [{ column: 'org_id', type: 'uuid', role: 'equal' }],
  index: 'notes_latest',
  warnings: [],
}

export function planOf(queries: QueryPlan[]): Plan {
  const planned = {
    table: notes, columns: notes.columns, primaryKey: { name: 'notes_pkey', columns: ['id'] }, uniques: [], checks: [], triggers: [], policies: [], grants: [],
    foreignKeys: [{
      name: 'notes_org_id_fkey', columns: ['org_id'], references: { table: { schema: 'core', name: 'organizations' }, columns: ['id'] },
      onDelete: 'cascade' as const, setNullColumns: null, because: null, deferrable: false, tenantScoped: false,
    }],
  }
  return { spec: spec([notes]), newSchemas: [], schemaUsage: [], tables: [planned], views: [], buckets: [], jobs: [], tenantKeys: [], functions: [], indexes: [], rejected: [], queries, notes: [] }
}
