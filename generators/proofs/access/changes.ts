/** Values that an update may write: valid for the row, and neutral to who may see it. */
import { writableColumns } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Fixtures, Wanted } from '../fixtures/fixtures.ts'
import { type Change, type Subject, type SubjectRow, keyCondition, valueOf } from './subject.ts'

/** A column and value for each row, and one that the whole table takes at once. Tried as the owner of the table. */
export async function findChanges(session: Session, fixtures: Fixtures, subject: Omit<Subject, 'changes' | 'drafts'>): Promise<Subject['changes']> {
  const { table, rows } = subject
  const columns = changeable(subject)
  const byRow = new Map<string, Change>()
  let blind: Change | null = null
  for (const column of columns) {
    const proposals = new Set<string>()
    for (const row of rows.filter(({ key }) => !byRow.has(key))) {
      const must = visibilityOf(subject, row)
      const known = [...proposals].filter((value) => value !== row.values[column])
      const value = await firstThatFits(session, subject, column, keyCondition(subject, row), must.length > 0 ? [] : known)
        ?? (await firstThatFits(session, subject, column, keyCondition(subject, row), await fixtures.otherValues(table, row.values, column, must)))
      if (value === undefined) continue
      proposals.add(value)
      byRow.set(row.key, { column, value })
    }
    if (blind === null) {
      const value = await firstThatFits(session, subject, column, null, [...proposals])
      if (value !== undefined) blind = { column, value }
    }
    if (blind && rows.every(({ key }) => byRow.has(key))) break
  }
  return { byRow, blind }
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

async function firstThatFits(session: Session, { table }: Pick<Subject, 'table'>, column: string, condition: string | null, values: readonly string[]): Promise<string | undefined> {
  for (const value of values) {
    await session.query('savepoint access_change')
    const sql = `update ${qualified(table)} set ${ident(column)} = ${valueOf(table, column, value)}${condition === null ? '' : ` where ${condition}`}`
    const fits = await session.query(sql).then(({ rowCount }) => condition === null || rowCount === 1, () => false)
    await session.query('rollback to savepoint access_change; release savepoint access_change')
    if (fits) return value
  }
  return undefined
}
