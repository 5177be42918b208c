/** Background jobs among the people of the proof. */
import { createRole } from '../../artifacts/jobs.ts'
import type { JobSpec } from '../../design/job-spec.ts'
import type { Plan } from '../../design/plan.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { ident } from '../../sql/identifier.ts'
import type { Identity } from './identity.ts'

export function jobIdentities(jobs: readonly JobSpec[]): Identity[] {
  return jobs.map((job) => ({
    id: `job:${job.role}`,
    title: `the job ${job.role}`,
    caller: { role: job.role, userId: null, anonymous: false, aal: null, tenantId: null, memberships: [] },
    claims: JSON.stringify({ role: job.role }),
    job,
  }))
}

type Server = Pick<ReplayedServer, 'createDatabase'>
const employed = new WeakMap<Server, Map<string, Promise<void>>>()

/**
 * Makes the roles and lets `postgres` become them. Roles belong to the whole cluster, and the proofs run side by side in databases of
 * it: a right in a database of its own keeps each role there while one proof rolls back what another needs.
 */
export async function employJobs(server: Server, { jobs }: Pick<Plan, 'jobs'>): Promise<void> {
  const known = employed.get(server) ?? new Map<string, Promise<void>>()
  employed.set(server, known)
  for (const { job } of jobs) {
    const key = JSON.stringify([job.role, job.grantTo])
    const made = known.get(key) ?? employ(server, job)
    known.set(key, made)
    await made
  }
}

async function employ(server: Server, { role, grantTo }: JobSpec): Promise<void> {
  const database = await server.createDatabase()
  await using session = await database.connect()
  await session.query([createRole(role), `create schema trr_db_jobs`, `grant usage on schema trr_db_jobs to ${ident(role)}`, ...[...grantTo, 'postgres'].map((member) => `grant ${ident(role)} to ${ident(member)}`)].join(';\n'))
}
