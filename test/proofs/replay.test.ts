import { expect, test } from 'vitest'
import { proveReplay } from '../../generators/proofs/replay.ts'
import { provedServer, sampleSql, withChange } from './proved-server.ts'

const server = provedServer()
const prove = (sql = sampleSql()) => proveReplay({ server: server(), sql, historyFiles: 1 })

test('a sound design: the same catalog in every mode, twice without effect, deaths without harm', async () => {
  const evidence = await prove()
  expect(evidence).toMatchObject({ status: 'proved', findings: [], historyFiles: 1 })
  expect(evidence.modes).toEqual([{ mode: 'transaction', outcome: 'applied' }, { mode: 'pipeline', outcome: 'applied' }, { mode: 'serial', outcome: 'applied' }])
  expect(evidence.again.map(({ outcome }) => outcome)).toEqual(['refused without effect', 'refused without effect', 'refused without effect', 'refused without effect', 'same catalog'])
  expect(evidence.interrupted.map(({ statements, outcome }) => [statements, outcome])).toEqual([
    [5, 'refused without effect'], [4, 'refused without effect'], [2, 'refused without effect'], [1, 'refused without effect'], [1, 'converges'],
  ])
})

test('a file that cannot run in a pipeline', async () => {
  const evidence = await prove(withChange(sampleSql(), 'migrations/0005', 'create index', "set lock_timeout = '1s';\ncreate index"))
  expect(evidence.status).toBe('failed')
  expect(evidence.modes[1]).toEqual({ mode: 'pipeline', outcome: 'failed' })
  expect(evidence.findings.join()).toMatch(/Applied in pipeline mode: supabase\/migrations\/0005_members.sql:3:1/)
})

test('a file that the server refuses: the place, and no further claim', async () => {
  const evidence = await prove(withChange(sampleSql(), 'migrations/0003', 'private.org_ids', 'private.missing'))
  expect(evidence).toMatchObject({ status: 'failed', again: [], interrupted: [] })
  expect(evidence.modes.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed'])
  expect(evidence.findings[0]).toMatch(/0003_notes_rls.sql:2:\d+ {2}REPLAY_FAILED {2}function private.missing\(\) does not exist/)
})

test('a file that does more each time it is run', async () => {
  const evidence = await prove(withChange(sampleSql(), 'migrations/0006', /$/, `
do $$ begin execute format('create table core.extra_%s ()', (select count(*) from pg_class)); end $$;`))
  expect(evidence.again.at(-1)).toEqual({ file: 'supabase/migrations/0006_members_valid.sql', outcome: 'changed the catalog' })
  expect(evidence.findings.join()).toMatch(/a second time changes the catalog: left behind: .*extra_/)
})

test('a file that takes an earlier half run for something else', async () => {
  const evidence = await prove(withChange(sampleSql(), 'migrations/0004', /create index.*/, `do $$ begin
  if to_regclass('core.half') is not null then execute 'create table core.wrong ()'; execute 'drop table core.half'; end if; end $$;
create table core.half ();
create index if not exists notes_latest on core.notes (org_id, created_at desc, id desc);`))
  expect(evidence.status).toBe('failed')
  expect(evidence.interrupted[2]).toMatchObject({ statements: 4, outcome: 'differs' })
  expect(evidence.findings.join()).toMatch(/after a death behind statement 3 of 4 applies again, but not to the same catalog: left behind: .*core\.wrong/)
})

test('an invalid index that a killed build leaves, and nobody notices', async () => {
  const careless = withChange(withChange(sampleSql(), 'migrations/0005', 'concurrently', 'concurrently if not exists'), 'migrations/0006', /[^]*/, 'select 1;')
  const evidence = await prove(careless)
  expect(evidence.interrupted[3]?.outcome).toBe('differs')
  expect(evidence.findings.join()).toMatch(/in the middle of statement 1 of 1 applies again without an error.*valid=f/)
})
