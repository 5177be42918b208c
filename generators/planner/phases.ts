/** Which migration files a plan needs, in the order in which they are applied. */
import type { IndexPlan, Phase, Plan, TenantKeyPlan } from '../design/plan.ts'

export function phasesOf(plan: Plan): Phase[] {
  const design = plan.spec.design
  const concurrent = plan.indexes.filter((index) => index.concurrently)
  return [
    ...plan.tenantKeys.map((key) => ({ id: tenantKeyPhase(key), slug: `${design}_${key.table.name}_tenant_key`, concurrent: true })),
    ...(plan.tables.length > 0 ? [{ id: 'tables', slug: design, concurrent: false }] : []),
    ...(plan.tables.length > 0 ? [{ id: 'rls', slug: `${design}_rls`, concurrent: false }] : []),
    ...(plan.views.length > 0 ? [{ id: 'views', slug: `${design}_views`, concurrent: false }] : []),
    ...(plan.buckets.length > 0 ? [{ id: 'storage', slug: `${design}_storage`, concurrent: false }] : []),
    ...(plan.jobs.length > 0 ? [{ id: 'jobs', slug: jobsSlug(plan), concurrent: false }] : []),
    ...(newTableIndexes(plan).length > 0 ? [{ id: 'indexes', slug: `${design}_indexes`, concurrent: false }] : []),
    ...concurrent.map((index) => ({ id: indexPhase(index), slug: `${design}_${index.name}`, concurrent: true })),
    ...(concurrent.length > 0 ? [{ id: 'indexes-valid', slug: `${design}_indexes_valid`, concurrent: false }] : []),
  ]
}

export function jobsSlug({ spec }: Pick<Plan, 'spec'>): string {
  return `${spec.design}_jobs`
}

/** Indexes of tables that are still empty: built at once, in one file. */
export function newTableIndexes(plan: Plan): IndexPlan[] {
  return plan.indexes.filter((index) => !index.concurrently)
}

export function indexPhase(index: IndexPlan): string {
  return `index:${index.name}`
}

/** A unique index, built concurrently. A foreign key needs no constraint, and an index is taken back without a trace. */
export function tenantKeyPhase({ table }: TenantKeyPlan): string {
  return `tenant-key:${table.schema}.${table.name}`
}
