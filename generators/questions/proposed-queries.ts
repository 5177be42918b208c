/** Reads that a table suggests: by newest, for every reference, by status, of the owner. */
import type { QueryInput, SpecInput, TableInput } from '../design/input.ts'

export interface Proposal {
  id: string
  says: string
  query: QueryInput
}

/** The likeliest first. */
export function proposeQueries(name: string, table: TableInput, { tenancy }: SpecInput): Proposal[] {
  const pattern = typeof table.access === 'string' ? table.access : table.access.pattern
  const role = pattern === 'public_read' ? 'anon' : pattern === 'service_only' ? 'service_role' : 'authenticated'
  const scoped = tenancy?.model === 'organization' || tenancy?.model === 'tenant_column'
  const scope = scoped ? [`${tenancy.column} =`] : []
  const propose = (id: string, says: string, where: string[]): Proposal => {
    const conditions = [...scope, ...where]
    return { id, says, query: { table: name, ...(conditions.length > 0 ? { where: conditions } : {}), order_by: 'created_at desc, id desc', page: 'keyset 20', as: role } }
  }
  const columns = Object.entries(table.columns).flatMap(([column, form]) => (typeof form === 'object' ? [{ column, form }] : []))
  const byReference = columns
    .filter(({ form }) => form.references)
    .map(({ column }) => propose(`${name}_by_${column.replace(/_id$/, '')}`, `${name} of one ${column.replace(/_id$/, '')}, newest first`, [`${column} =`]))
  const byState = columns.filter(({ form }) => form.one_of).map(({ column }) => propose(`${name}_by_${column}`, `${name} of one ${column}, newest first`, [`${column} =`]))
  const latest = propose(`latest_${name}`, scoped ? `${name} of one organisation, newest first` : `${name}, newest first`, [])
  const own = propose(`my_${name}`, `${name} of the person who asks, newest first`, ['owner_id ='])
  const owned = pattern === 'owner' || pattern === 'org_roles' ? [own] : []
  return pattern === 'owner' ? [...owned, ...byReference, ...byState] : [...byReference, latest, ...byState, ...owned]
}
