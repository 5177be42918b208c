/** Values that an update may write: valid for the row, and neutral to who may see it. */
import { writableColumns } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Fixtures, Wanted } from '../fixtures/fixtures.ts'
import { type Change, type Subject, type SubjectRow, keyCondition, valueOf } from './subject.ts'

/** A subject whose requests are still being looked for. */
export type Unfinished = Omit<Subject, 'changes' | 'drafts' | 'moves'>

/** A column and value for each row, and one that the whole table takes at once. Tried as the owner of the table. */
export async function findChanges(session: Session, fixtures: Fixtures, subject: Unfinished): Promise<Subject['changes']> {
  const { table, rows } = subject
  const byRow = new Map<string, Change>()
  let blind: Change | null = null
  const columns = changeable(subject)
  for (const column of columns) {
    const proposals = new Set<string>()
    for (const row of rows) {
      if (byRow.has(row.key) && (blind !== null || proposals.size > 0)) continue
      const value = await changeOf(session, fixtures, subject, { row, column, known: [...proposals] })
      if (value === undefined) continue
      proposals.add(value)
      if (!byRow.has(row.key)) byRow.set(row.key, { column, sql: valueOf(table, column, value) })
    }
    const candidates = [...[...proposals].map((value) => valueOf(table, column, value)), 'gen_random_uuid()::text']
    blind ??= (await firstThatFits(session, subject, column, null, candidates)) ?? null
    if (blind && rows.every(({ key }) => byRow.has(key))) break
  }
  // A row that has no other value can still be written to itself.
  const [first] = columns
  for (const { key } of rows) if (first !== undefined && !byRow.has(key)) byRow.set(key, { column: first, sql: ident(first) })
  // One role for all would take the last holder from some organisation, one parent for all is in one tenant, one hash for all is no hash.
  if (first !== undefined) blind ??= { column: first, sql: ident(first) }
  return { byRow, blind }
}

/** Another value for the row: one that an earlier row took if it fits, because then it may fit all. */
async function changeOf(session: Session, fixtures: Fixtures, subject: Unfinished, { row, column, known }: { row: SubjectRow; column: string; known: string[] }): Promise<string | undefined> {
  const { table } = subject
  const must = visibilityOf(subject, row)
  const fitting = async (values: readonly string[]) => {
    const texts = new Map(values.filter((value) => value !== row.values[column]).map((value) => [valueOf(table, column, value), value]))
    const change = await firstThatFits(session, subject, column, keyCondition(subject, row), [...texts.keys()])
    return change && texts.get(change.sql)
  }
  // A value that was right for another row may hide this one.
  return (must.length > 0 ? undefined : await fitting(known)) ?? fitting(await fixtures.otherValues(table, row.values, column, must))
}

/** Plain columns first; one that a key or the condition of access needs only when nothing else is left. */
function changeable({ table, plan }: Pick<Subject, 'table' | 'plan'>): string[] {
  const keyed = new Set([...table.uniques.flatMap(({ columns }) => columns), ...table.foreignKeys.flatMap(({ columns }) => columns)])
  const conditions = [table.access.where.own, table.access.where.any].join(' ')
  const checked = plan.tables.find((candidate) => candidate.table === table)?.checks.flatMap(({ columns }) => columns) ?? []
  const cost = (column: string) => (keyed.has(column) ? 4 : 0) + (conditions.includes(column) ? 8 : 0) + (checked.includes(column) ? 1 : 0)
  const writable = writableColumns(table, 'update')
  // Where clients write nothing, the service may.
  const candidates = writable.length > 0 ? writable : table.columns.filter(({ origin, generated, identity }) => ['declared', 'file'].includes(origin) && generated === null && !identity).map(({ name }) => name)
  return candidates.filter((column) => !table.primaryKey.includes(column)).toSorted((left, right) => cost(left) - cost(right))
}

function visibilityOf({ table: { access } }: Pick<Subject, 'table'>, { facts }: SubjectRow): NonNullable<Wanted['must']> {
  const side = (which: 'own' | 'any') => (access.where[which] === null ? [] : [{ sql: access.where[which], holds: facts.where[which] ? ('true' as const) : ('not true' as const) }])
  return [...side('own'), ...side('any')]
}

async function firstThatFits(session: Session, { table }: Pick<Subject, 'table'>, column: string, condition: string | null, expressions: readonly string[]): Promise<Change | undefined> {
  for (const sql of expressions) {
    await session.query('savepoint access_change')
    const update = `update ${qualified(table)} set ${ident(column)} = ${sql}${condition === null ? '' : ` where ${condition}`}`
    const fits = await session.query(update).then(({ rowCount }) => condition === null || rowCount === 1, () => false)
    await session.query('rollback to savepoint access_change; release savepoint access_change')
    if (fits) return { column, sql }
  }
  return undefined
}
