/** `npm run bench`: how long a person waits. Medians in seconds; a table at the end. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, expect, it } from 'vitest'
import { proveDesignOf, workshop } from './organisation-design.ts'

interface Line {
  what: string
  seconds: number
  limit: number | null
}

const program = resolve('dist/generators/cli.js')
const answers = resolve('references/examples/designs/show_ratings.yaml')
const scratch = readable('trr-db-bench-', tmpdir())
const lines: Line[] = []
/** Limits are for a quiet machine; a busy one shall get its table as well. */
const patience = 600_000

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
  console.table(lines.map(({ what, seconds, limit }) => ({ what, seconds: seconds.toFixed(2), limit: limit === null ? '' : limit.toFixed(2) })))
})

it('help is there at once', () => {
  const node = median(10, () => run(['-e', '0']))
  note('node -e 0', node, null)
  expect.soft(note('trr-db --help', median(10, () => run([program, '--help'])), node * 4)).toBe(true)
}, patience)

it('new-table with all proofs, on the sample repository', () => {
  const cold = { TRR_DB_CACHE: readable('cache-') }
  expect.soft(note('new-table, very first run', newTable(sample(), cold), 10)).toBe(true)
  expect.soft(note('new-table, warm', median(3, () => newTable(sample(), cold)), 4)).toBe(true)
}, patience)

it('grows with the history, not faster', () => {
  const sizes = [50, 100, 200]
  const times = sizes.map((size) => {
    const root = synthetic(size)
    const first = newTable(root, {})
    note(`new-table, ${size} migrations never seen`, first, null)
    note(`new-table, ${size} migrations, warm`, newTable(root, {}), null)
    return first
  })
  const [small = 1, , large = 1] = times
  expect.soft(large / small).toBeLessThan(4 * 1.5)
}, patience)

it('access in both worlds and every fault, grows with the tables', async () => {
  const five = await proveDesignOf(workshop({ twice: false }))
  const ten = await proveDesignOf(workshop({ twice: true }))
  expect.soft(note(`access in both worlds and ${five.faults} faults, 5 tables`, five.seconds, 90)).toBe(true)
  expect.soft(note(`access in both worlds and ${ten.faults} faults, 10 tables`, ten.seconds, five.seconds * 2.5)).toBe(true)
  expect([...five.missed, ...ten.missed]).toEqual([])
}, patience)

function note(what: string, seconds: number, limit: number | null): boolean {
  lines.push({ what, seconds, limit })
  return limit === null || seconds < limit
}

function newTable(root: string, env: NodeJS.ProcessEnv): number {
  reset(root)
  return run([program, 'new-table', '--answers', answers, '--cwd', root, '--yes', '--json'], env)
}

function run(argv: string[], env: NodeJS.ProcessEnv = {}): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, argv, { env: { ...process.env, ...env }, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return (performance.now() - start) / 1000
}

function median(times: number, measure: () => number): number {
  return Array.from({ length: times }, measure).toSorted((left, right) => left - right)[Math.floor(times / 2)] ?? 0
}

/** A new folder that the server's user may enter. */
function readable(prefix: string, parent = scratch): string {
  const folder = mkdtempSync(join(parent, prefix))
  chmodSync(folder, 0o755)
  return folder
}

function sample(): string {
  const root = readable('sample-')
  cpSync('references/examples/trr', root, { recursive: true })
  return root
}

/** The sample's history, and as many further files with a table, a policy and an index each. */
function synthetic(size: number): string {
  const root = sample()
  const folder = join(root, 'supabase/migrations')
  const first = readdirSync(folder).length + 1
  for (let number = first; number <= size; number += 1) {
    const table = `core.synthetic_${number}`
    writeFileSync(join(folder, `${String(number).padStart(4, '0')}_synthetic.sql`), `
create table ${table} (id uuid primary key default gen_random_uuid(), show_id uuid not null references core.shows (id), title text not null, note text default '${root}');
create index on ${table} (show_id);
alter table ${table} enable row level security;
create policy synthetic_read on ${table} for select to anon, authenticated using (true);
grant select on ${table} to anon, authenticated;
`)
  }
  return root
}

function reset(root: string): void {
  for (const folder of ['designs', 'rollbacks', 'tests']) rmSync(join(root, 'supabase', folder), { recursive: true, force: true })
  rmSync(join(root, 'docs'), { recursive: true, force: true })
  const folder = join(root, 'supabase/migrations')
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (name.includes('show_ratings')) rmSync(join(folder, name))
}
