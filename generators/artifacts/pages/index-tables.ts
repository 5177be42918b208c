/** The indexes of each table: reasons, queries, sizes, and what a write pays for them. */
import type { DocumentInput } from '../define-artifact.ts'
import type { Plan, TablePlan } from '../../design/plan.ts'
import { code, codes, counted, listed, table, prose } from './markdown.ts'
import { bytes, count, rate } from './quantity.ts'
import { indexInsert, keyInsert, worthWords } from './scale-words.ts'
import { indexesInTheWay, keptByTrigger } from '../../planner/hot-updates.ts'
import { estimateTable } from '../../planner/size-model.ts'
import { type TableIndex, coveringIndex, nameOf, tableIndexes } from '../../planner/table-indexes.ts'

/** Every index of a new table, keys included. */
export function indexesTable(planned: TablePlan, { plan, catalog, evidence }: DocumentInput): string {
  const size = estimateTable(plan, planned, catalog)
  return table(
    ['index', 'kind', 'columns', 'why', 'queries', 'at launch', `after ${plan.spec.horizon.text}`, 'an insert pays', 'worth'],
    size.indexes.map(({ index, bytes: figures, upperBound }) => [
      code(index.name),
      index.kind === 'index' ? index.method : index.kind,
      columnsOf(index),
      reasons(index, planned, plan),
      codes(evidence.plans.queries.filter((query) => query.indexes.includes(index.name)).map((query) => query.name)),
      `${upperBound ? 'at most ' : ''}${bytes(figures.launch)}`,
      `${upperBound ? 'at most ' : ''}${bytes(figures.horizon)}`,
      paid(index, planned, plan),
      worth(index, plan),
    ]),
  )
}

/** Processor time and WAL, by the figures that the page names. */
function paid(index: TableIndex, planned: TablePlan, plan: Plan): string {
  const chosen = plan.indexes.find((one) => one.name === index.name)
  const { microseconds, walBytes } = chosen ? indexInsert(chosen, plan) : keyInsert(index, planned, plan)
  return `${count(microseconds)} µs, ${count(walBytes)} bytes of WAL`
}

function worth({ name }: TableIndex, { indexes }: Plan): string {
  const chosen = indexes.find((one) => one.name === name)
  return chosen ? worthWords(chosen, code) : ''
}

function columnsOf(index: TableIndex): string {
  return [
    codes(index.columns),
    ...(index.include.length > 0 ? [`include ${codes(index.include)}`] : []),
    ...(index.where === null ? [] : [`where ${code(index.where)}`]),
  ].join(' ')
}

function reasons(index: TableIndex, planned: TablePlan, plan: Plan): string {
  const chosen = plan.indexes.find((one) => one.name === index.name)
  if (index.kind === 'primary key') return 'key of the rows'
  if (!chosen) return planned.uniques.some((unique) => unique.name === index.name && unique.forChildren) ? 'children reference the row and its tenant by it' : 'keeps the values unique'
  return prose([...new Set(chosen.reasons.map((reason) => reason.says))].join('; '))
}

/** By which index a deleted parent finds its children. */
export function foreignKeyIndexes(plan: Plan): string {
  return table(
    ['table', 'foreign key', 'columns', 'found by'],
    plan.tables.flatMap((planned) =>
      planned.foreignKeys.map((key) => {
        const index = coveringIndex(key, tableIndexes(plan, planned))
        const found = index ? `${code(index.name)}${index.where === null ? '' : ` (only rows where ${code(index.where)})`}` : '**no index**'
        return [code(nameOf(planned.table)), code(key.name), codes(key.columns), found]
      }),
    ),
  )
}

/** What an insert and the declared updates write, from the spec's rates. */
export function writeCost(planned: TablePlan, plan: Plan): string[] {
  const indexes = tableIndexes(plan, planned)
  const { insertsPerSecond, updates } = planned.table.writes
  const name = code(nameOf(planned.table))
  return [
    `${name}: ${insertsPerSecond > 0 ? `${rate(insertsPerSecond)} inserts write ` : 'an insert writes '}the row and up to ${counted(indexes.length, 'index', 'indexes')}.`,
    ...updates.map(({ columns, perSecond }) => {
      const touched = indexesInTheWay(planned, plan, columns)
      const triggered = keptByTrigger(planned).filter((column) => touched.some((index) => index.columns.includes(column)))
      return touched.length === 0
        ? `${name}: ${rate(perSecond)} updates of ${codes(columns)} change no indexed column, so the row can stay on its page (HOT) and no index is written.`
        : `${name}: ${rate(perSecond)} updates of ${codes(columns)}${triggered.length > 0 ? ` (and, by trigger, ${codes(triggered)})` : ''} change what ${listed(touched.map((index) => code(index.name)))} ${touched.length === 1 ? 'holds' : 'hold'}; each then writes up to ${counted(indexes.length, 'index', 'indexes')}.`
    }),
  ]
}
