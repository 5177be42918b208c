/** Specs in their normalised form for tests of pure code: only what a test says differs from the plainest. */
import type { Audience, ColumnSpec, OrganizationTenancy, QuerySpec, Spec, TableSpec, VerbRule } from '../../generators/design/spec.ts'

export const organization: OrganizationTenancy = {
  model: 'organization',
  column: 'org_id',
  type: 'uuid',
  organizations: { schema: 'core', name: 'organizations' },
  organizationKey: 'id',
  organizationDeleted: null,
  memberships: { table: { schema: 'core', name: 'org_memberships' }, user: 'user_id', organization: 'org_id', role: 'role', where: null },
  roles: ['viewer', 'editor', 'admin'],
  create: false,
}

export function column(name: string, more: Partial<ColumnSpec> = {}): ColumnSpec {
  return {
    name,
    type: 'text',
    nullable: false,
    default: null,
    identity: false,
    generated: null,
    check: null,
    oneOf: null,
    pii: null,
    erase: null,
    immutable: false,
    serverOnly: false,
    comment: null,
    origin: 'declared',
    ...more,
  }
}

/** The same audience for own rows and for all. */
export function rule(any: Audience, own: Audience = any): VerbRule {
  return { own, any }
}

export function table(name: string, more: Partial<TableSpec> = {}): TableSpec {
  return {
    schema: 'core',
    name,
    about: `${name}.`,
    kind: 'row',
    columns: [column('id', { type: 'uuid', origin: 'id' }), column('title')],
    primaryKey: ['id'],
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    tenantColumn: null, tenantVia: null,
    ownerColumn: null,
    timestamps: false,
    audit: 'none',
    softDelete: 'none',
    access: {
      pattern: 'service_only', via: null, shares: null,
      select: rule('service'),
      insert: rule('service'),
      update: rule('service'),
      delete: rule('service'),
      where: { own: null, any: null },
      anonymous: false,
      mfa: [],
      because: null,
    },
    scale: { rows: 10_000, growthPerDay: 0, rowBytes: null, distinct: {}, skew: {}, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: false },
    writes: { insertsPerSecond: 0, updates: [], deletesPerSecond: 0 },
    retention: null,
    floor: false,
    realtime: false,
    ...more,
  }
}

export function query(name: string, more: Partial<QuerySpec> = {}): QuerySpec {
  return { name, table: null, where: [], orderBy: [], select: null, page: { kind: 'none' }, perSecond: null, as: 'authenticated', sql: null, params: [], ...more }
}

export function spec(tables: TableSpec[], more: Partial<Spec> = {}): Spec {
  return {
    design: 'example',
    story: ['An example.'],
    schema: 'core',
    tenancy: { model: 'none' },
    tables,
    views: [],
    existing: [],
    jobs: [],
    queries: [],
    files: [],
    privacy: null,
    decisions: [],
    samples: [],
    approved: [],
    horizon: { text: '3 years', days: 1096 },
    ...more,
  }
}
