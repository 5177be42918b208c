/** Whether the designs and their files still agree. */
import { join } from 'node:path'
import { findCollisions } from '../../repository/collisions.ts'
import { shippedBelow } from '../../repository/history.ts'
import { type Lock, readLock } from '../../repository/lock.ts'
import { migrationsFolder } from '../../repository/migrations.ts'
import type { Repository } from '../../repository/read.ts'
import { hashText, readText } from '../../repository/text-file.ts'
import { stackedDesigns } from '../restacking/stacked-designs.ts'
import { type Check, note, ok, problem, tried } from './check.ts'

export async function checkDesigns(repository: Repository): Promise<Check[]> {
  const checks: Check[] = []
  for (const { design, spec } of repository.designs) checks.push(...(await tried(design, () => checkDesign(repository.root, design, spec))))
  const numbers = await tried('numbers', () => checkNumbers(repository))
  return repository.designs.length === 0 ? [ok('designs', 'none in supabase/designs')] : [...checks, ...numbers]
}

async function checkDesign(root: string, design: string, spec: string): Promise<Check[]> {
  const lock = await readLock(root, design)
  if (lock === null) return [note(design, `${spec} was never generated.`, `trr-db generate ${design}`)]
  const { missing, edited } = await compare(root, lock)
  const { text } = await readText(join(root, spec), spec)
  const changed = text !== null && hashText(text) !== lock.spec
  const checks = [
    ...(changed ? [problem(design, `${spec} was changed since it was generated.`, `trr-db generate ${design}`)] : []),
    ...missing.map((path) => problem(design, `${path} is gone.`, `Restore it (git checkout -- ${path}), or write it anew: trr-db generate ${design}`)),
    ...edited.map((path) => note(design, `${path} was edited by hand; it is kept.`)),
  ]
  return checks.some(({ status }) => status === 'problem') ? checks : [ok(design, `${lock.files.length} files as the lock says`), ...checks]
}

async function compare(root: string, lock: Lock): Promise<{ missing: string[]; edited: string[] }> {
  const missing: string[] = []
  const edited: string[] = []
  for (const { path, kind, sha256 } of lock.files) {
    const { text } = await readText(join(root, path), path)
    if (text === null) missing.push(path)
    // Schema docs belong to all designs, and a changed spec is told by itself.
    else if (kind !== 'schema doc' && kind !== 'spec' && hashText(text) !== sha256) edited.push(path)
  }
  return { missing, edited }
}

async function checkNumbers(repository: Repository): Promise<Check[]> {
  const shipped = await shippedBelow(repository.root, migrationsFolder)
  const designs = await stackedDesigns(repository)
  const { moves } = findCollisions({ migrations: repository.migrations, designs, shipped: shipped.paths, base: shipped.base, named: [] })
  return moves.map(({ design: { design }, reason }) => problem(design, `${reason}.`, `trr-db restack ${design}`))
}
