/** The views of a design, created on its tables as the migration creates them. */
import type { Path } from '../design/source.ts'
import type { Spec } from '../design/spec.ts'
import type { ViewSpec } from '../design/view-spec.ts'
import { viewDefinition } from '../planner/views.ts'
import { parseExpression, parseSelect } from '../sql/expression.ts'
import { identList, qualified } from '../sql/identifier.ts'
import type { Trial } from './expression-trial.ts'

/** True when all of them are there, for the queries that read them. */
export async function tryViews(trial: Trial, spec: Spec): Promise<boolean> {
  if (spec.views.length === 0) return true
  // A select that groups by a key may name the other columns of its row.
  for (const table of spec.tables) if (table.primaryKey.length > 0) await trial.run(`alter table ${qualified(table)} add primary key (${identList(table.primaryKey)})`)
  let areThere = true
  for (const view of spec.views) {
    const path = [...viewPath(spec, view), view.table === null ? 'sql' : view.where === null ? 'columns' : 'where']
    const isThere = await trial.attempt(path, viewDefinition(view, view.sql), { keep: true })
    areThere &&= isThere
    const functions = view.table === null ? parseSelect(view.sql).functions : view.where === null ? [] : parseExpression(view.where).functions
    if (isThere) await trial.refuseVolatile(path, functions)
  }
  return areThere
}

/** The key as it is written when it is written plainly. */
function viewPath({ schema: main }: Spec, { schema, name }: ViewSpec): Path {
  return ['views', schema === main ? name : `${schema}.${name}`]
}
