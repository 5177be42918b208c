/** Asks git about a repository. Read-only: nothing here changes a ref, the index or a file. */
import { execa } from 'execa'

export type GitResult = { kind: 'ok'; output: string } | { kind: 'failed'; reason: string } | { kind: 'no git' }

/** Runs git in a folder of the repository. */
export async function git(root: string, args: readonly string[]): Promise<GitResult> {
  const result = await execa('git', [...args], { cwd: root, env: gitEnvironment(), reject: false, stripFinalNewline: false })
  if (result.code === 'ENOENT') return { kind: 'no git' }
  return result.failed ? { kind: 'failed', reason: result.stderr } : { kind: 'ok', output: result.stdout }
}

/** Why a folder cannot be asked about; null when it can. */
export async function gitTrouble(root: string): Promise<string | null> {
  const inside = await git(root, ['rev-parse', '--is-inside-work-tree'])
  if (inside.kind === 'ok') return null
  if (inside.kind === 'no git') return 'git is not installed'
  return /dubious ownership/.test(inside.reason) ? 'git refuses a repository that belongs to another user' : 'This is not a git repository'
}

/** The contents of blobs, in the order of their hashes. */
export async function readBlobs(root: string, hashes: readonly string[]): Promise<Buffer[]> {
  if (hashes.length === 0) return []
  const { stdout } = await execa('git', ['cat-file', '--batch'], { cwd: root, env: gitEnvironment(), input: `${hashes.join('\n')}\n`, encoding: 'buffer', stripFinalNewline: false })
  const bytes = Buffer.from(stdout)
  const blobs: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const head = bytes.indexOf(0x0a, start)
    const size = Number(/ blob (\d+)$/.exec(bytes.subarray(start, head).toString())?.[1] ?? Number.NaN)
    if (Number.isNaN(size)) throw new Error(`git cat-file: ${bytes.subarray(start, head).toString()}`)
    blobs.push(bytes.subarray(head + 1, head + 1 + size))
    start = head + size + 2
  }
  return blobs
}

// A hook's environment points git at the hook's own repository and index.
function gitEnvironment(): NodeJS.ProcessEnv {
  const foreign = Object.keys(process.env).filter((name) => /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$/.test(name))
  return { LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...Object.fromEntries(foreign.map((name) => [name, undefined])) }
}
