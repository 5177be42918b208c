/** A database with an example design in which one thing at a time can be broken: does the access proof notice, and does the generated test? */
import { installPgtap } from '../../../generators/postgres/pgtap.ts'
import { applyFiles } from '../../../generators/postgres/replay.ts'
import { verbs } from '../../../generators/design/spec.ts'
import type { Session } from '../../../generators/postgres/session.ts'
import { subjectsOf } from '../../../generators/proofs/access/prepare.ts'
import { seedTable } from '../../../generators/proofs/access/prove-tables.ts'
import { installRunner } from '../../../generators/proofs/access/runner.ts'
import { surroundingsOf } from '../../../generators/proofs/access/surroundings.ts'
import { hunt, stage } from '../../../generators/proofs/mutation/hunt.ts'
import { runTest } from '../../../generators/proofs/pgtap.ts'
import type { PlannedSpec, SampleServer } from '../../support/sample-server.ts'

export interface FaultyDatabase extends AsyncDisposable {
  session: Session
  /** What tells each fault from the design, for those that are noticed. Throws when a fault cannot be made. */
  proofNotices(faults: readonly string[]): Promise<Map<string, string>>
  /** The first failing line of the generated test. */
  testFails(sql: string): Promise<string | null>
  /** All of them. */
  testFindings(sql: string): Promise<string[]>
}

export async function faultyDatabase({ server }: Pick<SampleServer, 'server'>, { plan, sql: { migrations, test }, prepared }: PlannedSpec): Promise<FaultyDatabase> {
  const database = await server.createDatabase()
  const session = await database.connect()
  const before = await surroundingsOf(session, plan)
  await applyFiles(database, migrations)
  await installPgtap(session)
  await installRunner(session)
  // Inside of a transaction the file's own BEGIN and ROLLBACK would end it.
  const inside = { ...test, sql: test.sql.replace(/^begin;$/m, 'savepoint test;').replace(/^rollback;\s*$/m, 'rollback to savepoint test;') }
  const inTransaction = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await session.query('begin')
    try {
      return await work()
    } finally {
      if (session.transaction !== 'none') await session.query('rollback')
    }
  }
  const testFindings = (sql: string, { brief = false } = {}) =>
    inTransaction(async () => {
      await session.query(sql)
      return (await runTest(session, inside, { brief })).findings
    })
  const proofNotices = (faults: readonly string[]) =>
    inTransaction(async () => {
      await session.query(prepared.world)
      const noticed = new Map<string, string>()
      for (const table of subjectsOf(prepared)) {
        const seeded = await seedTable(session, table, stage)
        if ('refusal' in seeded) throw new Error(seeded.refusal)
        for (const sql of faults.filter((fault) => !noticed.has(fault))) {
          const caught = await hunt(session, seeded, { says: sql, effect: 'weakening', sql, table: null, verbs, hint: null, equivalent: null }, before)
          if (caught?.by === 'refusal') throw new Error(`${sql}: ${caught.says}`)
          if (caught) noticed.set(sql, caught.says)
        }
      }
      return noticed
    })
  return {
    session,
    proofNotices,
    testFails: async (sql) => (await testFindings(sql, { brief: true }))[0] ?? null,
    testFindings,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}
