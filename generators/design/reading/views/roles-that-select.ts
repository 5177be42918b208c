import type { CatalogTable } from '../../catalog.ts'
import type { TableSpec } from '../../spec.ts'
import type { ApiRole } from '../../view-spec.ts'

/** Roles that hold SELECT on a whole table: a new one by its rule, an existing one by its grants. Which rows is another question. */
export function rolesThatSelect(planned: Pick<TableSpec, 'access'> | null, existing: CatalogTable | undefined): ApiRole[] {
  if (!planned) return (existing?.privileges ?? []).filter(({ privileges }) => privileges.includes('SELECT')).map(({ role }) => role as ApiRole)
  const { own, any } = planned.access.select
  const sides = [own, any]
  return [
    ...(sides.includes('anyone') ? (['anon'] as const) : []),
    ...(sides.some((audience) => audience !== 'service' && audience !== 'nobody') ? (['authenticated'] as const) : []),
    ...(sides.some((audience) => audience !== 'nobody') ? (['service_role'] as const) : []),
  ]
}
