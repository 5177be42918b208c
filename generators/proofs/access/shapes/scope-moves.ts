import type { RowFacts } from '../../../design/access.ts'
import { deletionColumn } from '../../../design/spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Probe, brokenBy, effects, oneOfEach } from '../probe.ts'
import { type SubjectRow, keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

interface Move {
  column: string
  value: string | null
  becomes(facts: RowFacts): RowFacts
  /** Goes with the value, because a composite foreign key holds both. */
  tenant?: string | null
}

/**
 * The second line: with the right to write every column, WITH CHECK alone must keep rows where they are. Without a WHERE,
 * because the policies of SELECT would otherwise refuse the new row first.
 */
export function scopeMoveProbes(context: ShapeContext): Probe[] {
  return context.subject.world.identities.filter(isClient).flatMap((identity) => {
    const mine = context.subject.rows.filter(({ facts }) => context.allows('update', identity, facts))
    if (mine.length === 0) return []
    const isLost = ({ becomes }: Move) => mine.map(({ facts }) => !context.allows('update', identity, becomes(facts)))
    const forbidden = moves(context).filter((move) => isLost(move).every(Boolean))
    // Where a parent decides, some rows may go where others may not; one that may not stops them all.
    const divided = parentMoves(context).filter((move) => isLost(move).some(Boolean) && !isLost(move).every(Boolean))
    // One value for each column tells enough.
    const told = [...forbidden, ...divided.slice(0, 2)].filter((move, index, all) => index >= forbidden.length || all.findIndex(({ column }) => column === move.column) === index)
    return [...told.map((move) => probe(context, identity, move, null)), ...carried(context, identity, mine)]
  })
}

/** To where the caller may read the row and not write it: there the policies of SELECT do not answer first, so the row can be named. */
function carried(context: ShapeContext, identity: Identity, mine: readonly SubjectRow[]): Probe[] {
  const found = moves(context).flatMap((move) => {
    const rows = mine.filter(({ facts }) => !context.allows('update', identity, move.becomes(facts)) && context.allows('select', identity, move.becomes(facts)) && context.allows('select', identity, facts))
    // Their own and somebody else's: whose it is may open what the role there does not.
    return oneOfEach(rows, ({ facts }) => facts.owner !== null && facts.owner === identity.caller.userId).map((row) => ({ move, row }))
  })
  // There may be many parents: the first tells enough.
  const vias = found.filter(({ move }) => move.tenant !== undefined)
  return found.filter((one) => !vias.includes(one) || vias[0]?.move === one.move).map(({ move, row }) => probe(context, identity, move, row))
}

function moves({ subject: { table, world, parents } }: ShapeContext): Move[] {
  const { tenantColumn, ownerColumn } = table
  const deletion = deletionColumn(table)
  return [
    ...(tenantColumn === null || table.kind !== 'row' ? [] : world.tenants.map(({ key, deleted }): Move => ({ column: tenantColumn, value: key, becomes: (facts) => ({ ...facts, tenant: key, organizationDeleted: deleted }) }))),
    ...(ownerColumn === null || table.kind !== 'row' ? [] : world.owners.map(({ identity: { caller } }): Move => ({ column: ownerColumn, value: caller.userId, becomes: (facts) => ({ ...facts, owner: caller.userId }) }))),
    ...(deletion === null ? [] : [{ column: deletion, value: '2024-01-03', becomes: (facts: RowFacts) => ({ ...facts, deleted: true }) }]),
    ...keyMoves(table),
    ...parentMoves({ subject: { table, parents } }),
  ]
}

/** Shares name the key: with another one, nobody has a share in the row. */
function keyMoves({ access, primaryKey: [key, ...more], ...table }: ShapeContext['subject']['table']): Move[] {
  const isShared = access.shares !== null && key !== undefined && more.length === 0 && table.columns.some(({ name, type }) => name === key && type === 'uuid')
  return isShared ? [{ column: key, value: seededUuid('nowhere'), becomes: (facts) => ({ ...facts, shares: [] }) }] : []
}

function parentMoves({ subject: { table, parents } }: { subject: Pick<ShapeContext['subject'], 'table' | 'parents'> }): Move[] {
  const columns = [...new Set([table.access.via, table.tenantVia].flatMap((via) => via?.column ?? []))]
  return columns.flatMap((column) => parents.filter(({ given }) => given[column] !== undefined).map(({ given, gives, tenant }): Move => ({ column, value: given[column] ?? null, tenant, becomes: (facts) => ({ ...facts, ...(tenant === null ? {} : { tenant }), ...gives }) })))
}

function probe(context: ShapeContext, identity: Identity, { column, value, tenant = null }: Move, only: SubjectRow | null): Probe {
  const { table, rows } = context.subject
  const name = qualified(table)
  const copy = table.tenantColumn !== null && tenant !== null ? `, ${ident(table.tenantColumn)} = ${valueOf(table, table.tenantColumn, tenant)}` : ''
  return {
    identity, verb: 'update', shape: `set ${column}, with the right to${only ? ', by id' : ''}`, keys: null, readsState: 'affected',
    setup: `grant update on ${name} to ${identity.caller.role}`,
    sql: `update ${name} set ${ident(column)} = ${valueOf(table, column, value)}${copy}${only ? ` where ${keyCondition(context.subject, only)}` : ''}`,
    judge: (outcome) => {
      const { changed } = effects(outcome, context.before)
      // A key that is met afterwards shows that the policy let the row pass.
      const complaint = brokenBy(outcome, identity) ?? (changed.size > 0 ? `only the rights on columns keep ${identity.title} from writing ${table.schema}.${table.name}.${column}: WITH CHECK lets the new row pass` : undefined)
      return rows.filter(({ facts }) => context.allows('update', identity, facts)).slice(0, 1).map((row) => ({ row, expected: false, observed: changed.size > 0, ...(complaint === undefined ? {} : { complaint }) }))
    },
  }
}
