/** How often rows are written, and how long they stay. */
import { isTime } from './column-types.ts'
import { readColumns } from './normalize-constraints.ts'
import { readDuration, readRate } from '../read-quantity.ts'
import { type Reading, readName } from '../reading.ts'
import { type TableDraft, columnNames, findColumn } from '../table-draft.ts'

const secondsPerDay = 86_400

/** Needs the scale: what is not said follows from growth. */
export function normalizeWrites(reading: Reading, draft: TableDraft): void {
  const input = draft.input?.writes
  const path = [...draft.path, 'writes']
  const { spec } = draft
  const updates = (input?.update ?? []).flatMap((written, index) => {
    const place = [...path, 'update', index]
    const columns = readColumns(reading, draft, [...place, 'columns'], written.columns)
    const perSecond = readRate(reading, [...place, 'rate'])
    return columns && perSecond !== null ? [{ columns: columns.map(({ name }) => name), perSecond }] : []
  })
  spec.writes = {
    insertsPerSecond: readRate(reading, [...path, 'insert']) ?? spec.scale.growthPerDay / secondsPerDay,
    updates,
    deletesPerSecond: readRate(reading, [...path, 'delete']) ?? 0,
  }
}

/** `drop_partition` is refused elsewhere. */
export function normalizeRetention(reading: Reading, draft: TableDraft): void {
  const input = draft.input?.retention
  if (!input) return
  const path = [...draft.path, 'retention']
  const keep = readDuration(reading, [...path, 'keep'])
  const by = readName(reading, [...path, 'by'], input.by)
  const hold = input.hold === undefined ? null : readName(reading, [...path, 'hold'], input.hold)
  const { issues } = reading
  const type = by === null ? undefined : draft.types.get(by)
  if (by !== null && !findColumn(draft, by))
    issues.unknown({
      path: [...path, 'by'], what: `column of "${draft.spec.name}" called`, name: by, known: columnNames(draft),
    })
  else if (type && !isTime(type))
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'by'],
      message: `"${by}" is ${type.sql}, and an age needs a time or a date.`,
      remedy: 'Use for example: by: created_at',
    })
  const held = hold === null ? undefined : draft.types.get(hold)
  if (held && (held.name !== 'bool' || held.isArray))
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'hold'],
      message: `"${hold}" is ${held.sql}, and must be boolean.`,
      remedy: `Give "${hold}" the type boolean, or leave it out of the columns: it is added.`,
    })
  if (keep && by !== null && input.then !== 'drop_partition') draft.spec.retention = { keep, by, then: input.then, hold }
}
