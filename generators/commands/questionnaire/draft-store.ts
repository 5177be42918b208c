/** What was answered so far, kept outside the repository until the design is written. */
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheKey, cacheRoot, diskError } from '../../postgres/cache.ts'
import type { Answered } from './trail.ts'

/** Of other versions nothing is taken up. */
const version = 1

export interface Draft {
  design: string
  answers: [string, Answered][]
  /** The spec, when it was edited by hand. */
  text: string | null
}

/** One draft for each repository. */
export async function draftPath(root: string): Promise<string> {
  return join(cacheRoot(), 'drafts', `${cacheKey([await realpath(root)])}.json`)
}

/** Null when there is none, or none that can be read. */
export async function readDraft(root: string): Promise<Draft | null> {
  try {
    const saved = JSON.parse(await readFile(await draftPath(root), 'utf8')) as Draft & { version: number }
    return saved.version === version && Array.isArray(saved.answers) && saved.answers.length > 0 ? saved : null
  } catch {
    return null
  }
}

/** The whole draft or the one before: never half of it. For the eyes of this user only. */
export async function saveDraft(root: string, draft: Draft): Promise<void> {
  const path = await draftPath(root)
  const staging = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(staging, JSON.stringify({ version, ...draft }), { mode: 0o600 })
    await rename(staging, path)
  } catch (error) {
    await rm(staging, { force: true })
    throw diskError(error, path)
  }
}

export async function deleteDraft(root: string): Promise<void> {
  await rm(await draftPath(root), { force: true })
}
