import type { RowFacts } from '../../../design/access.ts'
import { deletionColumn } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Probe, brokenBy, effects } from '../probe.ts'
import { type SubjectRow, keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

interface Move {
  column: string
  value: string | null
  becomes(facts: RowFacts): RowFacts
}

/**
 * The second line: with the right to write every column, WITH CHECK alone must keep rows where they are. Without a WHERE,
 * because the policies of SELECT would otherwise refuse the new row first.
 */
export function scopeMoveProbes(context: ShapeContext): Probe[] {
  return context.subject.world.identities.filter(isClient).flatMap((identity) => {
    const mine = context.subject.rows.filter(({ facts }) => context.allows('update', identity, facts))
    if (mine.length === 0) return []
    const forbidden = moves(context).filter(({ becomes }) => mine.every(({ facts }) => !context.allows('update', identity, becomes(facts))))
    // One value for each column tells enough.
    const blind = forbidden.filter((move, index) => forbidden.findIndex(({ column }) => column === move.column) === index).map((move) => probe(context, identity, move, null))
    return [...blind, ...carried(context, identity, mine)]
  })
}

/** To where the caller may read the row and not write it: there the policies of SELECT do not answer first, so the row can be named. */
function carried(context: ShapeContext, identity: Identity, mine: readonly SubjectRow[]): Probe[] {
  return moves(context).flatMap((move) => {
    const row = mine.find(({ facts }) => !context.allows('update', identity, move.becomes(facts)) && context.allows('select', identity, move.becomes(facts)) && context.allows('select', identity, facts))
    return row ? [probe(context, identity, move, row)] : []
  })
}

function moves({ subject: { table, world } }: ShapeContext): Move[] {
  const { tenantColumn, ownerColumn } = table
  const deletion = deletionColumn(table)
  return [
    ...(tenantColumn === null || table.kind !== 'row' ? [] : world.tenants.map(({ key, deleted }): Move => ({ column: tenantColumn, value: key, becomes: (facts) => ({ ...facts, tenant: key, organizationDeleted: deleted }) }))),
    ...(ownerColumn === null || table.kind !== 'row' ? [] : world.owners.map(({ identity: { caller } }): Move => ({ column: ownerColumn, value: caller.userId, becomes: (facts) => ({ ...facts, owner: caller.userId }) }))),
    ...(deletion === null ? [] : [{ column: deletion, value: '2024-01-03', becomes: (facts: RowFacts) => ({ ...facts, deleted: true }) }]),
  ]
}

function probe(context: ShapeContext, identity: Identity, { column, value }: Move, only: SubjectRow | null): Probe {
  const { table, rows } = context.subject
  const name = qualified(table)
  return {
    identity, verb: 'update', shape: `set ${column}, with the right to${only ? ', by id' : ''}`, keys: null, readsState: 'affected',
    setup: `grant update on ${name} to ${identity.caller.role}`,
    sql: `update ${name} set ${ident(column)} = ${valueOf(table, column, value)}${only ? ` where ${keyCondition(context.subject, only)}` : ''}`,
    judge: (outcome) => {
      const { changed } = effects(outcome, context.before)
      // A key that is met afterwards shows that the policy let the row pass.
      const complaint = brokenBy(outcome, identity) ?? (changed.size > 0 ? `only the rights on columns keep ${identity.title} from writing ${table.schema}.${table.name}.${column}: WITH CHECK lets the new row pass` : undefined)
      return rows.filter(({ facts }) => context.allows('update', identity, facts)).slice(0, 1).map((row) => ({ row, expected: false, observed: changed.size > 0, ...(complaint === undefined ? {} : { complaint }) }))
    },
  }
}
