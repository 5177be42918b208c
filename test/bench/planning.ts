/**
 * `npm run bench:planning`: how long `plan` takes, what it holds in memory and on the disk. A hundred statements over
 * twenty tables, half and twice as many of them, and tables of 10⁹ rows.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runRoots } from '../../generators/postgres/run-root.ts'

const program = resolve('dist/generators/cli.js')
const scratch = mkdtempSync(join(tmpdir(), 'trr-db-bench-'))
const lines: Record<string, string | number>[] = []
/** Limits are for a quiet machine; a busy one shall get its table as well. */
const patience = 1_200_000

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
  console.table(lines)
})

it('a hundred statements over twenty tables, and no more than in proportion', async () => {
  const times: number[] = []
  for (const count of [50, 100, 200]) {
    const { seconds, megabytes, disk } = await plan(workload(count, '1M'))
    lines.push({ what: `${count} statements, 20 tables`, seconds, 'limit, s': count === 100 ? 30 : '', 'memory, MB': megabytes, 'disk, MB': disk })
    times.push(seconds)
    expect.soft(megabytes).toBeLessThan(1000)
    if (count === 100) expect.soft(seconds).toBeLessThan(30)
  }
  expect.soft((times[2] ?? 0) / (times[0] ?? 1)).toBeLessThan(4 * 1.5)
}, patience)

it('tables of a thousand million rows', async () => {
  const { seconds, megabytes, disk } = await plan(workload(8, '1000M'))
  lines.push({ what: '8 statements, 20 tables of 10⁹ rows', seconds, 'limit, s': 10, 'memory, MB': megabytes, 'disk, MB': disk })
  expect.soft(seconds).toBeLessThan(10)
  expect.soft(disk).toBeLessThan(200)
}, patience)

interface Workload {
  schema: string
  statements: string
  scale: string
}

/** Twenty tables, each with a parent; statements of one to four tables, all different, from a fixed row of numbers. */
function workload(count: number, rows: string): Workload {
  let state = 7
  const random = (most: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % most
  const tables = Array.from({ length: 20 }, (_one, place) => place)
  const parent = (table: number) => Math.floor((table - 1) / 2)
  const schema = tables.map((table) => `create table t${table} (id bigint primary key${table > 0 ? `, parent_id bigint not null references t${parent(table)}` : ', parent_id bigint'}, owner_id bigint not null, state text not null, score int not null, amount numeric not null, made_at timestamptz not null, note text);`)
  const statements = Array.from({ length: count }, (_one, place) => {
    const path = [1 + random(19)]
    for (let more = random(4); more > 0 && (path.at(-1) ?? 0) > 0; more -= 1) path.push(parent(path.at(-1) ?? 0))
    const joins = path.slice(1).map((table, at) => ` join t${table} a${at + 1} on a${at + 1}.id = a${at}.parent_id`).join('')
    const filters = ['a0.owner_id = $1', "a0.state = 'open'", 'a0.score > $1', 'a0.parent_id = $1', 'a0.made_at >= $1', `a${path.length - 1}.owner_id = $2`].filter(() => random(3) === 0)
    const order = ['', ' order by a0.made_at desc limit 20', ' order by a0.score', ''][random(4)]
    const where = filters.length > 0 ? filters : ['a0.owner_id = $1']
    let number = 0
    const numbered = where.map((one) => one.replace(/\$\d/, () => `$${(number += 1)}`))
    return `-- name: q${place}\n-- rate: ${1 + random(50)}/s\nselect a0.id, a0.amount, a${path.length - 1}.score from t${path[0]} a0${joins} where ${numbered.join(' and ')}${order};`
  })
  const scale = ['tables:', ...tables.map((table) => `  t${table}: { rows: ${rows}, distinct: { parent_id: 100k, owner_id: 50k, state: 5, score: 1000 } }`)]
  return { schema: schema.join('\n'), statements: statements.join('\n'), scale: scale.join('\n') }
}

async function plan({ schema, statements, scale }: Workload): Promise<{ seconds: number; megabytes: number; disk: number }> {
  for (const [name, text] of Object.entries({ 's.sql': schema, 'w.sql': statements, 'scale.yaml': scale })) writeFileSync(join(scratch, name), text)
  const start = performance.now()
  const memory = 'data:text/javascript,process.on("exit", () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}`))'
  const child = spawn(process.execPath, ['--import', memory, program, 'plan', '--workload', 'w.sql', '--schema', 's.sql', '--scale', 'scale.yaml', '--json', '--cwd', scratch], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  let disk = 0
  const timer = setInterval(() => {
    disk = Math.max(disk, Math.round(diskOf(child.pid ?? 0)))
  }, 300)
  const code = await new Promise<number | null>((settle) => child.on('close', settle))
  clearInterval(timer)
  if (code !== 0) throw new Error(errors)
  return { seconds: Number(((performance.now() - start) / 1000).toFixed(1)), megabytes: Math.round(Number(/peak (\d+)/.exec(errors)?.[1]) / 1000), disk }
}

/** Of the folders that the process runs its servers in. */
function diskOf(pid: number): number {
  const folders = runRoots().flatMap((root) => namesIn(root).filter((name) => name.split('-')[1] === String(pid)).map((name) => join(root, name)))
  return folders.reduce((sum, folder) => sum + Number(size(folder).split('\t')[0]) / 1000, 0)
}

function size(folder: string): string {
  try {
    return execFileSync('du', ['-sk', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return '0'
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
