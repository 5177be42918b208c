/** Both states of the repository, each replayed on a server of its own. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Range } from '../../repository/range.ts'
import { type Checkout, checkOut } from '../../repository/checkout.ts'
import { type Repository, readRepository } from '../../repository/read.ts'
import { type Issue, TrrError } from '../../errors.ts'
import { type ReplayedServer, openServer } from '../../postgres/server.ts'
import type { CommandInput } from '../command.ts'
import { checkSkipped } from '../pipeline/open-history.ts'

export interface RepositorySide {
  says: 'base' | 'head'
  repository: Repository
  /** Texts of the designs' specs and locks, joined. */
  designs: string
}

export interface RepositorySides extends AsyncDisposable {
  base: RepositorySide
  head: RepositorySide
}

/** The working tree where it is; commits in temporary folders. Nothing is written to the repository. */
export async function readSides(root: string, { base, head }: Range): Promise<RepositorySides> {
  const checkouts: Checkout[] = []
  const at = async (says: 'base' | 'head', commit: string | null): Promise<RepositorySide> => {
    const checkout = commit === null ? null : await checkOut(root, commit)
    if (checkout) checkouts.push(checkout)
    const repository = await readRepository(checkout?.root ?? root).catch((error: unknown) => {
      throw onSide(error, says)
    })
    const texts = await Promise.all(repository.designs.flatMap(({ spec, lock }) => [spec, lock ?? []].flat()).map(async (path) => [path, await readFile(join(repository.root, path), 'utf8')]))
    return { says, repository, designs: JSON.stringify(texts) }
  }
  const remove = async () => void (await Promise.all(checkouts.map((checkout) => checkout[Symbol.asyncDispose]())))
  try {
    return { base: await at('base', base.commit), head: await at('head', head.commit), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Equal in everything that is replayed or planned. */
export function areEqual({ base, head }: RepositorySides): boolean {
  const text = ({ repository: { config, migrations }, designs }: RepositorySide) => JSON.stringify([config.major, config.apiSchemas, designs, migrations.map(({ path, sql }) => [path, sql])])
  return text(base) === text(head)
}

/** A side that does not replay is said with its side; both are tried, so that both are said at once. */
export async function openServers({ options, signal }: CommandInput, { base, head }: RepositorySides, progress: (says: string) => void): Promise<{ base: ReplayedServer; head: ReplayedServer }> {
  checkSkipped(options.skip, [...base.repository.migrations, ...head.repository.migrations])
  const open = ({ repository: { config, migrations } }: RepositorySide) => openServer({ major: config.major, history: migrations, skip: options.skip, signal, keepDatabases: 16, progress })
  const [first, second] = await Promise.allSettled([open(base), open(head)])
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return { base: first.value, head: second.value }
  for (const side of [first, second]) if (side.status === 'fulfilled') await side.value.stop()
  const failures = [first, second].flatMap((side, place) => (side.status === 'rejected' ? [onSide(side.reason, place === 0 ? 'base' : 'head')] : []))
  const bug = failures.find((error) => !(error instanceof TrrError))
  throw bug ?? new TrrError(failures.flatMap((error) => (error as TrrError).issues))
}

function onSide(error: unknown, says: 'base' | 'head'): unknown {
  if (!(error instanceof TrrError) || error.issues[0]?.code === 'INTERRUPTED') return error
  return new TrrError(error.issues.map((issue): Issue => ({ ...issue, message: `On the ${says}: ${issue.message}` })), { exitCode: error.exitCode, cause: error })
}
