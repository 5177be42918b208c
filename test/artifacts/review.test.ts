/** A box is ticked only by evidence: what is missing is said, and what fails is not hidden. */
import { describe, expect, test } from 'vitest'
import { review } from '../../generators/artifacts/review.ts'
import type { Evidence } from '../../generators/design/evidence.ts'
import type { Spec } from '../../generators/design/spec.ts'
import { documentInput, ratings, submissions } from '../support/document-input.ts'

async function points(given: Spec, change?: (evidence: Evidence) => void): Promise<string[]> {
  const [page] = await review.render(await documentInput(given, change))
  return (page?.text ?? '').split('\n').filter((line) => /^- .*\*\*\d+\. /.test(line))
}

async function point(number: number, change: (evidence: Evidence) => void, given = submissions()): Promise<string> {
  return (await points(given, change))[number - 1] ?? ''
}

test('ten points; without jobs two of them stay open', async () => {
  const all = await points(submissions())
  expect(all.map((line) => line.slice(0, 5))).toEqual(['- [x]', '- [x]', '- [x]', '- [x]', '- [x]', '- [x]', '- [ ]', '- [ ]', '- [x]', '- [x]'])
  expect(all[6]).toContain('The erasure job is not built. The job that ends the retention of `submissions` is not built.')
})

test('what does not concern the design has a reason and no box', async () => {
  const all = await points(ratings())
  expect(all[6]).toBe('- **7. Privacy and retention.** Not applicable: no column is marked as personal, none refers to a user, and no retention is stated.')
  expect(all[7]).toBe('- **8. Files in S3.** Not applicable: the design stores no files.')
  expect(all[3]).toContain('The spec declares no query.')
})

describe('open', () => {
  test.each<[number, (evidence: Evidence) => void, string]>([
    [2, ({ replay }) => void (replay.status = 'open'), 'The proof *Replay* is open.'],
    [4, ({ plans }) => plans.queries.forEach((query) => void (query.indexes = [])), 'Not seen with the index that is expected: `latest_for_show`.'],
    [4, ({ plans }) => plans.queries.forEach((query) => query.sequentialScans.push('core.submissions')), 'Not seen with the index'],
    [5, ({ plans }) => plans.queries.forEach((query) => void (query.rows = { 'core.submissions': 2000 })), '2k of 40M rows in `core.submissions`'],
    [5, ({ plans }) => plans.queries.forEach((query) => void (query.atScale = [])), 'No plan was seen at the horizon'],
    [6, ({ access }) => void (access.worlds = ['explicit']), 'Not run under both default privileges of Supabase.'],
    [6, ({ access }) => void access.afterFiles.pop(), 'Not run after every file.'],
    [6, ({ access }) => void (access.tables = []), 'Not probed: `core.submissions`.'],
    [9, ({ replay }) => void replay.interrupted.forEach((one) => void (one.outcome = 'differs')), 'Cut off and run again, it ends differently'],
    [9, ({ rollback }) => void (rollback.status = 'failed'), 'The proof *Rollback* **failed**.'],
    [10, ({ pgtap }) => void (pgtap.status = 'open'), 'The proof *pgTAP* is open.'],
  ])('point %i: %s', async (number, change, says) => {
    const line = await point(number, change)
    expect(line).toContain(says)
    expect(line).toMatch(/^- \[ \]/)
  })
})

test('a failed proof heads the page with its findings', async () => {
  const [page] = await review.render(await documentInput(submissions(), ({ access }) => {
    access.status = 'failed'
    access.findings = ['anon reads core.submissions']
  }))
  expect(page?.text).toContain('**A proof failed. Do not merge this.**\n\n- Access matrix: anon reads core.submissions')
})
