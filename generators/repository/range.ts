/** Which two states of the repository a range of commits means. */
import { TrrError } from '../errors.ts'
import { git, gitTrouble } from './git.ts'
import { bases } from './history.ts'

export interface Revision {
  /** As a person says it: `main`. */
  name: string
  /** Null: the working tree, uncommitted files included. */
  commit: string | null
}

export interface Range {
  base: Revision & { commit: string }
  head: Revision
  /** Commits of the base that the head does not have: their work shows as taken away. */
  behind: number
}

/** `<base>..`, `<base>..<head>`, `<base>...<head>` (from where they parted), or nothing: from where the branch began to the working tree. */
export async function resolveRange(root: string, range: string | null): Promise<Range> {
  const trouble = await gitTrouble(root)
  if (trouble !== null) throw new TrrError({ code: 'REPO_MISSING', message: `${trouble}, so there are no two commits to compare.`, remedy: 'Run it in a clone of the repository: trr-db diff main..' })
  if (range === null) return await sinceDefaultBranch(root)
  const [, first = '', dots = '..', second = ''] = /^(.*?)(?:(\.\.\.?)(.*))?$/s.exec(range) ?? []
  const from = await commitOf(root, first === '' ? 'HEAD' : first)
  const head: Revision = second === '' ? workingTree : { name: second, commit: await commitOf(root, second) }
  if (dots === '...') {
    const commit = await mergeBase(root, from, head.commit ?? 'HEAD')
    if (commit === null) throw new TrrError({ code: 'USAGE', message: `"${first}" and ${head.name} have no commit in common.`, remedy: `Compare them as they are: trr-db diff ${first}..${second}` })
    return { base: { name: `where ${nameOf(head)} left ${first}`, commit }, head, behind: 0 }
  }
  return { base: { name: first === '' ? 'HEAD' : first, commit: from }, head, behind: await countMissing(root, from, head.commit ?? 'HEAD') }
}

const workingTree: Revision = { name: 'the working tree', commit: null }

async function sinceDefaultBranch(root: string): Promise<Range> {
  for (const branch of bases) {
    const found = await git(root, ['rev-parse', '--verify', '--quiet', `${branch}^{commit}`])
    const commit = found.kind === 'ok' ? await mergeBase(root, found.output.trim(), 'HEAD') : null
    if (commit !== null) return { base: { name: `where this branch left ${branch}`, commit }, head: workingTree, behind: 0 }
  }
  throw new TrrError({ code: 'USAGE', message: `There is no base branch (${bases.slice(1).join(', ')}) that this branch began on.`, remedy: 'Name the base: trr-db diff <base>.. In a shallow clone fetch its history first: git fetch --unshallow' })
}

async function commitOf(root: string, word: string): Promise<string> {
  const found = word.startsWith('-') ? null : await git(root, ['rev-parse', '--verify', '--quiet', `${word}^{commit}`])
  if (found?.kind === 'ok') return found.output.trim()
  throw new TrrError({ code: 'USAGE', message: `git knows no commit "${word}" here.`, remedy: `Name a branch, a tag or a commit of this clone; what is only on the remote is fetched first: git fetch origin ${/^[\w./-]+$/.test(word) && !word.startsWith('-') ? word.replace(/^origin\//, '') : '<branch>'}` })
}

async function mergeBase(root: string, left: string, right: string): Promise<string | null> {
  const found = await git(root, ['merge-base', left, right])
  return found.kind === 'ok' ? found.output.trim() : null
}

async function countMissing(root: string, base: string, head: string): Promise<number> {
  const counted = await git(root, ['rev-list', '--count', base, `^${head}`])
  return counted.kind === 'ok' ? Number(counted.output) : 0
}

function nameOf({ name, commit }: Revision): string {
  return commit === null ? 'this branch' : name
}
