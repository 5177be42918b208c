/** A copy of what designs are made of: restacking happens there, and comes back only when all of it is proved. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exists } from '../../repository/root.ts'

export interface ScratchCopy extends AsyncDisposable {
  root: string
}

const parts = ['supabase/config.toml', 'supabase/seed.sql', 'supabase/calibration.yaml', 'supabase/migrations', 'supabase/rollbacks', 'supabase/tests', 'supabase/designs', 'supabase/schema_docs', 'docs/db']

export async function scratchCopy(root: string): Promise<ScratchCopy> {
  const copy = await mkdtemp(join(tmpdir(), 'trr-db-restack-'))
  for (const part of parts) {
    if (await exists(join(root, part))) await cp(join(root, part), join(copy, part), { recursive: true, dereference: true })
  }
  return { root: copy, [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }) }
}
