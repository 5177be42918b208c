/** Two observations of one table: which answers are wider, which narrower, which fail now. */
import type { Difference } from '../../design/access-diff.ts'
import type { Observation } from '../observe/observe.ts'
import type { ObservedCell } from '../observe/observe-table.ts'
import type { Side } from './side.ts'
import { answer, scriptOf, smallest } from './witness.ts'

export type Direction = 'gained' | 'lost' | 'otherwise'

interface Pair {
  before: ObservedCell
  after: ObservedCell
}

/** Past rights and row level security: a key or check that refuses the row afterwards is no matter of access. */
export function reached({ outcome, code, count }: ObservedCell): number {
  return outcome === 'done' ? Math.max(1, count) : code?.startsWith('23') ? 1 : 0
}

export interface Compared {
  direction: Direction
  /** Cells with the same rows, of everybody who got the same. */
  pairs: Pair[]
}

export function compareCells(base: Observation, head: Observation): Compared[] {
  const key = ({ as, verb, row }: ObservedCell) => JSON.stringify([as.id, verb, row])
  const before = new Map(base.cells.map((cell) => [key(cell), cell]))
  const groups = new Map<string, Compared>()
  for (const after of head.cells) {
    const old = before.get(key(after))
    const direction = old && directionOf(old, after)
    if (!old || !direction) continue
    const group = JSON.stringify([direction, after.as.id, after.verb])
    const found = groups.get(group) ?? { direction, pairs: [] }
    found.pairs.push({ before: old, after })
    groups.set(group, found)
  }
  return alike([...groups.values()])
}

function directionOf(before: ObservedCell, after: ObservedCell): Direction | null {
  const change = reached(after) - reached(before)
  if (change !== 0) return change > 0 ? 'gained' : 'lost'
  return after.outcome === 'error' && after.code !== before.code && !after.code?.startsWith('23') ? 'otherwise' : null
}

/** Everybody who gets the same for the same rows stands in one line. */
function alike(groups: readonly Compared[]): Compared[] {
  const byAnswer = new Map<string, Compared>()
  for (const { direction, pairs } of groups) {
    const key = JSON.stringify([direction, pairs[0]?.after.verb, pairs.map(({ before, after }) => [after.row, sayOf(before), sayOf(after)])])
    const known = byAnswer.get(key)
    if (known) known.pairs.push(...pairs)
    else byAnswer.set(key, { direction, pairs: [...pairs] })
  }
  return [...byAnswer.values()]
}

interface Context {
  base: Side
  head: Side
  object: string
  because: string[]
  observed: { base: Observation; head: Observation }
}

/** With the shortest script that shows it: on the head for what is gained, on the base for what is lost. */
export async function differenceOf({ direction, pairs }: Compared, { base, head, object, because, observed }: Context): Promise<Difference> {
  const [first] = pairs
  if (!first) throw new Error('A comparison without a pair.')
  const side = direction === 'lost' ? 'base' : 'head'
  const [shown, session] = side === 'base' ? [first.before, base.session] : [first.after, head.session]
  const { role, claims } = shown.as
  const everything = { role, claims, sql: shown.sql, setup: neededBy(shown, observed[side]) }
  const isWanted = ({ isUnasked, code, count }: { isUnasked: boolean; code: string | null; count: number }) =>
    !isUnasked && (shown.outcome === 'done' ? code === null && count >= shown.count : code === shown.code)
  const whole = isWanted(await answer(session, everything)) ? everything : { ...everything, setup: observed[side].world.setup }
  const witness = { ...whole, setup: await smallest(session, whole, isWanted) }
  return {
    kind: 'rows', object, action: shown.verb, because,
    who: [...new Set(pairs.map(({ after }) => after.identity))],
    what: [...new Set(pairs.map(({ after }) => after.row))],
    before: sayOf(first.before), after: sayOf(first.after),
    witness: { ...witness, script: scriptOf(witness) },
  }
}

/** Without the rows of people who are not asked, as far as their keys tell. */
function neededBy({ as }: ObservedCell, { world }: Observation): string[] {
  const others = world.identities.filter(({ id }) => id !== as.id && id !== 'owner' && id !== 'peer').flatMap(({ caller }) => caller.userId ?? [])
  return world.setup.filter((statement) => !others.some((id) => statement.includes(id)))
}

export function sayOf({ outcome, code, message, count, verb }: ObservedCell): string {
  if (outcome === 'done') return verb === 'select' ? `${count} ${count === 1 ? 'row' : 'rows'}` : `${count} ${count === 1 ? 'row' : 'rows'} written`
  if (outcome === 'nothing') return 'no row'
  return code?.startsWith('23') ? `past row level security, then ${code}: ${message}` : `${code}: ${message}`
}
