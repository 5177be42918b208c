/** Makes files of relations look full: zero pages that take no room on the disk. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pageBytes } from '../../planner/size-model.ts'
import { giveToServerUser } from '../server-user.ts'

/** Pages of one segment file: 1 GiB. */
const segmentPages = 131_072

/** A main fork: its first segment, `.1`, `.2` and so on. A file that is longer already stays as it is. */
export async function extendFile(dataDirectory: string, path: string, pages: number): Promise<void> {
  const segments = Math.max(1, Math.ceil(pages / segmentPages))
  for (let segment = 0; segment < segments; segment += 1) {
    const file = join(dataDirectory, segment === 0 ? path : `${path}.${segment}`)
    const size = Math.min(segmentPages, pages - segment * segmentPages) * pageBytes
    await lengthen(file, size, segment > 0)
  }
}

async function lengthen(file: string, size: number, isNew: boolean): Promise<void> {
  // The first segment exists; one that does not is the sign of a wrong path.
  const handle = await open(file, isNew ? 'a' : 'r+', 0o600)
  try {
    if ((await handle.stat()).size < size) await handle.truncate(size)
  } finally {
    await handle.close()
  }
  if (isNew) await giveToServerUser(file)
}
