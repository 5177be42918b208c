import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServer } from '../../generators/postgres/server.ts'
import type { ReplayedServer, SqlFile } from '../../generators/postgres/server.ts'

const sample = new URL('../../references/examples/trr/', import.meta.url)
let server: ReplayedServer

beforeAll(async () => {
  server = await openServer({ major: 17, history: migrations(), seed: [sampleFile('supabase/seed.sql')] })
})
afterAll(() => server.stop())

test('the sample repository replays, seed included', () => {
  const tables = server.catalog.tables.filter(({ kind, schema }) => kind === 'table' && ['core', 'social', 'surveys'].includes(schema))
  expect(tables.map(({ schema, name }) => `${schema}.${name}`).sort()).toEqual([
    'core.cast_members', 'core.credits', 'core.episodes', 'core.org_memberships', 'core.organizations', 'core.people',
    'core.seasons', 'core.show_images', 'core.shows', 'social.conversation_members', 'social.conversations',
    'social.messages', 'social.posts', 'social.reactions', 'social.threads', 'surveys.answers', 'surveys.questions',
    'surveys.responses', 'surveys.surveys',
  ])
  expect(tables.filter(({ rowSecurity }) => !rowSecurity)).toEqual([])
})

test('its schema docs describe the tables of core as they are', () => {
  const documented = readdirSync(new URL('supabase/schema_docs/', sample)).filter((name) => name.endsWith('.json'))
  const columns = documented.sort().map((name) => JSON.parse(sampleFile(`supabase/schema_docs/${name}`).sql) as SchemaDoc)
  const tables = server.catalog.tables.filter(({ kind, schema }) => kind === 'table' && schema === 'core')
  expect(columns.map(({ table, columns }) => [table, columns.map(({ name }) => name)])).toEqual(
    tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
  )
})

test('the policy that its README warns of recurses', async () => {
  const database = await server.createDatabase()
  await using session = await database.connect()
  await session.query('set role authenticated')
  await expect(session.query('select from social.messages')).rejects.toMatchObject({ code: '42P17' })
})

interface SchemaDoc {
  table: string
  columns: { name: string }[]
}

function migrations(): SqlFile[] {
  return readdirSync(new URL('supabase/migrations/', sample)).map((name) => sampleFile(`supabase/migrations/${name}`))
}

function sampleFile(path: string): SqlFile {
  return { path, sql: readFileSync(new URL(path, sample), 'utf8') }
}
