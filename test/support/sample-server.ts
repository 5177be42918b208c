/** The sample repository on a server, and designs planned on it: once for all tests of a worker. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { lockOf } from '../../generators/commands/pipeline/lock-of.ts'
import { type PlannedDesign, planFiles } from '../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../generators/commands/pipeline/prove-design.ts'
import type { Plan } from '../../generators/design/plan.ts'
import type { GeneratedSql } from '../../generators/design/sql-file.ts'
import { type Database, type ReplayedServer, openServer } from '../../generators/postgres/server.ts'
import type { Prepared } from '../../generators/proofs/access/prepare.ts'
import { type Repository, readRepository } from '../../generators/repository/read.ts'

const folder = 'references/examples/designs'

/** Names of the example designs. */
export const examples = readdirSync(folder).map((name) => name.replace('.yaml', ''))

export function exampleText(name: string): string {
  return readFileSync(join(folder, `${name}.yaml`), 'utf8')
}

export interface PlannedSpec {
  design: PlannedDesign
  plan: Plan
  sql: GeneratedSql
  prepared: Prepared
}

interface Ground {
  server: ReplayedServer
  repository: Repository
}

export interface SampleServer extends Ground {
  /** An example design; tests that change what they get take a fresh one. */
  planned(name: string, options?: { fresh?: boolean }): Promise<PlannedSpec>
  /** A design that is no example. */
  plannedText(name: string, text: string): Promise<PlannedSpec>
}

let opened: Promise<SampleServer> | undefined
const databases: Database[] = []

/** Ask for it inside of tests. */
export function sampleServer(): () => SampleServer {
  let sample: SampleServer | undefined
  beforeAll(async () => {
    sample = await (opened ??= openSample())
  }, 120_000)
  return () => sample as SampleServer
}

/** For `clean-up.ts`, after each file: the server goes on, with the worker. */
export async function dropDatabases(): Promise<void> {
  for (const database of databases.splice(0)) await database.drop()
}

/** What a spec comes to in that repository. */
export async function planText({ server, repository }: Ground, name: string, text: string): Promise<PlannedSpec> {
  const source = { text, file: `${name}.yaml`, specPath: `supabase/designs/${name}.yaml`, design: name }
  const design = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  return { design, plan: design.plan, sql: generatedSql(design, design.sql), prepared: design.prepared as Prepared }
}

/** The files of a design without its pages, as if it had been proved. */
export function writePlanned(root: string, { design }: PlannedSpec): void {
  const files = [design.spec, ...design.sql]
  for (const { path, text } of [...files, lockOf(design, files, { before: null, conflicts: new Set(), mutations: undefined, measuredOn: '' })]) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

async function openSample(): Promise<SampleServer> {
  const repository = await readRepository('references/examples/trr')
  const server = await openServer({ major: repository.config.major, history: repository.migrations })
  const createDatabase: ReplayedServer['createDatabase'] = async (options) => {
    const database = await server.createDatabase(options)
    databases.push(database)
    return database
  }
  const ground = { repository, server: { ...server, createDatabase } }
  const known = new Map<string, Promise<PlannedSpec>>()
  return {
    ...ground,
    plannedText: (name, text) => planText(ground, name, text),
    planned: (name, { fresh = false } = {}) => {
      const found = (fresh ? undefined : known.get(name)) ?? planText(ground, name, exampleText(name))
      if (!fresh) known.set(name, found)
      return found
    },
  }
}
