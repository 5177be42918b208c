import { describe, expect, test } from 'vitest'
import { accessPage } from '../../generators/artifacts/access-page.ts'
import type { Evidence } from '../../generators/design/evidence.ts'
import type { Spec } from '../../generators/design/spec.ts'
import { documentInput, ratings, submissions } from '../support/document-input.ts'

async function page(given: Spec, change?: (evidence: Evidence) => void): Promise<string> {
  const [file] = await accessPage.render(await documentInput(given, change))
  return file?.text ?? ''
}

/** Lines of the checklist whose box is not ticked. */
function open(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('- [ ]'))
}

describe('the matrix', () => {
  test('who by verb, with the rows in footnotes', async () => {
    const text = await page(submissions())
    expect(text).toContain('| an admin of A | ✓ <sup>1</sup> | ✓ <sup>1</sup> | ✓ <sup>1</sup> | ✓ <sup>1</sup> |\n| somebody who was removed from A | – | – | – | – |')
    expect(text).toContain('\n1. Only: row of A.\n')
    expect(text).toContain('| the service | ✓ | ✓ | ✓ | ✓ |')
  })

  test('an answer that is not the spec’s is shown with the request', async () => {
    const text = await page(submissions(), ({ access }) => {
      const cell = access.tables[0]?.cells.find((one) => one.identity === 'anon' && one.verb === 'select' && one.row === 'in:b')
      if (cell) Object.assign(cell, { observed: 'allowed', witness: 'begin; set local role anon; select 1; rollback;' })
      access.status = 'failed'
    })
    expect(text).toMatch(/\| nobody, without a token \| ✗ <sup>1<\/sup> \|/)
    expect(text).toContain('1. Not as the spec says: select of row of B was allowed (`begin; set local role anon; select 1; rollback;`).')
    expect(text).toContain('**some answers were not those of the spec**')
  })

  test('without requests there is none', async () => {
    expect(await page(submissions(), ({ access }) => void (access.tables = []))).not.toContain('Observed on')
  })
})

describe('the checklist', () => {
  test('what nobody tried stays open', async () => {
    expect(open(await page(submissions()))).toEqual([
      '- [ ] **Columns that are not for clients refuse to be written.** Open: No request named such a column.',
      '- [ ] **Writes without a condition, and TRUNCATE, reach no further.** Open: Not tried: truncate.',
    ])
  })

  test.each<[string, (evidence: Evidence) => void]>([
    ['A SubPlan stands in the plan of `latest_for_show`.', ({ plans }) => plans.queries.forEach((query) => void (query.subPlans = 1))],
    ['Not run under the old ones (new tables open to clients).', ({ access }) => void (access.worlds = ['explicit'])],
    ['The requests were not sent after `supabase/migrations/0020_submissions_indexes.sql`.', ({ access }) => void access.afterFiles.pop()],
    ['No identity of that kind was among the requests.', ({ access }) => access.tables.forEach((table) => void (table.cells = table.cells.filter((cell) => cell.identity !== 'removed')))],
  ])('%s', async (says, change) => {
    expect(open(await page(submissions(), change)).join('\n')).toContain(says)
  })

  test('public tables say so, and have no point about members', async () => {
    const text = await page(ratings())
    expect(text).toContain('`anon` is granted something on `core.ratings`.')
    expect(text).not.toContain('A removed member')
  })
})

test('grants name the columns that a client can write', async () => {
  const text = await page(submissions())
  expect(text).toMatch(/\| `authenticated` \| select \| insert: .*`title`.*; update: .*`title`/)
  expect(text).toContain('Not in an update by a client: `id`, `org_id`, `owner_id`, `created_at`, `updated_at`, `deleted_at`.')
})
