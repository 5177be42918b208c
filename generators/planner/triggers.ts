/** Columns that the database keeps itself: `updated_at`, and who created and changed a row. */
import type { Catalog } from '../design/catalog.ts'
import { habitsOf } from '../design/habits.ts'
import type { FunctionPlan, TablePlan } from '../design/plan.ts'
import type { Spec, TableSpec } from '../design/spec.ts'
import { composedName, identifierBytes, maxIdentifierBytes } from '../sql/identifier.ts'
import { planFunction, triggerFunction } from './plan-function.ts'

export type TriggerPlan = TablePlan['triggers'][number]

export interface TriggersPlan {
  functions: FunctionPlan[]
  of: Map<TableSpec, TriggerPlan[]>
}

export function planTriggers(spec: Spec, catalog: Catalog): TriggersPlan {
  const plan: TriggersPlan = { functions: [], of: new Map(spec.tables.map((table) => [table, []])) }
  const stamped = spec.tables.filter((table) => table.timestamps)
  if (stamped.length > 0) {
    // The repository's own trigger function when it does the same, else one in `private`.
    const habit = habitsOf(catalog, { apiSchemas: [] }).updatedAt
    const planned = planFunction(updatedAtDraft, spec, catalog)
    const stamp = habit ? { ...planned, name: habit.function, exists: true } : planned
    const nameOf = habit?.triggerName ?? ((table: string) => `${table}_set_updated_at`)
    plan.functions.push(stamp)
    for (const table of stamped) add(plan, table, { name: fitting(nameOf, table.name), timing: 'before update', function: stamp.name })
  }
  const audited = spec.tables.filter((table) => table.audit === 'columns')
  if (audited.length > 0) {
    const actors = planFunction(auditColumns, spec, catalog)
    plan.functions.push(actors)
    for (const table of audited) add(plan, table, { name: composedName([table.name], 'set_actors'), timing: 'before insert or update', function: actors.name })
  }
  return plan
}

/** As the repository names its triggers, while Postgres would keep the whole name. */
function fitting(nameOf: (table: string) => string, table: string): string {
  const name = nameOf(table)
  return identifierBytes(name) <= maxIdentifierBytes ? name : composedName([table], nameOf('').replaceAll(/^_+|_+$/g, ''))
}

function add(plan: TriggersPlan, table: TableSpec, trigger: TriggerPlan): void {
  plan.of.get(table)?.push(trigger)
}

const updatedAtDraft = triggerFunction({
  base: 'set_updated_at',
  body: ['begin', '  new.updated_at := now();', '  return new;', 'end;'].join('\n'),
  comment: 'Sets updated_at to the start of the transaction.',
})

/** What a client sends for these columns is overwritten; `created_by` never changes again. */
const auditColumns = triggerFunction({
  base: 'set_actors',
  body: [
    'begin',
    "  if tg_op = 'INSERT' then",
    '    new.created_by := auth.uid();',
    '  else',
    '    new.created_by := old.created_by;',
    '  end if;',
    '  new.updated_by := auth.uid();',
    '  return new;',
    'end;',
  ].join('\n'),
  comment: 'Keeps created_by and updated_by: the user of the token, null for the service.',
})
