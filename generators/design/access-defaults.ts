/** What each access pattern means when the table says nothing else: the table of `spec-reference.md`, section access, as data. */
import type { PatternId, Verb } from './spec.ts'

/** `second role` and `third role` count from the weakest; with fewer roles they mean the strongest. `parent`: the same verb. */
export type DefaultAudience = 'anyone' | 'service' | 'owner' | 'member' | 'tenant' | 'weakest role' | 'second role' | 'third role' | 'parent' | 'weakest level' | 'strongest level'

export interface AccessDefaults extends Record<Verb, DefaultAudience | { own: DefaultAudience; any: DefaultAudience }> {
  /** Columns that the pattern cannot do without. */
  needs: { tenancy: 'organization' | 'tenant_column' | null; owner: 'required' | 'optional' | null }
}

export const accessDefaults: Record<PatternId, AccessDefaults> = {
  public_read: {
    select: 'anyone',
    insert: 'service',
    update: 'service',
    delete: 'service',
    needs: { tenancy: null, owner: null },
  },
  owner: {
    select: 'owner',
    insert: 'owner',
    update: 'owner',
    delete: 'owner',
    needs: { tenancy: null, owner: 'required' },
  },
  org_member: {
    select: 'member',
    insert: 'member',
    update: 'member',
    delete: 'member',
    needs: { tenancy: 'organization', owner: null },
  },
  org_roles: {
    select: 'weakest role',
    insert: 'second role',
    update: { own: 'second role', any: 'third role' },
    delete: 'third role',
    needs: { tenancy: 'organization', owner: 'optional' },
  },
  tenant: {
    select: 'tenant',
    insert: 'tenant',
    update: 'tenant',
    delete: 'tenant',
    needs: { tenancy: 'tenant_column', owner: null },
  },
  service_only: {
    select: 'service',
    insert: 'service',
    update: 'service',
    delete: 'service',
    needs: { tenancy: null, owner: null },
  },
  parent: {
    select: 'parent',
    insert: 'parent',
    update: 'parent',
    delete: 'parent',
    needs: { tenancy: null, owner: null },
  },
  shared_with: {
    select: { own: 'owner', any: 'weakest level' },
    insert: 'owner',
    update: { own: 'owner', any: 'strongest level' },
    delete: 'owner',
    needs: { tenancy: null, owner: 'required' },
  },
}
