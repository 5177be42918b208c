/** `diff` between commits of the sample repository that the test makes: each change is seen by what somebody can newly do. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessDiff, Difference } from '../../generators/design/access-diff.ts'
import type { PlanDiff } from '../../generators/design/plan-diff.ts'
import { type Session, openServer } from '../../generators/postgres/server.ts'
import { formatDiff } from '../../generators/terminal/report-diff.ts'
import { diffMarkdown } from '../../generators/terminal/report-diff-markdown.ts'
import { createStyle } from '../../generators/terminal/style.ts'
import { runCli } from '../support/run-cli.ts'
import { treeOf } from '../support/sample-repository.ts'
import { commit, git, put } from './team-repository.ts'

type Document = AccessDiff & { ok: boolean; exitCode: number; plans: PlanDiff }

const head = `
alter policy surveys_select_published on surveys.surveys using (true);
create policy responses_delete_own on surveys.responses for delete to authenticated using (user_id = auth.uid());
grant delete on surveys.responses to authenticated;
create or replace function core.is_org_member(p_org_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select 1 from core.org_memberships m where m.org_id = p_org_id and m.user_id = (select auth.uid()) and m.status in ('active', 'invited'));
$$;
alter view core.season_cast set (security_invoker = false);
grant update (status) on social.posts to authenticated;
alter table social.reactions disable row level security;
drop policy "Authors can remove their posts" on social.posts;
create table core.tips (id uuid primary key default gen_random_uuid(), body text not null);
alter table core.tips enable row level security;
create policy tips_read on core.tips for select to anon using (true);
grant select on core.tips to anon;
create table core.notes (id uuid primary key default gen_random_uuid());
alter table core.notes enable row level security;
revoke all on core.notes from anon, authenticated;
grant truncate on core.people to authenticated;
create function core.wipe_people() returns void language sql security definer set search_path = '' as $$ delete from core.people where false $$;
alter publication supabase_realtime add table core.people;
alter table core.people add column legal_name text;
drop table core.credits;
create role feed_reader;
grant usage on schema core to feed_reader;
grant select on core.shows to feed_reader;
comment on policy seasons_select_all on core.seasons is 'no difference';
`

let root: string
let diff: Document
let before: Record<string, string>

const of = (list: readonly Difference[], object: string, action: string) => list.filter((one) => one.object === object && one.action.startsWith(action)).map(({ who, what, before: was, after }) => ({ who, what, before: was, after }))
const json = async (...argv: string[]) => JSON.parse((await runCli(['diff', ...argv, '--cwd', root, '--json'])).stdout) as Document

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'trr-db-test-'))
  cpSync('references/examples/trr', root, { recursive: true })
  git(root, 'init', '-q', '-b', 'main')
  commit(root)
  put(root, 'supabase/migrations/0018_wider.sql', head)
  before = treeOf(root)
  diff = await json('main..')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('between a commit and the working tree', () => {
  it('a policy that was loosened is seen by the rows that it shows', () => {
    // The default of the column is draft: every row that is not made otherwise.
    const drafts = diff.gained.find(({ object }) => object === 'surveys.surveys')?.what.filter((row) => !/where status <> 'draft'|and status <> 'draft'/.test(row)) ?? []
    expect(of(diff.gained, 'surveys.surveys', 'select')).toEqual([{ who: ['nobody, without a token', 'a user', 'another user'], what: drafts, before: 'no row', after: '1 row' }])
    expect(drafts.length).toBeGreaterThan(0)
    expect(diff.gained.find(({ object }) => object === 'surveys.surveys')?.because).toContain('policy surveys_select_published of surveys.surveys changed')
  })

  it('a right with a policy is seen by whose rows can be deleted', () => {
    expect(of(diff.gained, 'surveys.responses', 'delete').map(({ who, what }) => [who, what.every((row) => row.startsWith(`row of ${who[0]}`))])).toEqual([[['a user'], true], [['another user'], true]])
  })

  it('a helper gives the policies of other tables another meaning', () => {
    const members = of(diff.gained, 'core.org_memberships', 'select')
    expect(members.flatMap(({ what }) => what).length).toBeGreaterThan(0)
    expect(diff.gained.find(({ object }) => object === 'core.org_memberships')?.because).toEqual(['function core.is_org_member(uuid) changed'])
    expect(diff.asked).toContain('core.organizations')
  })

  it('guards that are away are said with what they leave open', () => {
    expect(of(diff.gained, 'core.season_cast', 'whose rights')).toMatchObject([{ before: 'those of the caller (security_invoker)' }])
    expect(of(diff.gained, 'social.reactions', 'row level security')).toMatchObject([{ before: 'on' }])
    expect(of(diff.gained, 'social.reactions', 'delete').some(({ who, what }) => who.includes('another user') && what.includes('row of a user'))).toBe(true)
  })

  it('columns, TRUNCATE, functions of the owner, publications and named roles', () => {
    expect(of(diff.gained, 'social.posts', 'update').flatMap(({ what }) => what)).toContain('column status of row of a user')
    expect(of(diff.gained, 'core.people', 'truncate')).toMatchObject([{ who: ['authenticated'] }])
    expect(of(diff.gained, 'core.people', 'select').flatMap(({ what }) => what)).toContain('column legal_name of row 1')
    expect(of(diff.gained, 'core.people', 'publication')).toHaveLength(1)
    expect(of(diff.gained, 'core.wipe_people()', 'execute').map(({ who }) => who)).toEqual([['anon'], ['authenticated']])
    expect(of(diff.gained, 'core.shows', 'select')).toMatchObject([{ who: ['feed_reader'], before: 'not held', after: 'held' }])
  })

  it('who loses access is said apart', () => {
    expect(of(diff.lost, 'social.posts', 'delete').map(({ who, what }) => [who, what.includes(`row of ${who[0]}`)])).toEqual([[['a user'], true], [['another user'], true]])
    expect(diff.lost.map(({ object }) => object).filter((object) => object !== 'social.posts')).toEqual([])
  })

  it('tables that are new or gone have a place of their own', () => {
    expect(diff.appeared.map(({ object, witnesses }) => [object, witnesses.map(({ action }) => action)])).toEqual([['core.notes', []], ['core.tips', ['select']]])
    expect(diff.appeared[1]?.may.find(({ who }) => who === 'nobody, without a token')).toMatchObject({ select: 'every row', insert: 'refused', delete: 'refused' })
    expect(diff.gone).toEqual(['core.credits'])
  })

  it('asks only where something changed', () => {
    for (const table of ['core.seasons', 'core.show_images', 'social.threads']) expect(diff.asked).not.toContain(table)
    expect(diff.compared.tables).toBeGreaterThan(diff.asked.length)
  })

  it('each printed request succeeds on its side and on no other', async () => {
    const base = readdirSync('references/examples/trr/supabase/migrations').map((name) => ({ path: `supabase/migrations/${name}`, sql: readFileSync(`references/examples/trr/supabase/migrations/${name}`, 'utf8') }))
    await using before = await openServer({ major: 17, history: base })
    await using after = await openServer({ major: 17, history: [...base, { path: 'supabase/migrations/0018_wider.sql', sql: head }] })
    const sessions = await Promise.all([before, after].map(async (server) => (await server.createDatabase()).connect()))
    const [old, now] = sessions as [Session, Session]
    const gained = [...diff.gained, ...diff.appeared.flatMap(({ witnesses }) => witnesses)]
    for (const one of gained) expect([one.object, one.action, one.who[0], await succeeds(now, one), await succeeds(old, one)]).toEqual([one.object, one.action, one.who[0], true, false])
    for (const one of diff.lost) expect([one.object, one.action, await succeeds(old, one), await succeeds(now, one)]).toEqual([one.object, one.action, true, false])
    for (const session of sessions) await session.end()
  })

  it('as text it says what is newly allowed first, with a command that a shell takes as it is', () => {
    const text = formatDiff(diff, diff.plans, { style: createStyle(false), width: 100 })
    for (const { object } of [...diff.gained, ...diff.lost, ...diff.appeared]) expect(text).toContain(object)
    expect(text.indexOf('Newly allowed')).toBeLessThan(text.indexOf('Newly denied'))
    const line = text.split('\n').find((one) => one.includes('trr-db shell') && one.includes('count(*) as count from surveys.surveys'))?.trim() ?? ''
    const printed = execFileSync('sh', ['-c', `${line.replace('trr-db', `${process.execPath} ${resolve('dist/generators/cli.js')} --cwd "$0"`)}`, root], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    expect(printed).toBe(' count\n-------\n 1\n(1 row)\n')
  })

  it('exits with 1, writes nothing, and as Markdown is the same in another run', async () => {
    expect([diff.ok, diff.exitCode]).toEqual([false, 1])
    const { stdout } = await runCli(['diff', '--markdown', '--cwd', root])
    expect(stdout).toBe(`${diffMarkdown({ ...diff, base: { ...diff.base, name: 'where this branch left main' } }, diff.plans)}\n`)
    expect(treeOf(root)).toEqual(before)
  })
})

describe('ranges', () => {
  it('nothing that changed is one line and 0', async () => {
    expect(await runCli(['diff', 'main..main', '--cwd', root])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nobody can do more or less: between main \(\w+\) and main \(\w+\) no migration differs\.\n$/) as string })
  })

  it('a commit that is not there, and a folder that is no clone', async () => {
    expect(await json('mian..')).toMatchObject({ exitCode: 2, issues: [{ code: 'USAGE', message: 'git knows no commit "mian" here.', remedy: expect.stringContaining('git fetch origin mian') as string }] })
    const bare = mkdtempSync(join(tmpdir(), 'trr-db-test-'))
    put(bare, 'supabase/config.toml', '')
    expect(await runCli(['diff', '--cwd', bare])).toMatchObject({ code: 3, stderr: expect.stringContaining('This is not a git repository') as string })
    rmSync(bare, { recursive: true })
  })

  it('a side that does not replay is said with its file', async () => {
    put(root, 'supabase/migrations/0019_broken.sql', 'select * from core.nothing;')
    expect(await json('main..')).toMatchObject({ exitCode: 3, issues: [{ code: 'REPLAY_FAILED', place: { file: 'supabase/migrations/0019_broken.sql', line: 1 }, message: 'On the head: relation "core.nothing" does not exist.', remedy: expect.stringContaining('--skip supabase/migrations/0019_broken.sql') as string }] })
    expect((await runCli(['diff', 'main..', '--cwd', root, '--skip', '0018_wider.sql', '--skip', '0019_broken.sql'])).code).toBe(0)
    unlinkSync(join(root, 'supabase/migrations/0019_broken.sql'))
  })
})

/** A row that is counted or written; no refusal where there is nothing to count. */
async function succeeds(session: Session, { witness, kind }: Difference): Promise<boolean> {
  try {
    const { rows, rowCount } = await session.query<{ count?: string }>(witness.script ?? '')
    return kind === 'function' || (kind === 'right' && !witness.sql.includes('count')) || Number(rows[0]?.count ?? rowCount) > 0
  } catch {
    return false
  } finally {
    await session.query('rollback')
  }
}

describe('plans', () => {
  it('an index that a later migration drops is seen by the plan that it served', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trr-db-test-'))
    put(folder, 'supabase/config.toml', '[db]\nmajor_version = 17\n')
    put(folder, 'supabase/migrations/0001_base.sql', 'create schema core;\ngrant usage on schema core to anon, authenticated, service_role;\n')
    put(folder, 'supabase/designs/quotes.yaml', quotes)
    const made = await runCli(['new-table', '--answers', join(folder, 'supabase/designs/quotes.yaml'), '--cwd', folder, '--yes'])
    expect(made.code, made.stderr).toBe(0)
    git(folder, 'init', '-q', '-b', 'main')
    commit(folder)
    const index = /create index (\S+)/.exec(readFileSync(join(folder, 'supabase/migrations', readdirSync(join(folder, 'supabase/migrations')).at(-1) ?? ''), 'utf8'))?.[1] ?? ''
    put(folder, 'supabase/migrations/0099_cleanup.sql', `drop index core.${index};`)
    const { stdout, code } = await runCli(['diff', 'main..', '--json', '--cwd', folder])
    const { plans, gained, asked } = JSON.parse(stdout) as Document
    expect([code, gained, asked]).toEqual([0, [], []])
    expect(plans.differences).toMatchObject([{ design: 'quotes', query: 'of_person', as: 'anon', before: { indexes: [index] }, after: { indexes: [], sequentialScans: ['core.quotes'] } }])
    expect(plans.differences[0]?.changes).toEqual(expect.arrayContaining(['reads all of core.quotes', `no longer reads ${index}`]))
    expect(plans.differences[0]?.after.cost).toBeGreaterThan((plans.differences[0]?.before.cost ?? 0) * 100)
    rmSync(folder, { recursive: true, force: true })
  })
})

const quotes = `design: quotes
story: Readers see what somebody said, newest first.
schema: core
tables:
  quotes:
    about: Something that somebody said.
    columns:
      person: { type: text, check: char_length(person) between 1 and 80 }
      said: { type: text, check: char_length(said) between 1 and 500 }
    access: { pattern: public_read }
    scale: { rows: 4M, distinct: { person: 50k } }
queries:
  of_person: { table: quotes, where: [person =], order_by: created_at desc, page: keyset 20, rate: 20/s, as: anon }
`
