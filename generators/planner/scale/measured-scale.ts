/** What was read from a database, in the form that the selection of indexes reads. */
import type { MeasuredColumn, StatisticSlot } from '../../design/measured.ts'
import type { ColumnScale } from './table-scale.ts'

/** `modelled` says what statistics do not: how the values lie between the bounds that are known. */
export function measuredScale(modelled: ColumnScale, measured: MeasuredColumn, rows: number): ColumnScale {
  const { nullShare, width, distinct, correlation } = measured
  const common = find(measured, 'common')
  return {
    ...modelled,
    nullShare,
    width,
    distinct: Math.max(1, distinct < 0 ? -distinct * rows : distinct),
    mostCommon: (common?.values ?? []).map((value, place) => ({ value, share: common?.numbers?.[place] ?? 0 })),
    correlation,
    elements: find(measured, 'counts')?.numbers?.at(-1) ?? modelled.elements,
    measured,
  }
}

function find({ slots }: MeasuredColumn, kind: StatisticSlot['kind']): StatisticSlot | undefined {
  return slots.find((slot) => slot.kind === kind)
}
