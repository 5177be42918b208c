/** Which migration files a plan needs, in the order in which they are applied. */
import type { IndexPlan, Phase, Plan, TenantKeyPlan } from '../design/plan.ts'

export function phasesOf(plan: Plan): Phase[] {
  const design = plan.spec.design
  const concurrent = plan.indexes.filter((index) => index.concurrently)
  return [
    ...plan.tenantKeys.flatMap((key) => tenantKeyPhases(design, key)),
    ...(plan.tables.length > 0 ? [{ id: 'tables', slug: design, concurrent: false }] : []),
    ...(plan.tables.length > 0 ? [{ id: 'rls', slug: `${design}_rls`, concurrent: false }] : []),
    ...(newTableIndexes(plan).length > 0 ? [{ id: 'indexes', slug: `${design}_indexes`, concurrent: false }] : []),
    ...concurrent.map((index) => ({ id: indexPhase(index), slug: `${design}_${index.name}`, concurrent: true })),
    ...(concurrent.length > 0 ? [{ id: 'indexes-valid', slug: `${design}_indexes_valid`, concurrent: false }] : []),
  ]
}

/** Indexes of tables that are still empty: built at once, in one file. */
export function newTableIndexes(plan: Plan): IndexPlan[] {
  return plan.indexes.filter((index) => !index.concurrently)
}

export function indexPhase(index: IndexPlan): string {
  return `index:${index.name}`
}

/** Build, then attach; the constraint can only use an index that is complete. */
export function tenantKeyPhase(key: TenantKeyPlan, step: 'build' | 'attach'): string {
  return `tenant-key-${step}:${key.table.schema}.${key.table.name}`
}

function tenantKeyPhases(design: string, key: TenantKeyPlan): Phase[] {
  return [
    { id: tenantKeyPhase(key, 'build'), slug: `${design}_${key.table.name}_tenant_key_build`, concurrent: true },
    { id: tenantKeyPhase(key, 'attach'), slug: `${design}_${key.table.name}_tenant_key`, concurrent: false },
  ]
}
