/** Rows that somebody moves to another parent: only into one that passes as well. */
import type { RowFacts } from '../../design/access.ts'
import { writableColumns } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../sql/identifier.ts'
import type { Unfinished } from './changes.ts'
import { type Identity, isClient } from './identity.ts'
import { type Move, type Subject, type SubjectRow, keyCondition, may, valueOf } from './subject.ts'
import type { ParentRow } from './parent-row.ts'

/** For each client one move that the spec allows and one that it does not; tried as the owner of the table, and taken back. */
export async function findMoves(session: Session, subject: Unfinished): Promise<Subject['moves']> {
  const { table, world, rows, parents } = subject
  const via = table.access.via?.column
  const found: Subject['moves'] = new Map()
  if (via === undefined || parents.length === 0 || !writableColumns(table, 'update').includes(via)) return found
  const fits = new Map<string, boolean>()
  const isPossible = async (row: SubjectRow, parent: ParentRow) => {
    const place = JSON.stringify([row.key, parent.id])
    const known = fits.get(place) ?? (await works(session, subject, row, via, parent))
    fits.set(place, known)
    return known
  }
  for (const identity of world.identities.filter(isClient)) {
    const mine = rows.filter(({ facts }) => reaches(subject, identity, facts))
    const list: Move[] = []
    for (const allowed of [true, false]) {
      const wanted = mine.flatMap((row) => parents.filter(({ given }) => given[via] !== row.values[via]).map((parent) => ({ row, parent, becomes: { ...row.facts, ...parent.gives } })))
      for (const move of wanted.filter(({ becomes }) => reaches(subject, identity, becomes) === allowed).slice(0, 6)) {
        if (!(await isPossible(move.row, move.parent))) continue
        list.push(move)
        break
      }
    }
    if (list.length > 0) found.set(identity, list)
  }
  return found
}

function reaches(subject: Unfinished, identity: Identity, facts: RowFacts): boolean {
  return may(subject, 'update', identity, facts) && may(subject, 'select', identity, facts)
}

async function works(session: Session, subject: Unfinished, row: SubjectRow, via: string, { given }: ParentRow): Promise<boolean> {
  await session.query('savepoint access_move')
  const update = `update ${qualified(subject.table)} set ${ident(via)} = ${valueOf(subject.table, via, given[via] ?? null)} where ${keyCondition(subject, row)}`
  const done = await session.query(`set constraints all immediate; ${update}`).then(() => true, () => false)
  await session.query('rollback to savepoint access_move; release savepoint access_move')
  return done
}
