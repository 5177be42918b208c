import { type Identity, isClient } from '../identity.ts'
import { type Probe, oneOfEach, refused } from '../probe.ts'
import { hasOneRowEach } from '../row-states.ts'
import type { SubjectRow } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { insertAs } from './insert.ts'

/**
 * Where nobody has a second row there is no new row to send. So rows that are there are sent once more: WITH CHECK is asked before
 * any key, and a duplicate shows that it let the row pass.
 */
export function insertAgainProbes(context: ShapeContext): Probe[] {
  const { table, rows, world, drafts } = context.subject
  if (!hasOneRowEach(table) || table.kind !== 'row') return []
  const live = rows.filter(({ facts }) => !facts.deleted && facts.owner !== null)
  return world.identities.flatMap((identity) => {
    const isOwn = ({ facts }: SubjectRow) => facts.owner === identity.caller.userId
    const known = (row: SubjectRow) => drafts.get(identity)?.some(({ facts }) => facts.owner === row.facts.owner && facts.tenant === row.facts.tenant)
    return oneOfEach(live.filter((row) => !known(row)), (row) => JSON.stringify([isOwn(row), row.facts.tenant, context.allows('insert', identity, row.facts)])).map((row) => probe(context, identity, row, isOwn(row)))
  })
}

function probe({ subject, allows }: ShapeContext, identity: Identity, row: SubjectRow, own: boolean): Probe {
  const { table, world } = subject
  const tenant = world.tenants.find(({ key }) => key === row.facts.tenant)
  const cell = { id: `new:${own ? 'own' : 'others'}${tenant ? `:${tenant.id}` : ''}`, title: `new row ${own ? 'of their own' : 'for somebody else'}${tenant ? ` in ${tenant.title}` : ''}` }
  const expected = allows('insert', identity, row.facts)
  const columns = isClient(identity) ? row.values : Object.fromEntries(table.columns.filter(({ generated }) => generated === null).map(({ name }) => [name, row.values[name] ?? null]))
  return {
    identity, verb: 'insert', shape: 'of a row that is there', keys: null, readsState: 'never',
    sql: insertAs(subject, identity, { ...cell, facts: row.facts, columns, stored: row.values }),
    judge: ({ code, message }) => {
      const passed = code === null || code === '23505'
      const broken = passed || code === refused ? undefined : `the INSERT of ${row.title} by ${identity.title} ended with ${code}: ${message}`
      return [{ row: cell, expected, observed: passed, ...(broken === undefined ? {} : { complaint: broken }) }]
    },
  }
}
