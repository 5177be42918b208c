/** Only a server that this process started may be lied to. */
import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { TrrError } from '../../errors.ts'
import { runRoots } from '../run-root.ts'
import type { Session } from '../session.ts'

/** The data directory of the session's server. Throws for a server that is not an embedded one of this process. */
export async function ownDataDirectory(session: Session): Promise<string> {
  const { rows } = await session.query<{ directory: string; name: string }>("select current_setting('data_directory') as directory, current_database() as name")
  const { directory = '', name = '' } = rows[0] ?? {}
  const path = await realpath(directory).catch(() => '')
  const roots = await Promise.all(runRoots().map((root) => realpath(root).catch(() => null)))
  // `<host>-<pid>-<random>/data` below the folder of the runs; copies of the history are called work_<n>.
  const isOwn = roots.some((root) => root !== null && path.startsWith(root + sep) && path.slice(root.length + 1).split(sep)[0]?.split('-')[1] === String(process.pid))
  if (isOwn && name.startsWith('work_')) return path
  throw new TrrError({
    code: 'USAGE',
    message: `The database "${name}" is not one that was made for a proof: its statistics and files are left alone.`,
    remedy: 'Plans at scale are made on the embedded server only.',
  })
}
