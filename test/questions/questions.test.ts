/** The questionnaire without a terminal: answers go in, a spec comes out. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../generators/design/catalog.ts'
import { habitsOf } from '../../generators/design/habits.ts'
import type { SpecInput } from '../../generators/design/input.ts'
import { readSpec } from '../../generators/design/read-spec.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { sections } from '../../generators/questions/index.ts'
import { findMemberships } from '../../generators/questions/memberships.ts'
import type { Asking, Question, World } from '../../generators/questions/question.ts'
import { ShorthandError, parseShorthand } from '../../generators/questions/shorthand.ts'
import { specText } from '../../generators/questions/spec-text.ts'
import { readRepository } from '../../generators/repository/read.ts'

let catalog: Catalog
let world: World

beforeAll(async () => {
  const repository = await readRepository('references/examples/trr')
  await using server = await openServer({ major: 17, history: repository.migrations })
  catalog = server.catalog
  world = { catalog, habits: habitsOf(catalog, { apiSchemas: repository.config.apiSchemas }), designs: [], faults: async () => [], growth: async () => null }
})

/** Enter everywhere, but for the answers that are given by id. */
function answer(answers: Record<string, unknown>, at: World = world): { draft: SpecInput; asked: Exclude<Question, { kind: 'say' }>[] } {
  const asked: Exclude<Question, { kind: 'say' }>[] = []
  const conduct = (asking: Asking<SpecInput>) => {
    let step = asking.next()
    while (!step.done) {
      const question = step.value
      if (question.kind !== 'say') asked.push(question)
      step = asking.next(question.kind === 'say' ? undefined : (answers[question.id] ?? enter(question)))
    }
    return step.value
  }
  const draft = sections.reduce<SpecInput>((before, section) => conduct(section.ask(before, at)), { design: '', story: '' })
  return { draft, asked }
}

function enter(question: Exclude<Question, { kind: 'say' }>): unknown {
  return question.kind === 'search' ? question.find('')[0]?.value : question.default
}

async function read(draft: SpecInput) {
  return readSpec({ text: specText(draft), file: 'draft' }, world)
}

describe('Enter all the way', () => {
  it('gives a design that holds: members of an organisation, by role', async () => {
    const { draft, asked } = answer({})
    const spec = await read(draft)
    expect(spec.design).toBe('notes')
    expect(spec.tables[0]?.access.pattern).toBe('org_roles')
    expect(spec.queries.map(({ name }) => name)).toEqual(['latest_notes'])
    expect(asked.length).toBeLessThan(20)
  })

  it('gives one without organisations too', async () => {
    const bare: World = { ...world, catalog: { ...catalog, tables: [] } }
    const { draft } = answer({ tenancy: 'none' }, bare)
    expect((await read(draft)).tables[0]?.access.pattern).toBe('owner')
  })

  it('asks every question once, under an id of its own', () => {
    const ids = answer({}).asked.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('answers', () => {
  it('become the spec', async () => {
    const { draft } = answer({
      design: 'clips',
      story: 'Fans send clips.',
      'tables.clips.parent': 'show_id:core.shows ',
      'tables.clips.columns': 'show_id:core.shows title:text status:draft|published=draft email:text:nullable',
      'tables.clips.show_id.on_delete': 'cascade',
      'tables.clips.unique': ['show_id', 'title'],
      'tables.clips.access.soft_delete': 'rpc',
      queries: ['clips_by_show', 'my_clips'],
      'queries.clips_by_show.rate': '50/s',
      'scale.clips': 'own',
      'scale.clips.rows': '4M',
      'privacy.keep': '24 months',
      'files.1': true,
    })
    expect(draft.tables?.['clips']).toEqual({
      about: expect.any(String),
      columns: {
        show_id: { type: 'uuid', references: 'core.shows', on_delete: 'cascade', because: 'a row means nothing without its show' },
        title: 'text',
        status: { type: 'text', one_of: ['draft', 'published'], default: 'draft' },
        email: { type: 'text', nullable: true, pii: 'direct', erase: 'clear' },
      },
      unique: [['show_id', 'title']],
      access: { pattern: 'org_roles' },
      soft_delete: 'rpc',
      scale: { rows: '4M', growth: '10k/month' },
      retention: { keep: '24 months', by: 'created_at', then: 'delete' },
    })
    expect(Object.keys(draft.queries ?? {})).toEqual(['clips_by_show', 'my_clips'])
    expect(draft.privacy).toEqual({ subject: 'auth.users', erase_within: '30 days' })
    expect((await read(draft)).files).toHaveLength(1)
  })

  it.each(['owner', 'public_read', 'service_only', 'org_member', 'org_roles'])('of the pattern %s hold', async (pattern) => {
    const { draft } = answer({ 'tables.notes.access': pattern, 'tables.notes.columns': 'show_id:core.shows body:text', 'files.1': true })
    expect((await read(draft)).tables.map((table) => table.access.pattern)).toContain(pattern)
  })

  it('of a name that is taken lead to another question', () => {
    const { asked } = answer({ design: 'shows' })
    expect(asked.map(({ id }) => id)).toContain('tables.shows.name')
  })
})

describe('memberships', () => {
  it('are found with their roles, weakest first', () => {
    expect(findMemberships(catalog)[0]).toEqual({
      model: 'organization',
      column: 'org_id',
      organizations: 'core.organizations',
      memberships: { table: 'core.org_memberships', user: 'user_id', organization: 'org_id', role: 'role', where: "status = 'active'" },
      roles: ['viewer', 'editor', 'admin', 'owner'],
    })
  })
})

describe('shorthand', () => {
  it.each([
    ['title:text', { title: 'text' }],
    ['title', { title: 'text' }],
    ['note:text:nullable', { note: { type: 'text', nullable: true } }],
    ['note:text?', { note: { type: 'text', nullable: true } }],
    ['price:numeric(10,2)=0', { price: { type: 'numeric(10,2)', default: '0' } }],
    ['at:timestamptz=now()', { at: { type: 'timestamptz', default: { sql: 'now()' } } }],
    ['kind:a|b=a', { kind: { type: 'text', one_of: ['a', 'b'], default: 'a' } }],
    ['tags:text[], slug:text:unique', { tags: 'text[]', slug: { type: 'text', unique: true } }],
    ['show_id:shows', { show_id: { type: 'uuid', references: 'core.shows', on_delete: 'restrict' } }],
  ])('%s', (line, expected) => {
    expect(parseShorthand(line, catalog)).toEqual(expected)
  })

  it.each(['a:text a:text', ':text', 'a:text:primary'])('%s is refused', (line) => {
    expect(() => parseShorthand(line, catalog)).toThrow(ShorthandError)
  })
})

