import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../generators/design/evidence.ts'
import { formatEvidence } from '../../generators/terminal/report-evidence.ts'
import { formatDiff, formatFiles } from '../../generators/terminal/report-files.ts'
import { formatIssues } from '../../generators/terminal/report-issues.ts'
import { createStyle, wantsColor } from '../../generators/terminal/style.ts'
import { visibleWidth, wrap } from '../../generators/terminal/wrap.ts'

const plain = createStyle(false)
const colored = createStyle(true)

const evidence: Evidence = {
  server: '17.10',
  replay: {
    status: 'proved', findings: [], historyFiles: 17, files: ['a', 'b', 'c'], again: [],
    modes: [{ mode: 'transaction', outcome: 'applied' }, { mode: 'pipeline', outcome: 'applied' }],
    interrupted: [{ file: 'a', statements: 20, outcome: 'converges' }, { file: 'b', statements: 3, outcome: 'converges' }],
  },
  rollback: { status: 'proved', findings: [], compared: 812, downRestores: true, upAgainEquals: true },
  access: {
    status: 'failed', findings: ['A viewer of another organisation may update a row.'], probes: 1204, worlds: ['legacy', 'explicit'], afterFiles: [],
    tables: [{ schema: 'core', table: 'notes', identities: [], rows: [], cells: [
      { identity: 'viewer', verb: 'update', row: 'foreign', expected: 'denied', observed: 'allowed', shapes: ['by id'], witness: null },
      { identity: 'viewer', verb: 'select', row: 'own', expected: 'allowed', observed: 'allowed', shapes: ['by id'], witness: null },
    ] }],
  },
  plans: { status: 'open', findings: ['No valid row could be made for core.shows.'], queries: [], indexes: [], assumptions: [] },
  pgtap: { status: 'proved', findings: [], file: 'supabase/tests/notes.test.sql', assertions: 48 },
}

describe('evidence', () => {
  it('is one line for each proof, with its number', () => {
    expect(formatEvidence(evidence, { style: plain, width: 100 })).toBe(`Proved on Postgres 17.10
  ✓ replay    3 new files on 17 migrations, in 2 runner modes, twice, and cut off at 23 places
  ✓ rollback  up, down, up again: 812 lines of the catalog are the same
  ✗ access    1,204 requests, 2 answers about who may do what: 1 not as the spec says
      A viewer of another organisation may update a row.
  ? plans     no declared queries
      No valid row could be made for core.shows.
  ✓ pgtap     48 assertions in supabase/tests/notes.test.sql`)
  })

  it.each([60, 80, 160])('fits %i columns', (width) => {
    const lines = formatEvidence(evidence, { style: colored, width }).split('\n')
    expect(lines.filter((line) => visibleWidth(line) > width)).toEqual([])
  })
})

describe('files', () => {
  it('lists what moves and counts what stays', () => {
    const text = formatFiles([
      { path: 'a.sql', action: 'create', added: 12, removed: 0 },
      { path: 'b.md', action: 'update', added: 1, removed: 2 },
      { path: 'c.md', action: 'keep', added: 0, removed: 0 },
      { path: 'd.md', action: 'same', added: 0, removed: 0 },
    ], { style: plain, width: 80 })
    expect(text).toBe(`  new      a.sql  12 lines
  changed  b.md  +1 −2
  edited by hand, kept  c.md
  1 file stays as it is`)
  })

  it('paints a diff as git does', () => {
    expect(formatDiff('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n', { style: colored })).toBe(
      '\u001B[1m--- a/x\u001B[22m\n\u001B[1m+++ b/x\u001B[22m\n\u001B[36m@@ -1 +1 @@\u001B[39m\n\u001B[31m-old\u001B[39m\n\u001B[32m+new\u001B[39m\n same',
    )
  })
})

describe('issues', () => {
  it('keep the caret under its column, whatever the width', () => {
    const text = formatIssues([{
      code: 'SPEC_UNKNOWN_KEY', message: 'Unknown key "colums" in table "orders", which is a long sentence that wraps.', remedy: 'Did you mean "columns"?',
      place: { file: 'design/orders.yaml', line: 12, column: 7 }, excerpt: '      colums: { title: text, and: { more: things } }\n      ^',
    }], { style: plain, width: 60 })
    expect(text).toBe(`design/orders.yaml:12:7  SPEC_UNKNOWN_KEY  Unknown key
  "colums" in table "orders", which is a long sentence that
  wraps.
          colums: { title: text, and: { more: things } }
          ^
  Did you mean "columns"?`)
  })
})

describe('wrap', () => {
  it('counts what is seen', () => {
    expect(wrap(colored.red('one two three'), 8)).toBe('\u001B[31mone two\nthree\u001B[39m')
    expect(wrap('  one two three', 9, 2)).toBe('  one two\n    three')
    expect(wrap('unbreakable-word here', 5)).toBe('unbreakable-word\nhere')
  })
})

describe('colours', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s → %s', (environment, isTTY, expected) => {
    expect(wantsColor(environment, { isTTY })).toBe(expected)
  })
})
