/** A copy of the sample repository, and what a test needs to see of a tree. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

/** For `clean-up.ts`, after each file. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A fresh copy, removed after the last test of the file. */
export function sampleRepository(): string {
  const root = emptyFolder()
  cpSync('references/examples/trr', root, { recursive: true })
  return root
}

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trr-db-test-'))
  made.push(folder)
  return folder
}

/** Path → hash of every file. Folders count as well. */
export function treeOf(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('.git')).toSorted()
  return Object.fromEntries(paths.map((path) => [path, statSync(join(root, path)).isDirectory() ? 'folder' : hash(join(root, path))]))
}

function hash(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
