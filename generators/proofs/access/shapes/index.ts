/** Every shape of request, in the order in which they are sent. A new one is a new file and one line here. */
import type { Probe } from '../probe.ts'
import type { ShapeContext } from './context.ts'
import { deleteProbes } from './delete.ts'
import { functionProbes } from './functions.ts'
import { insertProbes } from './insert.ts'
import { parentMoveProbes } from './parent-moves.ts'
import { scopeMoveProbes } from './scope-moves.ts'
import { keptColumnProbes } from './kept-columns.ts'
import { searchProbes } from './search.ts'
import { selectProbes } from './select.ts'
import { tenantFloorProbes } from './tenant-floor.ts'
import { uniqueKeyProbes } from './unique-keys.ts'
import { updateProbes } from './update.ts'

export const shapes: readonly ((context: ShapeContext) => Probe[])[] = [selectProbes, insertProbes, uniqueKeyProbes, updateProbes, parentMoveProbes, scopeMoveProbes, tenantFloorProbes, keptColumnProbes, deleteProbes, functionProbes, searchProbes]
