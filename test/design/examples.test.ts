import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { habitsOf } from '../../generators/design/habits.ts'
import { type SpecContext, readSpec } from '../../generators/design/read-spec.ts'
import { type ReplayedServer, openServer } from '../../generators/postgres/server.ts'

const designs = 'references/examples/designs'
const migrations = 'references/examples/trr/supabase/migrations'

describe('the example designs, against the sample repository', () => {
  let server: ReplayedServer
  let context: SpecContext

  beforeAll(async () => {
    const history = readdirSync(migrations).toSorted().map((file) => ({ path: `${migrations}/${file}`, sql: readFileSync(`${migrations}/${file}`, 'utf8') }))
    server = await openServer({ major: 17, history })
    context = { catalog: server.catalog, habits: habitsOf(server.catalog, { apiSchemas: ['public', 'core', 'social', 'surveys'] }) }
  }, 120_000)

  afterAll(() => server[Symbol.asyncDispose]())

  test('the habits of the sample', () => {
    expect(context.habits).toMatchObject({ schema: 'core', idType: 'uuid', updatedAt: { function: { schema: 'core', name: 'set_updated_at' } } })
    expect(context.habits.updatedAt?.triggerName('notes')).toBe('notes_set_updated_at')
  })

  test.each(readdirSync(designs))('%s is accepted', async (file) => {
    const spec = await readSpec({ text: readFileSync(`${designs}/${file}`, 'utf8'), file }, context)
    expect(spec.design).toBe(file.replace('.yaml', ''))
  })
})
