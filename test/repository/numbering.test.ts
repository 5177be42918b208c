import { expect, test } from 'vitest'
import type { Phase } from '../../generators/design/plan.ts'
import type { Lock } from '../../generators/repository/lock.ts'
import { numberPhases, numberingStyle } from '../../generators/repository/numbering.ts'

const now = new Date('2026-11-22T12:34:56Z')
const files = (...names: string[]) => names.map((name) => ({ path: `supabase/migrations/${name}.sql`, sql: '', version: name.split('_')[0] ?? '', name: name.slice(name.indexOf('_') + 1) }))
const phase = (id: string): Phase => ({ id, slug: `polls_${id}`, concurrent: false })
const lock = (...phases: [string, string][]): Lock => ({
  version: 1, spec: '', files: [], functions: [],
  phases: phases.map(([id, version]) => ({ id, version, migration: `supabase/migrations/${version}_polls_${id}.sql` })),
})
const versions = (existing: string[], phases: string[], locked: Lock | null = null) =>
  numberPhases({ migrations: files(...existing) }, phases.map(phase), locked, now).map((numbered) => numbered.version)

test('a sequence goes on, with its width', () => {
  expect(numberingStyle(files('0001_a', '0017_b'))).toEqual({ style: 'sequence', width: 4 })
  const [first] = numberPhases({ migrations: files('0001_a', '0017_b') }, [phase('tables')], null, now)
  expect(first).toMatchObject({ version: '0018', migration: 'supabase/migrations/0018_polls_tables.sql', rollback: 'supabase/rollbacks/0018_polls_tables.sql' })
  expect(versions(['0001_a', '0017_b'], ['tables', 'rls', 'indexes'])).toEqual(['0018', '0019', '0020'])
})

test('an empty history gets timestamps in UTC, a second apart', () => {
  expect(versions([], ['tables', 'rls'])).toEqual(['20261122123456', '20261122123457'])
})

test('timestamps are later than a last one in the future, and stay times', () => {
  expect(versions(['20261231235959_x'], ['tables', 'rls'])).toEqual(['20270101000000', '20270101000001'])
})

test('sequence, then timestamps: the last file decides', () => {
  expect(versions(['0001_a', '20240101000000_b'], ['tables'])).toEqual(['20261122123456'])
})

test('numbers of the lock are kept, later phases come after everything on disk', () => {
  const kept = lock(['tables', '0018'], ['rls', '0019'])
  expect(versions(['0017_b', '0018_polls_tables', '0019_polls_rls', '0020_other'], ['tables', 'rls', 'indexes'], kept)).toEqual(['0018', '0019', '0021'])
})

test('a new phase in the middle moves what must run after it', () => {
  const kept = lock(['tables', '0018'], ['rls', '0019'])
  expect(versions(['0017_b'], ['keys', 'tables', 'rls'], kept)).toEqual(['0020', '0021', '0022'])
})

test('the same number in two files is refused', () => {
  expect(() => versions(['0018_colleague'], ['tables'], lock(['tables', '0018']))).toThrow(/0018.*is also the number of "supabase\/migrations\/0018_colleague.sql"/)
})

test('a slug that changed keeps its number and is no twin of itself', () => {
  const old = { ...lock(['tables', '0018']), phases: [{ id: 'tables', version: '0018', migration: 'supabase/migrations/0018_old.sql' }] }
  expect(versions(['0018_old'], ['tables'], old)).toEqual(['0018'])
})

test.each([['9999_x'], ['9_x']])('after %s there is no number of that width', (last) => {
  expect(() => versions([last], ['tables'])).toThrow(/no further number of \d digits/)
})

test('a number of 14 digits that is no time, and late', () => {
  expect(() => versions(['99999999999999_x'], ['tables'])).toThrow(/No timestamp sorts after/)
})
