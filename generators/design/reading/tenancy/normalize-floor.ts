/** Which tables stand on the restrictive floor of the tenancy. */
import type { Reading } from '../reading.ts'
import { isParent, isRole, isShared } from '../../audience-kinds.ts'
import { haveSameTenant, parentOf, parentRule } from '../../parent-rules.ts'
import { type Audience, type TableSpec, type Tenancy, type VerbRule, verbs } from '../../spec.ts'
import type { TableDraft } from '../table-draft.ts'

/** Every table with a tenancy column but those that say otherwise. Refused where a rule lets somebody pass whom the floor would stop. */
export function normalizeFloor({ input, issues }: Reading, { spec, input: table, path }: TableDraft, tables: readonly TableSpec[], tenancy: Tenancy): void {
  const isInside = (audience: Audience) => staysInside(audience, spec, tables, tenancy)
  const written = typeof table?.access === 'object' ? table.access.floor : undefined
  const isAsked = input.tenancy?.floor === true
  const exempt = [...path, 'access', 'floor']
  if (written === false && !isAsked) issues.add({ code: 'SPEC_CONFLICT', path: exempt, key: true, message: `"${spec.name}" is exempt from a floor that this design does not have.`, remedy: 'Remove floor, or add to tenancy: floor: true' })
  if (!isAsked || spec.tenantColumn === null) {
    if (written === false && isAsked) issues.add({ code: 'SPEC_CONFLICT', path: exempt, key: true, message: `"${spec.name}" has no tenancy column, so no floor stands under it anyway.`, remedy: 'Remove floor.' })
    return
  }
  // Whom an invitation addresses is no member yet.
  if (written === false || spec.kind === 'invitations') return
  const open = verbs.filter((verb) => !isInside(spec.access[verb].own) || !isInside(spec.access[verb].any))
  spec.floor = open.length === 0
  if (open.length > 0)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'access'], key: true,
      message: `tenancy.floor keeps every client to the tenant of the row, and "${spec.name}" lets ${open.map((verb) => `${wordOf(spec.access[verb], isInside)} ${verb}`).join(' and ')}.`,
      remedy: `Add to access: floor: false, write tenancy: none at "${spec.name}", or let members of the tenant ${open[0]}.`,
    })
}

/** A positive list: an audience that is not known to be of the tenant is not of it. */
function staysInside(audience: Audience, table: TableSpec, tables: readonly TableSpec[], tenancy: Tenancy, seen: readonly TableSpec[] = []): boolean {
  if (isRole(audience) || isShared(audience) || audience === 'nobody' || audience === 'service' || audience === 'tenant') return true
  const parent = isParent(audience) ? parentOf(table, tables) : undefined
  if (!parent || !isParent(audience) || seen.includes(table) || !haveSameTenant(table, parent)) return false
  const { own, any } = parentRule(parent, audience, tenancy)
  return [own, any].every((side) => staysInside(side, parent, tables, tenancy, [...seen, table]))
}

function wordOf({ own, any }: VerbRule, isInside: (audience: Audience) => boolean): string {
  const outside = [any, own].find((audience) => !isInside(audience))
  return typeof outside === 'string' ? outside : 'somebody else'
}
