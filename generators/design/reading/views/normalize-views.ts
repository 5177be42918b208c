/** Views: over one table by its columns, or one select. They run as the caller, and are granted no wider than what they read. */
import { findTable } from '../../catalog.ts'
import type { ViewInput } from '../../input-view.ts'
import { type Reading, readQualifiedName } from '../reading.ts'
import type { Relations } from '../relations.ts'
import type { Path } from '../../source.ts'
import type { ApiRole, ViewSpec } from '../../view-spec.ts'
import { isSystemSchema } from '../../system-schemas.ts'
import { rolesThatSelect } from './roles-that-select.ts'
import { selectedView } from './selected-view.ts'
import { tableView } from './table-view.ts'

export function normalizeViews(reading: Reading, relations: Relations): ViewSpec[] {
  const views: ViewSpec[] = []
  for (const [key, input] of Object.entries(reading.input.views ?? {})) {
    const path = ['views', key]
    const name = readQualifiedName(reading, path, key, { key: true })
    if (input.about.trim() === '')
      reading.issues.add({
        code: 'SPEC_VALUE', path: [...path, 'about'],
        message: `"about" of "${key}" says nothing.`,
        remedy: `Write one sentence about "${key}"; it becomes the comment of the view.`,
      })
    const isFree = name !== null && checkName(reading, path, name, relations, views)
    const read = input.sql === undefined ? tableView(reading, relations, path, input) : selectedView(reading, relations, path, input, input.sql)
    if (!read || !isFree) continue
    const roles = readRoles(reading, relations, path, input, read.reads)
    views.push({ schema: name.schema, name: name.name, about: input.about, ...read, roles })
  }
  return views
}

function checkName({ issues, catalog }: Reading, path: Path, { schema, name }: { schema: string; name: string }, relations: Relations, views: readonly ViewSpec[]): boolean {
  const fault = (code: 'SPEC_VALUE' | 'SPEC_DUPLICATE' | 'SPEC_UNKNOWN_NAME', message: string, remedy: string) => {
    issues.add({ code, path, key: true, message, remedy })
    return false
  }
  if (isSystemSchema(schema)) return fault('SPEC_VALUE', `The schema "${schema}" belongs to Supabase or Postgres.`, 'Put the view into a schema of your own.')
  if (schema === 'private') return fault('SPEC_VALUE', 'The schema "private" holds what policies call, and no client reaches it.', 'Put the view into a schema that the Data API serves.')
  if (!catalog.schemas.some((one) => one.name === schema) && !relations.names().some((known) => known.startsWith(`${schema}.`))) return fault('SPEC_UNKNOWN_NAME', `There is no schema "${schema}".`, 'Put the view into the schema of a table that it reads.')
  if (views.some((view) => view.schema === schema && view.name === name)) return fault('SPEC_DUPLICATE', `The view "${schema}.${name}" stands in this design twice.`, 'Names are folded to lower case, as Postgres does it: choose another.')
  const taken = relations.find({ schema, name })
  if (taken) return fault('SPEC_DUPLICATE', `"${schema}.${name}" is the name of a ${taken.kind === 'partitioned' ? 'table' : taken.kind} ${taken.draft ? 'of this design' : 'that exists already'}.`, 'Tables and views share their names: choose another.')
  if (catalog.types.some((type) => type.schema === schema && type.name === name)) return fault('SPEC_DUPLICATE', `A type "${schema}.${name}" exists already.`, 'A view is a type as well: choose another name.')
  return true
}

/** Everybody who may read all of its tables, or those of them who are named. */
function readRoles(reading: Reading, relations: Relations, path: Path, input: ViewInput, reads: ViewSpec['reads']): ApiRole[] {
  const { issues, catalog } = reading
  const open = reads.flatMap((table) => {
    const relation = relations.find(table)
    return relation ? [{ table, roles: rolesThatSelect(relation.draft?.spec ?? null, findTable(catalog, table.schema, table.name)) }] : []
  })
  const all = (['anon', 'authenticated', 'service_role'] as const).filter((role) => open.every(({ roles }) => roles.includes(role)))
  for (const [index, role] of (input.to ?? []).entries()) {
    const shut = open.find(({ roles }) => !roles.includes(role))
    if (shut)
      issues.add({
        code: 'SPEC_CONFLICT', path: [...path, 'to', index],
        message: `${role} may not select from "${shut.table.schema}.${shut.table.name}", and the view runs with the rights of its caller.`,
        remedy: relations.find(shut.table)?.draft ? `Widen select of "${shut.table.name}", or remove ${role} from to.` : `Remove ${role} from to, or first run: grant select on ${shut.table.schema}.${shut.table.name} to ${role}; its policies still decide about rows.`,
      })
  }
  const [first] = open.filter(({ roles }) => roles.length === 0)
  if (all.length === 0 && open.length > 0 && !input.to)
    issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: first ? `No role of the Data API may select from "${first.table.schema}.${first.table.name}", so nobody could read this view.` : 'No role of the Data API may select from all of its tables, so nobody could read this view.',
      remedy: `Grant select on its tables to the role that reads it, for example service_role.`,
    })
  return input.to ? all.filter((role) => input.to?.includes(role)) : all
}
