/** Whether this machine can prove anything. */
import { cachePlace, runPlace } from '../../postgres/places.ts'
import { programVersion } from '../../postgres/programs.ts'
import { type Major, openServer } from '../../postgres/server.ts'
import { type Check, note, ok, problem, tried } from './check.ts'

const oldestNode = [20, 19] as const
const enough = 512 * 1024 ** 2

export async function checkEnvironment(major: Major, signal: AbortSignal): Promise<Check[]> {
  const places = await checkPlaces()
  // A server would say again that its cache cannot be written.
  const server = places.some(({ id, status }) => id === 'cache' && status === 'problem') ? [] : await tried('server', () => checkServer(major, signal))
  return [checkNode(process.versions.node), checkPlatform(), ...places, ...server, ...(await checkPrograms())]
}

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fine = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  return fine ? ok('node', `Node ${version}`) : problem('node', `Node ${version} is too old.`, `Install Node ${oldestNode.join('.')} or newer.`, 3)
}

function checkPlatform(): Check {
  const machine = `${process.platform} ${process.arch}`
  if (process.platform === 'win32') return problem('platform', `${machine} has no server.`, 'Run trr-db in WSL 2: wsl --install', 3)
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  if (process.platform !== 'linux') return ok('platform', machine)
  if (header.glibcVersionRuntime) return ok('platform', `${machine}, glibc ${header.glibcVersionRuntime}`)
  return problem('platform', `${machine} without glibc: the Postgres binaries do not start here.`, 'Use a Debian-based image instead of Alpine.', 3)
}

async function checkPlaces(): Promise<Check[]> {
  const [cache, run] = await Promise.all([cachePlace(), runPlace()])
  const lacking = `${run.path} has ${size(run.free)} left; a proof may need ${size(enough)}.`
  return [
    cache.refused === null
      ? ok('cache', `${cache.path}, ${size(cache.bytes)}`)
      : problem('cache', `${cache.path} cannot be written (${cache.refused}).`, 'Set TRR_DB_CACHE to a directory that you may write.', 3),
    run.free >= enough
      ? ok('room', `${size(run.free)} free for servers in ${run.path}`)
      : problem('room', lacking, 'Free some space, or set TRR_DB_CACHE to a directory on another disk.', 3),
  ]
}

async function checkServer(major: Major, signal: AbortSignal): Promise<Check[]> {
  await using server = await openServer({ major, history: [], signal })
  return [ok('server', `Postgres ${server.version} starts`)]
}

async function checkPrograms(): Promise<Check[]> {
  const [git, psql, supabase] = await Promise.all(['git', 'psql', 'supabase'].map(programVersion))
  return [
    git ? ok('git', git) : note('git', 'git is not installed: no migration is taken for history.', 'Install git.'),
    psql ? ok('psql', psql) : note('psql', 'psql is not installed; trr-db shell uses a simpler loop of its own.'),
    supabase ? ok('supabase', `supabase ${supabase}`) : note('supabase', "Supabase's CLI is not installed; trr-db does not need it."),
  ]
}

function size(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`
}
