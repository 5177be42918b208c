import { ident, qualified } from '../../../sql/identifier.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, oneOfEach } from '../probe.ts'
import { type NewRow, type SubjectRow, keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'
import { insertAs } from './insert.ts'

/** `updated_at`, `created_by`, `updated_by`: what triggers keep, whoever writes them. */
export function keptColumnProbes(context: ShapeContext): Probe[] {
  const { world } = context.subject
  return world.identities.flatMap((identity) => [...(isClient(identity) ? [] : updatedAt(context, identity)), ...actors(context, identity)])
}

/** The service may name the column. What it writes must not stay. */
function updatedAt(context: ShapeContext, identity: Identity): Probe[] {
  const { table } = context.subject
  const column = table.timestamps ? table.columns.find(({ origin, name }) => origin === 'timestamp' && name === 'updated_at') : undefined
  const row = writtenBy(context, identity)[0]
  if (!column || !row) return []
  const past = '2001-01-01'
  return [
    {
      identity, verb: 'update', shape: 'updated_at is kept', keys: ['stays'], readsState: 'never',
      sql: `update ${qualified(table)} set updated_at = ${valueOf(table, 'updated_at', past)} where ${keyCondition(context.subject, row)} returning updated_at = ${valueOf(table, 'updated_at', past)} as stays`,
      judge: ({ code, keys }) => kept(row, code === null, keys[0] !== 'true', `${table.schema}.${table.name}.updated_at keeps what ${identity.title} writes: its trigger does not run`),
    },
  ]
}

/** Who created the row and who changed it last is the user of the token, null for the service. */
function actors(context: ShapeContext, identity: Identity): Probe[] {
  const { subject } = context
  const { table } = subject
  if (table.audit !== 'columns') return []
  const user = identity.caller.userId
  const is = (column: string, value: string | null) => `${column} is not distinct from ${valueOf(table, column, value)}`
  // The service may name them. What it writes must not stay.
  const somebody = subject.world.identities.find(({ caller }) => caller.userId !== null && caller.userId !== user)?.caller.userId ?? null
  const named = isClient(identity) ? {} : { created_by: somebody, updated_by: somebody }
  const by = (columns: readonly string[]) => columns.map((column) => is(column, user)).join(' and ')
  const inserted = (row: NewRow): Probe => ({
    identity, verb: 'insert', shape: 'actors are kept', keys: ['right'], readsState: 'never',
    sql: `${insertAs(subject, identity, { ...row, columns: { ...row.columns, ...named } })} returning ${by(['created_by', 'updated_by'])} as right`,
    judge: ({ code, keys }) => kept(row, code === null, keys[0] === 'true', `an INSERT by ${identity.title} stores somebody else as created_by or updated_by in ${table.schema}.${table.name}`),
  })
  const updated = (row: SubjectRow): Probe => {
    const change = subject.changes.byRow.get(row.key)
    const also = Object.entries(named).map(([column, value]) => `, ${column} = ${valueOf(table, column, value)}`).join('')
    return {
      identity, verb: 'update', shape: 'actors are kept', keys: ['right'], readsState: 'never',
      sql: `update ${qualified(table)} set ${ident(change?.column ?? '')} = ${change?.sql ?? ''}${also} where ${keyCondition(subject, row)} returning ${by(['updated_by'])} and ${is('created_by', row.values['created_by'] ?? null)} as right`,
      judge: ({ code, keys }) => kept(row, code === null, keys[0] === 'true', `an UPDATE by ${identity.title} leaves the wrong updated_by or created_by in ${table.schema}.${table.name}`),
    }
  }
  const insertable = (subject.drafts.get(identity) ?? []).filter(({ facts }) => context.allows('insert', identity, facts) && context.allows('select', identity, facts))
  const changeable = writtenBy(context, identity).filter(({ key }) => subject.changes.byRow.has(key))
  return [...oneOfEach(insertable, () => true).map(inserted), ...oneOfEach(changeable, () => true).map(updated)]
}

function writtenBy(context: ShapeContext, identity: Identity): SubjectRow[] {
  return context.subject.rows.filter(({ facts }) => context.allows('update', identity, facts) && context.allows('select', identity, facts))
}

/** Only rows that may be written are asked for, so that getting through is what is expected. */
function kept(row: { id: string; title: string }, passed: boolean, right: boolean, complaint: string): Judgement[] {
  return [{ row, expected: true, observed: passed, ...(passed && !right ? { complaint } : {}) }]
}
