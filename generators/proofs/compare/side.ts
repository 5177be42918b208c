/** One of the two states: its database, and what there is in it. */
import type { Session } from '../../postgres/session.ts'
import { readAccessState } from '../../postgres/access-state.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { installRunner } from '../access/runner.ts'
import { type TableShape, readShapes } from '../fixtures/shapes.ts'
import { type AccessState, stateOf } from '../observe/reach.ts'
import { type Right, readRights } from './rights.ts'

export interface Side extends AsyncDisposable {
  session: Session
  state: AccessState
  rights: Map<string, Right>
  shapes: Map<string, TableShape>
  /** Schemas that the Data API serves. */
  apiSchemas: readonly string[]
}

export async function openSide(server: Pick<ReplayedServer, 'createDatabase'>, apiSchemas: readonly string[]): Promise<Side> {
  const database = await server.createDatabase()
  const session = await database.connect()
  try {
    await installRunner(session)
    const state = stateOf(await readAccessState(session))
    const rights = await readRights(session)
    return { session, state, rights, shapes: await readShapes(session), apiSchemas, [Symbol.asyncDispose]: () => session.end() }
  } catch (error) {
    await session.end()
    throw error
  }
}
