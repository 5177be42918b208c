/** All proofs of a design. */
import type { Evidence, ProofId } from '../design/evidence.ts'
import type { Plan } from '../design/plan.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { employJobs } from './access/job-people.ts'
import { type AccessOptions, proveAccess } from './access-matrix.ts'
import { provePgtap } from './pgtap.ts'
import { provePlans } from './plans.ts'
import { stopIfAborted } from './proof-error.ts'
import { proveReplay } from './replay.ts'
import { proveRollback } from './rollback.ts'

export interface ProveOptions {
  /** With the history up to the design. */
  server: ReplayedServer
  plan: Plan
  sql: GeneratedSql
  /** Migrations behind those of the design, which nobody may loosen it with. */
  later?: readonly SqlFile[]
  /** How many files the history has. */
  historyFiles: number
  /** The default privileges of `server`, and how to open a server with the other ones. */
  world?: NonNullable<AccessOptions['world']>
  otherWorld?: NonNullable<AccessOptions['otherWorld']>
  /** People and rows, when they were made before. */
  prepared?: NonNullable<AccessOptions['prepared']>
  progress?: (message: string) => void
  signal?: AbortSignal
}

/** Runs every proof, side by side in databases of their own. Throws INTERRUPTED when the signal says so. */
export async function prove(options: ProveOptions): Promise<Evidence> {
  const { server, progress, signal } = options
  stopIfAborted(signal)
  // Roles belong to the whole cluster: they are there before the proofs begin, and stay until the last has ended.
  await employJobs(server, options.plan)
  if (options.later && options.later.length > 0) await rehearse(server, [...options.sql.migrations, ...options.later])
  let settled = 0
  const proof = async <Result>(id: ProofId, work: Promise<Result>): Promise<Result> => {
    const result = await work
    progress?.(`${(settled += 1)}/5 ${titles[id]}`)
    return result
  }
  const others = [
    proof('access', proveAccess(options)),
    proof('plans', provePlans(options)),
    proof('rollback', proveRollback(options)),
    proof('pgtap', provePgtap(options)),
  ] as const
  // Of a role the whole cluster has one as well: a file that dies half way would keep the others waiting for it.
  const replaying = proof('replay', proveReplay({ ...options, ...(options.plan.jobs.length > 0 ? { deathsAfter: Promise.allSettled(others) } : {}) }))
  // All have ended before the caller stops the server, whatever one of them met.
  await Promise.allSettled([...others, replaying])
  stopIfAborted(signal)
  const [replay, access, plans, rollback, pgtap] = await Promise.all([replaying, ...others])
  return { server: server.version, replay, rollback, access, plans, pgtap }
}

/** For the roles that later migrations make; where one of them fails, the proofs say so. */
async function rehearse(server: ReplayedServer, files: readonly SqlFile[]): Promise<void> {
  const database = await server.createDatabase()
  await applyFiles(database, files).catch(() => undefined)
  await database.drop()
}

const titles: Record<ProofId, string> = {
  replay: 'the files apply, twice and after a death',
  rollback: 'the rollbacks give everything back',
  access: 'who may do what',
  plans: 'the queries use their indexes',
  pgtap: 'the test for supabase test db passes',
}
