/** Which tables stand on the restrictive floor of the tenancy. */
import type { Reading } from '../reading.ts'
import { type Audience, type Verb, verbs } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** Every table with a tenancy column but those that say otherwise. Refused where a rule lets somebody pass whom the floor would stop. */
export function normalizeFloor({ input, issues }: Reading, { spec, input: table, path }: TableDraft): void {
  const written = typeof table?.access === 'object' ? table.access.floor : undefined
  const isAsked = input.tenancy?.floor === true
  const exempt = [...path, 'access', 'floor']
  if (written === false && !isAsked) issues.add({ code: 'SPEC_CONFLICT', path: exempt, key: true, message: `"${spec.name}" is exempt from a floor that this design does not have.`, remedy: 'Remove floor, or add to tenancy: floor: true' })
  if (!isAsked || spec.tenantColumn === null) {
    if (written === false && isAsked) issues.add({ code: 'SPEC_CONFLICT', path: exempt, key: true, message: `"${spec.name}" has no tenancy column, so no floor stands under it anyway.`, remedy: 'Remove floor.' })
    return
  }
  if (written === false) return
  const open = verbs.filter((verb) => reachesOutside(spec.access[verb]))
  spec.floor = open.length === 0
  if (open.length > 0)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'access'], key: true,
      message: `tenancy.floor keeps every client to the tenant of the row, and "${spec.name}" lets ${open.map((verb) => `${wordOf(spec.access[verb])} ${verb}`).join(' and ')}.`,
      remedy: `Add to access: floor: false, write tenancy: none at "${spec.name}", or let members of the tenant ${open[0]}.`,
    })
}

function reachesOutside({ own, any }: Record<'own' | 'any', Audience>): boolean {
  return [own, any].some((audience) => !isInside(audience))
}

/** A positive list: an audience that is not known to be of the tenant is not of it. */
function isInside(audience: Audience): boolean {
  return audience === 'nobody' || audience === 'service' || audience === 'tenant' || (typeof audience === 'object' && 'role' in audience)
}

function wordOf({ own, any }: Record<'own' | 'any', Audience>): Verb | string {
  const outside = [any, own].find((audience) => !isInside(audience))
  return typeof outside === 'string' ? outside : 'somebody else'
}
