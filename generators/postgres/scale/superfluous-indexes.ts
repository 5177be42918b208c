/** Indexes that are there and that a workload does without: each was looked away from, with the chosen ones in sight. */
import { isSystemSchema } from '../../design/system-schemas.ts'
import { sameTable } from '../../planner/candidates/candidates.ts'
import { type StandingIndex, isBeginningOf, isBeginningOfStanding, isFree } from '../../planner/candidates/standing-index.ts'
import type { AdvisedStatement, SuperfluousIndex } from '../../planner/workload-file/advice.ts'
import { ident } from '../../sql/identifier.ts'
import type { ChosenIndex } from './chosen-names.ts'
import type { ChoiceTask, IndexChoice } from './index-choice.ts'
import type { Oracle } from './oracle.ts'

export interface SuperfluousSource {
  task: ChoiceTask
  choice: IndexChoice
  oracle: Oracle
  chosen: readonly ChosenIndex[]
  statements: readonly AdvisedStatement[]
}

/** So many times as much may a statement cost without one that a wider index takes the place of, which is a little larger; without any other, as good as nothing. */
const [ofWider, ofAnother] = [1.1, 1.005]

/** Of tables that the workload names. Unique ones keep values apart, constraints need theirs, and by some the children of a parent are found: those stay. */
export async function superfluousIndexes({ task, choice, oracle, chosen, statements }: SuperfluousSource): Promise<SuperfluousIndex[]> {
  const { catalog, selection, refused, scans, standing } = choice
  const found: SuperfluousIndex[] = []
  const gone: StandingIndex[] = []
  const named = (table: StandingIndex['table']) => scans.some((scan) => sameTable(scan.table, table)) || task.writes.some((one) => sameTable(one, table))
  for (const index of standing.filter((one) => isFree(one) && !isSystemSchema(one.table.schema) && named(one.table))) {
    const wider = chosen.find(({ candidate }) => isBeginningOf(index, candidate))
    const longer = standing.find((other) => !gone.includes(other) && isBeginningOfStanding(index, other))
    if (!wider && !longer && isNeededByKey(index, standing.filter((other) => other !== index && !gone.includes(other)), chosen, catalog)) continue
    const readers = task.statements.filter(({ id }) => statements.find(({ name }) => name === id)?.indexes.includes(index.name) && !refused.has(id))
    const hidden = gone.map(nameOf)
    let dearer = 1
    for (const statement of readers) {
      const [now, then] = [await oracle.plan({ ...statement, hidden }, [...selection]), await oracle.plan({ ...statement, hidden: [...hidden, nameOf(index)] }, [...selection])]
      dearer = Math.max(dearer, then['Total Cost'] / now['Total Cost'])
    }
    if (dearer > (wider || longer ? ofWider : ofAnother)) continue
    gone.push(index)
    found.push({
      index: `${index.table.schema}.${index.name}`, kind: wider ? 'widened' : longer ? 'redundant' : readers.length === 0 ? 'unread' : 'equal', because: reason({ readers: readers.map(({ id }) => id), dearer, wider: wider?.name, longer: longer?.name }),
      replacedBy: wider?.name ?? null, sql: `drop index concurrently ${ident(index.table.schema)}.${ident(index.name)};`,
    })
  }
  return found
}

interface Reason {
  readers: readonly string[]
  /** What the statement that loses most costs without it: times as much. */
  dearer: number
  wider: string | undefined
  longer: string | undefined
}

function reason({ readers, dearer, wider, longer }: Reason): string {
  const more = dearer <= ofAnother ? 'the same' : `at most ${Math.ceil(100 * (dearer - 1))} % more`
  const read = readers.length === 0 ? 'no statement of the workload reads it' : `${readers.join(', ')} cost${readers.length === 1 ? 's' : ''} ${more} without it`
  if (wider !== undefined) return `widened: the new ${wider} begins with its keys, and ${read}`
  return longer === undefined ? read : `redundant: ${longer} begins with its keys, and ${read}`
}

function nameOf({ table, name }: StandingIndex): { schema: string; name: string } {
  return { schema: table.schema, name }
}

/** Who deletes a parent would read the whole table without it. */
function isNeededByKey({ table, keys, where }: StandingIndex, others: readonly StandingIndex[], chosen: readonly ChosenIndex[], catalog: IndexChoice['catalog']): boolean {
  const leading = (columns: readonly string[], wanted: readonly string[]) => wanted.length <= columns.length && columns.slice(0, wanted.length).every((column) => wanted.includes(column))
  const child = catalog.tables.find((one) => sameTable(one, table))
  return where === null && (child?.foreignKeys ?? []).some(({ columns }) =>
    leading(keys.map(({ text }) => text), columns) &&
    !others.some((other) => sameTable(other.table, table) && other.where === null && leading(other.keys.map(({ text }) => text), columns)) &&
    !chosen.some(({ candidate }) => sameTable(candidate.table, table) && candidate.where === null && leading(candidate.keys.map(({ column }) => column), columns)))
}
