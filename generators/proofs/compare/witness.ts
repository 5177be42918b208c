/** The request that shows a difference, with the rows that it needs and no others. */
import type { Witness } from '../../design/access-diff.ts'
import type { Session } from '../../postgres/session.ts'
import { ident } from '../../sql/identifier.ts'
import { literal } from '../../sql/literal.ts'

export interface Answer {
  code: string | null
  message: string | null
  /** Rows counted or written. */
  count: number
  /** The setup did not go through: nothing was asked. */
  isUnasked: boolean
}

/** The statements, the role, the token and the request, without an end: what was done is thrown away with the database. */
export function scriptOf({ role, claims, sql, setup }: Omit<Witness, 'script'>): string {
  return ['begin', ...setup, ...(role === 'postgres' ? [] : [`set local role ${ident(role)}`]), ...(claims === null ? [] : [`set local "request.jwt.claims" = ${literal(claims)}`]), sql].join(';\n') + ';'
}

export async function answer(session: Session, { role, claims, sql, setup }: Omit<Witness, 'script'>): Promise<Answer> {
  const before = ["begin; set local statement_timeout = '10s'", ...setup, ...(role === 'postgres' ? [] : [`set local role ${ident(role)}`]), ...(claims === null ? [] : [`set local "request.jwt.claims" = ${literal(claims)}`])].join(';\n')
  try {
    await session.query(before)
  } catch (error) {
    await session.query('rollback')
    return { ...refused(error), isUnasked: true }
  }
  try {
    const { rows, rowCount } = await session.query<{ count?: unknown }>(sql)
    const counted = rows.length === 1 && rows[0] !== undefined && 'count' in rows[0] ? Number(rows[0].count) : rowCount
    return { code: null, message: null, count: counted, isUnasked: false }
  } catch (error) {
    return { ...refused(error), isUnasked: false }
  } finally {
    await session.query('rollback')
  }
}

function refused(error: unknown): Pick<Answer, 'code' | 'message' | 'count'> {
  const { code, message } = error as { code?: unknown; message: string }
  if (typeof code !== 'string') throw error
  return { code, message, count: 0 }
}

/** Keeps what the answer depends on. `isWanted` judges an answer. */
export async function smallest(session: Session, witness: Omit<Witness, 'script'>, isWanted: (answer: Answer) => boolean): Promise<string[]> {
  const holds = async (setup: string[]) => isWanted(await answer(session, { ...witness, setup }))
  let kept = witness.setup
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = kept.length; end > 0; end -= size) {
      const without = kept.filter((_statement, place) => place < end - size || place >= end)
      if (without.length < kept.length && (await holds(without))) kept = without
    }
  }
  return kept
}
