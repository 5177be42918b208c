/** Whether a job can be given rights on a table of the repository. Nothing of it is changed: policies and grants for the job's role are added. */
import type { CatalogTable } from '../../catalog.ts'
import type { JobTableSpec } from '../../job-spec.ts'
import { composedName } from '../../../sql/identifier.ts'
import type { Path } from '../../source.ts'
import type { Reading } from '../reading.ts'

/** Refused where the job's own policies and grants would not be all that decides, or could not work. */
export function checkExistingTable({ issues }: Reading, path: Path, catalogTable: CatalogTable, { rights, where }: JobTableSpec, role: string): void {
  const name = `${catalogTable.schema}.${catalogTable.name}`
  const refuse = (message: string, remedy: string) => issues.add({ code: 'SPEC_CONFLICT', path, key: true, message, remedy })
  if (where !== null && !catalogTable.rowSecurity) refuse(`Row level security is off on "${name}", so no condition keeps "${role}" to some of its rows.`, 'Remove where, or switch row level security on in a migration of its own.')
  const wider = catalogTable.policies.filter((policy) => policy.permissive && policy.roles.includes('public') && rights.some(({ verb }) => policy.command === 'all' || policy.command === verb))
  if (where !== null && wider.length > 0) refuse(`The policy "${wider[0]?.name}" of "${name}" speaks to every role, "${role}" as well, and is joined to the job's by OR.`, 'Remove where, or give that policy its roles first.')
  const narrower = catalogTable.policies.filter((policy) => !policy.permissive && policy.roles.includes('public'))
  if (narrower.length > 0) refuse(`The restrictive policy "${narrower[0]?.name}" of "${name}" speaks to every role, so it decides what "${role}" reaches.`, 'Give that policy its roles first, in a migration of its own.')
  for (const { verb } of rights) {
    const taken = composedName([catalogTable.name, role], verb)
    if (catalogTable.policies.some((policy) => policy.name === taken)) refuse(`"${role}" may ${verb} rows of "${name}" already, by an earlier design.`, `Remove ${verb} here.`)
  }
  const numbered = rights.some(({ verb }) => verb === 'insert') ? catalogTable.columns.filter((column) => column.identity === null && column.default?.startsWith('nextval(') === true) : []
  if (numbered.length > 0) refuse(`"${numbered[0]?.name}" of "${name}" takes its number from a sequence of its own, and a job gets rights on tables only.`, 'Make the column an identity first, in a migration of its own.')
}
