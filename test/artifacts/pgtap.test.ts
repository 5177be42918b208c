/** The generated test file is worth something only if it fails when access changes. */
import { beforeAll, expect, test } from 'vitest'
import { provePgtap } from '../../generators/proofs/pgtap.ts'
import { type FaultyDatabase, faultyDatabase } from '../proofs/mutation/faulty-database.ts'
import { sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

let faulty: FaultyDatabase
beforeAll(async () => {
  faulty = await faultyDatabase(sample(), await sample().planned('show_submissions'))
  return () => faulty[Symbol.asyncDispose]()
}, 120_000)

test('passes on what was generated, and acts requests out', async () => {
  const { server, planned } = sample()
  const evidence = await provePgtap({ server, sql: (await planned('show_submissions')).sql })
  expect(evidence).toMatchObject({ status: 'proved', findings: [] })
  expect(evidence.assertions).toBeGreaterThan(60)
})

const rewritten = (name: string, predicate: string) => `alter policy show_submissions_${name} on core.show_submissions ${predicate}`

test.each([
  ['a viewer of another organisation reads', rewritten('select', 'using (true)'), /(can|cannot) select .* of core\.show_submissions/],
  ['deleted rows are seen', rewritten('select', "using (org_id = any (array(select private.org_ids('viewer'))))"), /(can|cannot) select .* of core\.show_submissions/],
  ['a viewer inserts', rewritten('insert', "with check (org_id = any (array(select private.org_ids('viewer'))) and owner_id = (select auth.uid()))"), /a viewer of A.* cannot insert/],
  ['somebody inserts for others', rewritten('insert', "with check (org_id = any (array(select private.org_ids('editor'))))"), /insert into core\.show_submissions: new row/],
  ['every editor changes every row', rewritten('update', "using (org_id = any (array(select private.org_ids('editor')))) with check (org_id = any (array(select private.org_ids('editor'))))"), /an editor of A can update these rows/],
  ['the helper forgets the role', "create or replace function private.org_ids(min_role text) returns setof uuid language sql stable security definer set search_path = '' as $$ select org_id from core.org_memberships where user_id = auth.uid() and status = 'active' $$", /a viewer of A/],
  ['the helper forgets who is active', "create or replace function private.org_ids(min_role text) returns setof uuid language sql stable security definer set search_path = '' as $$ select org_id from core.org_memberships where user_id = auth.uid() $$", /not active|deleted organisation/],
  ['row level security is off', 'alter table core.show_submissions disable row level security', /row level security is on/],
  ['clients may truncate', 'grant truncate on core.show_submissions to authenticated', /table privileges/],
  ['clients may write the owner', 'grant update (owner_id) on core.show_submissions to authenticated', /owner_id/],
  ['a second policy is added', 'create policy extra on core.show_submissions for select to authenticated using (true)', /no other/],
  ['everybody may call the helper', 'grant execute on function private.org_ids(text) to anon', /anon may not call/],
])('fails when %s', async (_title, change, says) => {
  expect((await faulty.testFindings(change)).join('\n')).toMatch(says)
})
