import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'

const pages = [...readdirSync('references/patterns').filter((name) => name.endsWith('.md')).map((name) => `patterns/${name}`), 'playbooks.md']
let server: ReplayedServer

beforeAll(async () => {
  server = await openServer({ major: 17, history: [] })
})
afterAll(() => server.stop())

describe('every SQL block of a reference page runs', () => {
  test.each(pages)('%s', async (page) => {
    const text = readFileSync(`references/${page}`, 'utf8')
    const blocks = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
    expect(blocks.length).toBeGreaterThan(1)
    const database = await server.createDatabase()
    await using session = await database.connect()
    await session.query('begin')
    for (const block of blocks) await session.query(block)
    await session.query('rollback')
  })
})
