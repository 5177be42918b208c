/** A table or view with people and rows, and what the database answers to each of them. */
import type { Session } from '../../postgres/session.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { type FixtureOptions, createFixtures } from '../fixtures/fixtures.ts'
import { readGates } from './gates.ts'
import { type Inhabited, inhabit } from './inhabit.ts'
import { type NamedColumns, type ObservedCell, observeTable } from './observe-table.ts'
import { inhabitView, observeView } from './observe-view.ts'
import type { Surroundings } from './surroundings.ts'

export interface Observation {
  cells: ObservedCell[]
  world: Inhabited
}

/** In the transaction of a session of `postgres`, with the runner installed. What is made stays until that is rolled back. */
export async function populate(session: Session, relation: QualifiedName, surroundings: Surroundings): Promise<Inhabited> {
  const fixtures = await createFixtures(session)
  return fixtures.has(relation) ? await inhabit(session, fixtures, relation, surroundings) : await inhabitView(session, fixtures, relation, surroundings)
}

/** Made, asked and taken back. */
export async function observe(session: Session, relation: QualifiedName, surroundings: Surroundings, { apart, shapes }: { apart?: NamedColumns } & Pick<FixtureOptions, 'shapes'> = {}): Promise<Observation> {
  await session.query('begin')
  try {
    const fixtures = await createFixtures(session, shapes ? { shapes } : {})
    if (!fixtures.has(relation)) {
      const world = await inhabitView(session, fixtures, relation, surroundings)
      return { world, cells: await observeView(session, relation, world) }
    }
    const world = await inhabit(session, fixtures, relation, surroundings)
    return { world, cells: await observeTable(session, fixtures.shape(relation), world, (await readGates(session, relation)).columns, apart) }
  } finally {
    await session.query('rollback')
  }
}
