/** What the document artifacts get: a planned design with its SQL, and evidence as the proofs would give it. */
import { renderSql, renderTests } from '../../generators/artifacts/index.ts'
import type { DocumentInput } from '../../generators/artifacts/define-artifact.ts'
import type { Catalog, CatalogTable } from '../../generators/design/catalog.ts'
import type { Evidence } from '../../generators/design/evidence.ts'
import type { NumberedPhase, Plan } from '../../generators/design/plan.ts'
import { type Spec, verbs } from '../../generators/design/spec.ts'
import { phasesOf } from '../../generators/planner/phases.ts'
import { planDesign } from '../../generators/planner/plan-design.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { column, organization, query, rule, spec, table } from './specs.ts'

export function existing(name: string, more: Partial<CatalogTable> = {}): CatalogTable {
  const columns = [{ name: 'id', type: 'uuid', nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null }]
  const uniques = [{ name: `${name}_pkey`, columns: ['id'], where: null, nullsNotDistinct: false, referencable: true }]
  return { schema: 'core', name, kind: 'table', comment: null, rowSecurity: true, columns, primaryKey: ['id'], uniques, foreignKeys: [], checks: [], indexes: [], policies: [], triggers: [], privileges: [], ...more }
}

const memberships = existing('org_memberships', {
  primaryKey: ['org_id', 'user_id'],
  columns: ['org_id', 'user_id'].map((name) => ({ name, type: 'uuid', nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null })),
  uniques: [{ name: 'org_memberships_pkey', columns: ['org_id', 'user_id'], where: null, nullsNotDistinct: false, referencable: true }],
  foreignKeys: [{ name: 'org_memberships_org_id_fkey', columns: ['org_id'], references: { schema: 'core', table: 'organizations', columns: ['id'] }, onDelete: 'cascade' }],
})

export const catalog: Catalog = {
  serverVersion: 170010,
  schemas: [{ name: 'core', usage: ['anon', 'authenticated', 'service_role'] }],
  tables: [existing('organizations'), memberships, existing('shows')],
  types: [],
  functions: [],
  roles: [],
  extensions: [],
}

/** Roles, soft delete, personal data, retention, a file, a keyset query. */
export function submissions(): Spec {
  const uuid = { type: 'uuid' }
  const submission = table('submissions', {
    about: 'A clip | that a member submits.',
    tenantColumn: 'org_id',
    ownerColumn: 'owner_id',
    softDelete: 'rpc',
    timestamps: true,
    columns: [
      column('id', { ...uuid, origin: 'id', default: 'gen_random_uuid()' }),
      column('org_id', { ...uuid, origin: 'tenant' }),
      column('show_id', uuid),
      column('title', { check: 'char_length(title) between 1 and 200' }),
      column('status', { oneOf: ['draft', 'published'], default: "'draft'" }),
      column('contact', { nullable: true, pii: 'direct', erase: 'clear' }),
      column('owner_id', { ...uuid, nullable: true, origin: 'owner', default: 'auth.uid()' }),
      column('created_at', { type: 'timestamptz', origin: 'timestamp', default: 'now()' }),
      column('updated_at', { type: 'timestamptz', origin: 'timestamp', default: 'now()' }),
      column('deleted_at', { type: 'timestamptz', nullable: true, origin: 'soft_delete' }),
    ],
    uniques: [{ columns: ['show_id', 'title'], where: null, nullsNotDistinct: false, global: false }],
    foreignKeys: [
      { columns: ['show_id'], references: { table: { schema: 'core', name: 'shows' }, columns: ['id'] }, onDelete: 'cascade', because: 'a clip means nothing without its show', deferrable: false },
      { columns: ['owner_id'], references: { table: { schema: 'auth', name: 'users' }, columns: ['id'] }, onDelete: 'set null', because: 'the clip stays', deferrable: false },
    ],
    checks: [{ name: 'submissions_published_has_title', sql: "status <> 'published' or title <> ''" }],
    access: {
      pattern: 'org_roles', via: null, shares: null,
      select: rule({ role: 'viewer' }),
      insert: rule({ role: 'editor' }),
      update: rule({ role: 'admin' }, { role: 'editor' }),
      delete: rule({ role: 'admin' }),
      where: { own: null, any: null },
      anonymous: false,
      mfa: [],
      because: null,
    },
    scale: { rows: 40_000_000, growthPerDay: 50_000, rowBytes: 400, distinct: { org_id: 900, show_id: 12_000, owner_id: 60_000 }, skew: { status: { published: 0.8, draft: 0.2 } }, nulls: {}, correlation: {}, elements: {}, widths: {}, ranges: {}, declared: true },
    writes: { insertsPerSecond: 3, updates: [{ columns: ['status'], perSecond: 1 }], deletesPerSecond: 0 },
    // oxlint-disable-next-line unicorn/no-thenable -- the spec's own word
    retention: { keep: { text: '24 months', days: 730.5 }, by: 'created_at', then: 'delete', hold: null },
  })
  return spec([submission], {
    design: 'submissions',
    story: ['As a member I submit <clips>.', 'As an editor I publish them.'],
    tenancy: { ...organization, organizationDeleted: null },
    queries: [
      query('latest_for_show', {
        table: { schema: 'core', name: 'submissions' },
        where: [{ column: 'org_id', operator: '=' }, { column: 'show_id', operator: '=' }, { sql: "status = 'published'", columns: ['status'] }],
        orderBy: [{ column: 'created_at', direction: 'desc', nulls: null }, { column: 'id', direction: 'desc', nulls: null }],
        page: { kind: 'keyset', size: 20 },
        perSecond: 120,
      }),
    ],
    decisions: [{ choice: 'status in the row', insteadOf: 'a history', because: 'only the last one is shown' }],
    privacy: { subject: { schema: 'auth', name: 'users' }, eraseWithin: '30 days' },
    files: [{ name: 'clip', table: { schema: 'core', name: 'submissions' }, metadataTable: null, bucket: 'trr-media', maxBytes: 200 * 1024 ** 2, contentTypes: ['video/mp4'], pendingExpires: null, afterDelete: null, versioned: false, objects: null }],
  })
}

/** One table that everybody reads and the service writes. */
export function ratings(): Spec {
  return spec([table('ratings', { access: { ...table('x').access, pattern: 'public_read', select: rule('anyone') } })], { design: 'ratings' })
}

/** With a plan, numbers and SQL as the tool makes them. */
export async function documentInput(given: Spec, change: (evidence: Evidence) => void = () => {}, before: Catalog = catalog): Promise<DocumentInput> {
  await loadParser()
  const plan = planDesign(given, before)
  const phases = phasesOf(plan).map((phase, place): NumberedPhase => {
    const name = `${String(place + 18).padStart(4, '0')}_${phase.slug}.sql`
    return { ...phase, version: name.slice(0, 4), migration: `supabase/migrations/${name}`, rollback: `supabase/rollbacks/${name}` }
  })
  const input = { plan, phases, catalog: before, specPath: `supabase/designs/${given.design}.yaml`, specText: '' }
  const evidence = provedEvidence(plan, phases)
  change(evidence)
  return { ...input, evidence, sql: [...(await renderSql(input)), ...(await renderTests({ ...input, scenario: null }))] }
}

const verdict = (): { status: 'proved'; findings: string[] } => ({ status: 'proved', findings: [] })

/** Everything came out as the spec says. */
export function provedEvidence(plan: Plan, phases: readonly NumberedPhase[]): Evidence {
  const files = phases.map((phase) => phase.migration)
  return {
    server: '17.10',
    replay: {
      ...verdict(),
      historyFiles: 17,
      files,
      modes: (['transaction', 'pipeline', 'serial'] as const).map((mode) => ({ mode, outcome: 'applied' })),
      again: files.map((file) => ({ file, outcome: 'refused without effect' })),
      interrupted: files.map((file) => ({ file, statements: 7, outcome: 'converges' })),
    },
    rollback: { ...verdict(), compared: 412, downRestores: true, upAgainEquals: true },
    access: { ...verdict(), tables: plan.tables.map(observedTable), probes: 320, worlds: ['legacy', 'explicit'], afterFiles: files },
    plans: {
      ...verdict(),
      queries: plan.queries.map((one) => ({
        name: one.query.name,
        as: one.query.as,
        sql: one.sql,
        plan: ['Limit', `  ->  Index Scan using ${one.index ?? 'none'} on submissions`],
        indexes: one.index === null ? [] : [one.index],
        sequentialScans: [],
        subPlans: 0,
        rows: { 'core.submissions': 40_000_000 },
        growth: [{ share: 1 / 3, cost: { before: 7500, after: 20.1 }, once: null, dense: { before: 9900, after: 22 } }, { share: 2 / 3, cost: { before: 9800, after: 20.3 }, once: null, dense: { before: 11_000, after: 22 } }],
        atScale: (['launch', 'horizon'] as const).map((at) => ({
          at,
          rows: { 'core.submissions': at === 'launch' ? 40_000_000 : 94_800_000 },
          plan: ['Limit', `  ->  Index Scan using ${one.index ?? 'none'} on submissions`],
          planBefore: ['Limit', '  ->  Sort', '        ->  Seq Scan on submissions'],
          lines: [{ depth: 0, does: 'stops at the limit', names: [], conditions: [], rows: 20, cost: 20.5 }, { depth: 1, does: 'finds rows by index', names: [one.index ?? 'none', 'core.submissions'], conditions: [{ what: 'where', sql: 'org_id = $1' }], rows: 400, cost: 400 }],
          linesBefore: [{ depth: 0, does: 'reads all of', names: ['core.submissions'], conditions: [{ what: 'and keeps', sql: 'org_id = $1' }], rows: 400, cost: 12_000 }],
          indexes: one.index === null ? [] : [one.index],
          sequentialScans: [],
          subPlans: 0,
          cost: at === 'launch' ? { before: 5000, after: 20 } : { before: 12_000, after: 20.5 },
          once: null,
          dense: { before: 9000, after: 22 },
          withValues: [{ values: 'typical' as const, indexes: one.index === null ? [] : [one.index], sequentialScans: [], cost: 21 }],
        })),
      })),
      indexes: plan.indexes.map(({ name }) => ({ name, usedBy: { launch: plan.queries.map(({ query: { name: query } }) => `query ${query}`), horizon: plan.queries.map(({ query: { name: query } }) => `query ${query}`) }, bytes: { launch: 2e9, horizon: 4.8e9 } })),
      assumptions: [{ table: 'core.submissions', columns: ['title'], says: 'every row has another value' }],
    },
    pgtap: { ...verdict(), file: `supabase/tests/${plan.spec.design}.test.sql`, assertions: 44 },
  }
}

function observedTable({ table: target }: Plan['tables'][number]): Evidence['access']['tables'][number] {
  const identities = [
    { id: 'anon', title: 'nobody, without a token' },
    { id: 'admin', title: 'an admin of A' },
    { id: 'removed', title: 'somebody who was removed from A' },
    { id: 'anonymous', title: 'an anonymous sign-in who is admin of A' },
    { id: 'forged', title: 'a user who forged user_metadata' },
    { id: 'service', title: 'the service' },
  ]
  const rows = [
    { id: 'in:a', title: 'row of A' },
    { id: 'in:b', title: 'row of B' },
    { id: 'deleted:a', title: 'row of A, deleted' },
  ]
  return {
    schema: target.schema,
    table: target.name,
    identities,
    rows,
    cells: identities.flatMap(({ id: identity }) =>
      rows.flatMap(({ id: row }) => verbs.map((verb) => ({ identity, verb, row, expected: passes(identity, row) ? 'allowed' as const : 'denied' as const, observed: passes(identity, row) ? 'allowed' as const : 'denied' as const, shapes: ['by id', 'blind'], witness: null }))),
    ),
  }
}

/** The service, and the admin of A on the live row of A. */
function passes(identity: string, row: string): boolean {
  return identity === 'service' || (identity === 'admin' && row === 'in:a')
}
