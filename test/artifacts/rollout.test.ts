import { describe, expect, test } from 'vitest'
import { rollout } from '../../generators/artifacts/rollout.ts'
import type { Catalog } from '../../generators/design/catalog.ts'
import type { Spec } from '../../generators/design/spec.ts'
import { catalog, documentInput, existing, ratings, submissions } from '../support/document-input.ts'
import { query } from '../support/specs.ts'

async function page(given: Spec, before?: Catalog): Promise<string> {
  const [file] = await rollout.render(await documentInput(given, undefined, before))
  return file?.text ?? ''
}

describe('locks', () => {
  test('a new table locks the tables that it references, and those only', async () => {
    const text = await page(submissions())
    expect(text).toContain('| SHARE ROW EXCLUSIVE on `core.shows`, `auth.users`, `core.organizations` | the new tables, which are empty | 2s | 1min |')
    expect(text).toContain('- SHARE ROW EXCLUSIVE: writes wait, reads go on.')
    expect(text).toContain('Every sign-up and sign-in writes to `auth.users`.')
  })

  test('a table of its own locks nothing that others use', async () => {
    expect(await page(ratings())).toContain('No phase locks a table that others use.')
  })
})

test('a gate after every phase, with the answer that is expected', async () => {
  const text = await page(submissions())
  expect(text).toContain('**1. 0018_submissions.sql** Expected: 1 row, `row_security` true and `open_to` null in each.')
  expect(text).toContain('**2. 0019_submissions_rls.sql** Expected: policies: 3 on `core.submissions`.')
  expect(text).toContain('**3. 0020_submissions_indexes.sql** Expected: 4 rows, `valid` true in each.')
})

test('the rollback goes backwards and says what is lost', async () => {
  const text = await page(submissions())
  const section = text.slice(text.indexOf('## Rollback'))
  expect(section.indexOf('0020_')).toBeLessThan(section.indexOf('0018_'))
  expect(section).toContain('**every row** of `core.submissions` | ACCESS EXCLUSIVE on `core.submissions`, and on `core.shows`, `auth.users` and `core.organizations`')
})

describe('work on existing tables', () => {
  // The parent belongs to organisations and has no key over both; a query reads it by a column without an index.
  const shows = existing('shows', {
    columns: [column('id', 'uuid'), column('org_id', 'uuid'), column('title', 'text')],
    foreignKeys: [{ name: 'f', columns: ['org_id'], references: { schema: 'core', table: 'organizations', columns: ['id'] }, onDelete: 'cascade' }],
  })
  const before = { ...catalog, tables: [...catalog.tables.filter(({ name }) => name !== 'shows'), shows] }
  const given = { ...submissions(), queries: [query('by_title', { table: { schema: 'core', name: 'shows' }, where: [{ column: 'title', operator: '=' }], as: 'service_role' })] }

  test('concurrent builds have a section, no transaction and a way out of an invalid index', async () => {
    const text = await page(given, before)
    expect(text).toContain('## Concurrent builds')
    expect(text).toContain('SHARE UPDATE EXCLUSIVE on `core.shows` | all of `core.shows` | the role\'s | the role\'s |')
    expect(text).toMatch(/ON_ERROR_STOP=1 -f supabase\/migrations\/\d+_submissions_shows_tenant_key\.sql/)
    expect(text).toContain('drop index concurrently if exists core.shows_org_id_id_key;')
    expect(text).toContain('drop index concurrently if exists core.shows_title_idx;')
    expect(text).toContain('begins empty; `core.shows` gets its key without a change of a row.')
  })

  test('the gate of a tenant key asks whether its index is valid', async () => {
    expect(await page(given, before)).toContain("where c.relname in ('shows_org_id_id_key');")
  })
})

function column(name: string, type: string): Catalog['tables'][number]['columns'][number] {
  return { name, type, nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null }
}
