/** Common elements in the order in which the planner looks for them. */
import type { StatisticSlot } from '../../design/measured.ts'
import type { Session } from '../session.ts'

/** `type`: of the column, as `format_type` prints it. Only the server knows how its collation sorts. */
export async function inElementOrder(session: Session, type: string, slots: readonly StatisticSlot[]): Promise<StatisticSlot[]> {
  return await Promise.all(slots.map(async (slot) => (slot.kind === 'elements' && (slot.values?.length ?? 0) > 1 ? sorted(slot, await orderOf(session, type, slot.values ?? [])) : slot)))
}

/** Places of the values, lowest value first. Lexemes go by their length, then by their bytes. */
async function orderOf(session: Session, type: string, values: readonly string[]): Promise<number[]> {
  const places = values.map((_value, place) => place)
  if (type === 'tsvector') {
    const bytes = values.map((value) => Buffer.from(value))
    return places.toSorted((a, b) => (bytes[a]?.length ?? 0) - (bytes[b]?.length ?? 0) || Buffer.compare(bytes[a] ?? Buffer.alloc(0), bytes[b] ?? Buffer.alloc(0)))
  }
  const { rows } = await session.query<{ place: number }>(`select (place - 1)::int4 as place from unnest($1::text[]::${type}) with ordinality e (value, place) order by value`, [values])
  return rows.map(({ place }) => place)
}

/** Lowest and highest share stay behind those of the elements. */
function sorted({ kind, numbers, values }: StatisticSlot, order: readonly number[]): StatisticSlot {
  const shares = numbers ?? []
  return { kind, values: order.map((place) => values?.[place] ?? ''), numbers: [...order.map((place) => shares[place] ?? 0), ...shares.slice(order.length)] }
}
