import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Running {
  child: ChildProcess
  postmaster: number
  run: string
  socket: string
}

const script = fileURLToPath(new URL('start-server.mjs', import.meta.url))

async function start(options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {}): Promise<Running> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], ...options, env: { ...process.env, ...options.env } })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk)))
    child.once('exit', () => reject(new Error(complaint)))
  })
  const { data, socket } = JSON.parse(line) as { data: string; socket: string }
  const postmaster = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  return { child, postmaster, run: dirname(data), socket }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function settled({ postmaster, run, socket }: Running): Promise<{ alive: boolean; run: boolean; socket: boolean }> {
  const state = () => ({ alive: isAlive(postmaster), run: existsSync(run), socket: existsSync(socket) })
  for (let n = 0; n < 200 && Object.values(state()).some(Boolean); n += 1) await sleep(50)
  return state()
}

const nothing = { alive: false, run: false, socket: false }

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('%s leaves no process and no file', async (signal) => {
  const running = await start()
  expect(isAlive(running.postmaster)).toBe(true)
  running.child.kill(signal)
  expect(await settled(running)).toEqual(nothing)
})

test('what a killed watchdog leaves is swept by the next command', async () => {
  const running = await start()
  const watchdog = Number(readFileSync(`/proc/${running.postmaster}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  process.kill(watchdog, 'SIGKILL')
  running.child.kill('SIGKILL')
  await sleep(200)
  expect(isAlive(running.postmaster)).toBe(true)
  const next = await start()
  expect(await settled(running)).toEqual(nothing)
  next.child.kill('SIGKILL')
  expect(await settled(next)).toEqual(nothing)
})

// Only root can become someone else.
test.runIf(process.getuid?.() === 0)('an ordinary user has a cache and a server of its own, on a long path too', async () => {
  const cache = mkdtempSync(join(tmpdir(), `trr-db-${'long-'.repeat(20)}`))
  chownSync(cache, 65534, 65534)
  chmodSync(cache, 0o700)
  try {
    const running = await start({ uid: 65534, gid: 65534, env: { TRR_DB_CACHE: cache, HOME: cache } })
    expect(Buffer.byteLength(running.socket)).toBeLessThan(90)
    running.child.kill('SIGKILL')
    expect(await settled(running)).toEqual(nothing)
  } finally {
    rmSync(cache, { recursive: true })
  }
}, 120_000)

test.runIf(process.getuid?.() === 0)('a user without a passwd entry is told so', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'trr-db-'))
  chmodSync(cache, 0o777)
  try {
    const failed = start({ uid: 54321, gid: 54321, env: { TRR_DB_CACHE: cache, HOME: cache } })
    await expect(failed).rejects.toThrow(/SERVER_FAILED {2}Postgres needs a user that \/etc\/passwd names; 54321 has no entry/)
  } finally {
    rmSync(cache, { recursive: true })
  }
}, 120_000)
