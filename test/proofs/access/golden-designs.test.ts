/** Designs in which something is unusual: everything is asked, and everything is as the spec says. */
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planFiles } from '../../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../../generators/commands/pipeline/prove-design.ts'
import { type ReplayedServer, openServer } from '../../../generators/postgres/server.ts'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { provePgtap } from '../../../generators/proofs/pgtap.ts'
import { type Repository, readRepository } from '../../../generators/repository/read.ts'

const folder = 'test/golden/designs'
let repository: Repository
let server: ReplayedServer

beforeAll(async () => {
  repository = await readRepository('references/examples/trr')
  server = await openServer({ major: repository.config.major, history: repository.migrations })
}, 120_000)
afterAll(() => server.stop())

test.each(readdirSync(folder))('%s', async (name) => {
  const source = { text: readFileSync(`${folder}/${name}`, 'utf8'), file: name, specPath: `supabase/designs/${name}`, design: name.replace('.yaml', '') }
  const design = await planFiles({ source, repository, server, lock: null, now: new Date(0) })
  const sql = generatedSql(design, design.sql)
  expect(await proveAccess({ server, plan: design.plan, sql, ...(design.prepared ? { prepared: design.prepared } : {}) })).toMatchObject({ status: 'proved', findings: [] })
  expect(await provePgtap({ server, sql })).toMatchObject({ status: 'proved', findings: [] })
}, 60_000)
