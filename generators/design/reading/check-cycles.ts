/** New tables that need each other's rows first can never have a row. */
import type { Issues } from '../issues.ts'
import type { TableDraft } from './table-draft.ts'

export function checkCycles(drafts: readonly TableDraft[], issues: Issues): void {
  const reported = new Set<string>()
  for (const draft of drafts) {
    const cycle = cycleFrom(draft, drafts)
    const identity = cycle?.map(nameOf).toSorted().join(' ')
    if (!cycle || identity === undefined || reported.has(identity)) continue
    reported.add(identity)
    const way = [...cycle, draft].map((table) => table.spec.name).join(' → ')
    issues.add({
      code: 'SPEC_CYCLE', path: draft.path, key: true,
      message: `No first row is possible: ${way}, and none of these references can be null.`,
      remedy: 'Make one of the references nullable, or deferrable in foreign_keys.',
    })
  }
}

function nameOf({ spec }: TableDraft): string {
  return `${spec.schema}.${spec.name}`
}

/** A way back to the start over references that must be filled at once. References to oneself are fine. */
function cycleFrom(start: TableDraft, drafts: readonly TableDraft[], way: TableDraft[] = [start]): TableDraft[] | null {
  for (const next of requiredParents(way.at(-1) ?? start, drafts)) {
    if (next === start && way.length > 1) return way
    if (way.includes(next)) continue
    const found = cycleFrom(start, drafts, [...way, next])
    if (found) return found
  }
  return null
}

function requiredParents({ spec }: TableDraft, drafts: readonly TableDraft[]): TableDraft[] {
  return spec.foreignKeys.flatMap((key) => {
    const isRequired = !key.deferrable && key.columns.every((name) => spec.columns.find((column) => column.name === name)?.nullable === false)
    const { table } = key.references
    const parent = drafts.find((draft) => draft.spec.schema === table.schema && draft.spec.name === table.name)
    return isRequired && parent ? [parent] : []
  })
}
