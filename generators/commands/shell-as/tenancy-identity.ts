/** Somebody of a design's tenancy: an organisation, users and memberships are made for it. */
import { TrrError } from '../../errors.ts'
import type { Spec } from '../../design/spec.ts'
import { readLock } from '../../repository/lock.ts'
import type { Database } from '../../postgres/server.ts'
import { createFixtures } from '../../proofs/fixtures/fixtures.ts'
import { createWorld } from '../../proofs/access/world.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'
import { locateSpec } from '../pipeline/locate-spec.ts'
import { openHistory } from '../pipeline/open-history.ts'
import { readCheckedSpec } from '../pipeline/read-checked-spec.ts'
import { type ShellIdentity, roles } from './identity.ts'

/** The first design whose world knows the identity gives it. */
export async function tenancyIdentity(input: CommandInput, repository: Repository, database: Database, word: string): Promise<ShellIdentity> {
  const known: string[] = []
  for (const { design } of repository.designs) {
    const spec = await readDesign(input, repository, design)
    if (spec.tenancy.model === 'none') continue
    const world = await inhabit(database, spec, word)
    known.push(...world.known)
    if (world.identity) return { ...world.identity, says: `${world.identity.says}, of the design ${design}` }
  }
  throw new TrrError({ code: 'USAGE', message: `Nobody here is called "${word}".`, remedy: `Use one of: ${[...new Set([...roles, 'user:<uuid>', ...known])].join(', ')}` })
}

/** A spec is read against what was there before it. */
async function readDesign(input: CommandInput, repository: Repository, design: string): Promise<Spec> {
  const source = await locateSpec(design, repository, repository.root)
  await using server = await openHistory(input, { repository, lock: await readLock(repository.root, design) })
  return await readCheckedSpec({ text: source.text, file: source.file, server, repository })
}

/** Stays in the database only when the identity is found. */
async function inhabit(database: Database, spec: Spec, word: string): Promise<{ identity: ShellIdentity | null; known: string[] }> {
  await using session = await database.connect()
  await session.query('begin')
  const world = await createWorld(await createFixtures(session, { samples: spec.samples, seed: spec.design }), spec)
  const people = world.identities.filter(({ caller }) => caller.role === 'authenticated')
  const found = people.find(({ id }) => id === word)
  if (found && world.open.length > 0) {
    const remedy = `Give a valid row under "samples" in supabase/designs/${spec.design}.yaml.`
    throw new TrrError({ code: 'PROOF_FAILED', message: `No ${word} could be made: ${world.open[0]}.`, remedy })
  }
  await session.query(found ? 'commit' : 'rollback')
  const claims = found?.claims ? (JSON.parse(found.claims) as Record<string, unknown>) : null
  return { known: people.map(({ id }) => id), identity: found ? { role: 'authenticated', claims, says: found.title } : null }
}
