import { scopeColumn, writableColumns } from '../../../design/spec.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Probe, speakers } from '../probe.ts'
import type { SubjectRow } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { insertSql } from './insert.ts'

/** A value that another tenant has is free: a duplicate key would tell that it exists there. */
export function uniqueKeyProbes(context: ShapeContext): Probe[] {
  const { table, plan, rows, drafts, world } = context.subject
  const scope = scopeColumn(table)
  const planned = plan.tables.find((candidate) => candidate.table === table)
  const scoped = (planned?.uniques ?? []).filter(({ tenantScoped, forChildren }) => tenantScoped && !forChildren).flatMap(({ columns }) => columns)
  if (!planned || scoped.length === 0) return []
  const linked = planned.foreignKeys.filter(({ tenantScoped }) => tenantScoped).flatMap(({ columns }) => columns).filter((column) => column !== scope)
  // A reference into a tenant is nobody else's; where none counts as a value, that is the same for all.
  const bare = linked.filter((name) => table.columns.some((column) => column.name === name && column.nullable))
  const candidates = rows.filter(({ facts }) => facts.tenant !== null && facts.tenant === world.tenants[1]?.key && !facts.deleted)
  const theirs = candidates.find(({ values }) => bare.every((name) => (values[name] ?? null) === null)) ?? candidates[0]
  if (!theirs) return []
  // Of a key that holds for all tenants some column must differ.
  const global = planned.uniques.filter(({ columns }) => scope !== null && !columns.includes(scope)).flatMap(({ columns }) => (columns.every((name) => scoped.includes(name)) ? columns : columns.filter((name) => !scoped.includes(name))))
  const draftOf = (identity: Identity) => drafts.get(identity)?.find(({ facts }) => facts.tenant !== theirs.facts.tenant && context.allows('insert', identity, facts))
  const inserts = (identity: Identity) => draftOf(identity) !== undefined
  const byClients = world.identities.some((identity) => isClient(identity) && inserts(identity))
  const writable = byClients ? writableColumns(table, 'insert') : table.columns.filter(({ generated, identity }) => generated === null && !identity).map(({ name }) => name)
  const copied = writable.filter((name) => ![scope, table.ownerColumn, ...linked, ...global, ...table.primaryKey].includes(name))
  // Where the service alone inserts, it finds its value taken by a tenant that has nothing to do with it.
  return (byClients ? speakers(world.identities, inserts) : world.identities.filter((identity) => !isClient(identity))).flatMap((identity): Probe[] => {
    const row = draftOf(identity)
    if (!row) return []
    const values: SubjectRow['values'] = { ...row.columns, ...Object.fromEntries(copied.map((name) => [name, theirs.values[name] ?? null])), ...Object.fromEntries(bare.filter((name) => (theirs.values[name] ?? null) === null).map((name) => [name, null])) }
    const named = writable.filter((name) => values[name] !== undefined && values[name] !== null)
    return [
      {
        identity, verb: 'insert', shape: 'a value of another tenant', keys: null, readsState: 'never',
        sql: insertSql(table, named, [{ ...row, columns: values }]),
        judge: ({ code, message }) => [
          { row, expected: true, observed: code === null, ...(code === '23505' ? { complaint: `an INSERT by ${identity.title} with values of another tenant meets a duplicate key, which tells that they exist: ${message}` } : {}) },
        ],
      },
    ]
  })
}
