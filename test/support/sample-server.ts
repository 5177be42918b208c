/** The sample repository on a server of its own, and its example designs planned on it: once for all tests of a file. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type PlannedDesign, planFiles } from '../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../generators/commands/pipeline/prove-design.ts'
import type { Plan } from '../../generators/design/plan.ts'
import type { GeneratedSql } from '../../generators/design/sql-file.ts'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'
import type { Prepared } from '../../generators/proofs/access/prepare.ts'
import { type Repository, readRepository } from '../../generators/repository/read.ts'

const folder = 'references/examples/designs'

/** Names of the example designs. */
export const examples = readdirSync(folder).map((name) => name.replace('.yaml', ''))

export interface PlannedExample {
  design: PlannedDesign
  plan: Plan
  sql: GeneratedSql
  prepared: Prepared
}

export interface SampleServer {
  server: ReplayedServer
  repository: Repository
  /** An example design; tests that change what they get take a fresh one. */
  planned(name: string, options?: { fresh?: boolean }): Promise<PlannedExample>
  /** A design that is no example. */
  plannedText(name: string, text: string): Promise<PlannedExample>
}

/** Ask for it inside of tests. */
export function sampleServer({ root = 'references/examples/trr' }: { root?: string } = {}): () => SampleServer {
  let sample: SampleServer | undefined
  beforeAll(async () => {
    const repository = await readRepository(root)
    const server = await openServer({ major: repository.config.major, history: repository.migrations })
    const known = new Map<string, Promise<PlannedExample>>()
    const plannedText = (name: string, text: string) => planned({ server, repository }, name, text)
    sample = {
      server,
      repository,
      plannedText,
      planned: (name, { fresh = false } = {}) => {
        const found = (fresh ? undefined : known.get(name)) ?? plannedText(name, readFileSync(join(folder, `${name}.yaml`), 'utf8'))
        if (!fresh) known.set(name, found)
        return found
      },
    }
  }, 120_000)
  afterAll(() => sample?.server.stop())
  return () => sample as SampleServer
}

async function planned({ server, repository }: Pick<SampleServer, 'server' | 'repository'>, name: string, text: string): Promise<PlannedExample> {
  const source = { text, file: `${name}.yaml`, specPath: `supabase/designs/${name}.yaml`, design: name }
  const design = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  return { design, plan: design.plan, sql: generatedSql(design, design.sql), prepared: design.prepared as Prepared }
}
