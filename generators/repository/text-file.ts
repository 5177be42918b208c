/** Text on disk: UTF-8 or a clear issue, never half a guess. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Issue } from '../errors.ts'

/** What a file holds, or why it cannot be used. `text` is null when there is no such file. */
export type TextFile = { text: string | null; issue: null } | { text: null; issue: Issue }

/** Reads a file as UTF-8. `shown` is the path that an issue names. */
export async function readText(path: string, shown: string): Promise<TextFile> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return { text: null, issue: null }
    return { text: null, issue: unreadable(shown, code) }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return { text, issue: null }
  } catch {
    // Reported below, with the binary files.
  }
  return {
    text: null,
    issue: {
      code: 'REPO_CONFIG',
      message: `"${shown}" is not UTF-8 text.`,
      remedy: 'Save it as UTF-8, or move it out of the folder when it is no text at all.',
      place: { file: shown, line: lineOfFault(bytes) },
    },
  }
}

/** Hash of a text. A checkout with CRLF line ends is the same text. */
export function hashText(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

function unreadable(shown: string, code: string | undefined): Issue {
  if (code === 'EISDIR') {
    return { code: 'REPO_CONFIG', message: `"${shown}" is a folder where a file is expected.`, remedy: 'Rename the folder.', place: { file: shown } }
  }
  return { code: 'DISK', message: `"${shown}" cannot be read (${code ?? 'unknown reason'}).`, remedy: 'Make it readable and run again.', place: { file: shown } }
}

/** Line of the first byte that is no text. Lines before it decode on their own. */
export function lineOfFault(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start <= bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start)
    const part = bytes.subarray(start, end === -1 ? bytes.length : end)
    if (part.includes(0) || !isUtf8(part) || end === -1) return line
    start = end + 1
  }
  return line
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8')).equals(bytes)
}
