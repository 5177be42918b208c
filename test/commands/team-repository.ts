/** A small repository under git, as two people work in it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCli } from '../support/run-cli.ts'
import { emptyFolder } from '../support/sample-repository.ts'

const base = `create schema core;
grant usage on schema core to anon, authenticated, service_role;
create table core.shows (id uuid primary key default gen_random_uuid(), title text not null);
alter table core.shows enable row level security;
`

export function git(root: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root, encoding: 'utf8' })
}

/** On `main`, with one migration of that number. */
export function teamRepository(number = '0001'): string {
  const root = emptyFolder()
  put(root, `supabase/migrations/${number}_base.sql`, base)
  put(root, 'supabase/config.toml', '[db]\nmajor_version = 17\n')
  git(root, 'init', '-q', '-b', 'main')
  commit(root)
  return root
}

export function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

export function commit(root: string): void {
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', 'work')
}

/** A design of one table that references another one. */
export function spec(name: string, references = 'core.shows'): string {
  const column = `${references.split('.')[1]}_id`
  return `design: ${name}
story: Somebody wants ${name}.
schema: core
tables:
  ${name}:
    about: One of the ${name}.
    columns:
      title: text
      ${column}: { type: uuid, references: ${references}, on_delete: cascade, because: nothing without it }
    access: { pattern: service_only }
`
}

/** Generates the design where the repository stands. */
export async function design(root: string, name: string, references?: string): Promise<void> {
  put(root, `supabase/designs/${name}.yaml`, spec(name, references))
  const { code, stderr, stdout } = await runCli(['new-table', '--answers', join(root, `supabase/designs/${name}.yaml`), '--cwd', root, '--yes'])
  if (code !== 0) throw new Error(`${name}: ${stdout}${stderr}`)
}

/** The design on a branch of its own that begins at `main`. */
export async function designOnBranch(root: string, name: string, references?: string): Promise<void> {
  git(root, 'switch', '-qc', name, 'main')
  await design(root, name, references)
  commit(root)
}

export function migrations(root: string): string[] {
  return readdirSync(join(root, 'supabase/migrations')).toSorted()
}

export function text(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
