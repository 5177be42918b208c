/** The locks that the rollout page reads from the statements are those that the server holds at the end of the file. */
import { expect, test } from 'vitest'
import { readMigrations } from '../../generators/artifacts/pages/migration-facts.ts'
import { existingLocks } from '../../generators/artifacts/pages/phase-table.ts'
import { type LockMode, lockModes } from '../../generators/artifacts/pages/statement-locks.ts'
import type { Session } from '../../generators/postgres/session.ts'
import { provedEvidence } from '../support/document-input.ts'
import { examples, sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

test.each(examples)('%s', async (name) => {
  const { server, planned } = sample()
  const { design } = await planned(name)
  const migrations = await readMigrations({ ...design, evidence: provedEvidence(design.plan, design.phases) })
  const database = await server.createDatabase()
  await using session = await database.connect()
  const before = await tables(session)
  for (const migration of migrations) {
    await session.query('begin')
    for (const { sql } of migration.statements) await session.query(sql)
    const held = await heldLocks(session, before)
    await session.query('commit')
    const said = existingLocks(migration, design.plan).map(({ relation, mode }) => `${relation.schema}.${relation.name} ${mode}`)
    expect([migration.phase.migration, said.toSorted()]).toEqual([migration.phase.migration, held])
  }
})

async function tables(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ oid: string }>("select oid::text from pg_class where relkind in ('r', 'p') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)")
  return rows.map(({ oid }) => oid)
}

/** The strongest lock on each table that was there before; those that only readers take are left out. */
async function heldLocks(session: Session, before: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string; mode: string }>(
    `select n.nspname || '.' || c.relname as name, l.mode
     from pg_locks as l join pg_class as c on c.oid = l.relation join pg_namespace as n on n.oid = c.relnamespace
     where l.pid = pg_backend_pid() and l.relation = any ($1::oid[])`,
    [before],
  )
  const strongest = new Map<string, LockMode>()
  for (const { name, mode } of rows) {
    const known = lockModes.find((candidate) => `${candidate.replaceAll(' ', '')}LOCK` === mode.toUpperCase())
    if (known && lockModes.indexOf(known) >= lockModes.indexOf(strongest.get(name) ?? known)) strongest.set(name, known)
  }
  return [...strongest].map(([name, mode]) => `${name} ${mode}`).toSorted()
}
