/** `access` on the sample repository, whose conversation members have a policy that reads their own table. */
import { expect, test } from 'vitest'
import type { CommandInput, CommandOptions } from '../../generators/commands/command.ts'
import { run } from '../../generators/commands/access.ts'
import type { ObservedCell } from '../../generators/proofs/observe/observe-table.ts'
import type { ExplainedTable } from '../../generators/proofs/observe/explain-request.ts'
import { createStyle } from '../../generators/terminal/style.ts'

const printed: string[] = []

async function access(table: string, more: Partial<CommandOptions> = {}) {
  printed.length = 0
  const terminal = { interactive: false, width: 200, style: createStyle(false), print: (text: string) => void printed.push(text), note: () => undefined, step: <Result>(_says: string, work: (progress: (says: string) => void) => Promise<Result>) => work(() => undefined) }
  const options = { yes: false, json: false, skip: [], as: null, claims: null, sql: null, ...more } as unknown as CommandOptions
  const { document } = await run({ arguments: [table], options, cwd: 'references/examples/trr', signal: new AbortController().signal, terminal, now: new Date(0) } satisfies CommandInput)
  return document as { cells: ObservedCell[]; recursion: string[]; tables: ExplainedTable[]; error?: { code: string }; rows?: unknown[] }
}

const outcomes = (cells: readonly ObservedCell[], identity: string, verb: string) => cells.filter((cell) => cell.identity === identity && cell.verb === verb).map(({ outcome, code }) => code ?? outcome)

test('a recursing policy is named', async () => {
  const { cells, recursion } = await access('social.conversation_members')
  expect(outcomes(cells, 'a user', 'select')).toEqual(['42P17', '42P17'])
  expect(outcomes(cells, 'the service', 'select')).toEqual(['done', 'done'])
  expect(recursion).toEqual(['conversation_members_select_member on social.conversation_members'])
  expect(printed.join('\n')).toContain('The policies that read in a circle: conversation_members_select_member on social.conversation_members.')
})

test('a catalogue is read by everybody and written by the service', async () => {
  const { cells } = await access('core.shows')
  expect(outcomes(cells, 'nobody, without a token', 'select')).toEqual(['done', 'done'])
  expect(outcomes(cells, 'a user', 'delete')).toEqual(['42501', '42501'])
  expect(outcomes(cells, 'the service', 'insert')).toContain('done')
})

test('rows belong to whom their foreign keys name, and to whom their parents belong', async () => {
  for (const table of ['surveys.responses', 'surveys.answers']) {
    const { cells } = await access(table)
    const asked = cells.filter(({ identity, verb }) => identity === 'a user' && verb === 'select')
    expect(asked.filter(({ row }) => row.startsWith('row of another user')).map(({ outcome }) => outcome)).toEqual(['nothing'])
    // Whoever answers also has one for each side of what the insert policy asks of the survey: its status, twice.
    const own = asked.filter(({ row }) => row === 'row of a user' || row.startsWith('row of a user, '))
    expect([own.length, ...new Set(own.map(({ outcome }) => outcome))]).toEqual([table === 'surveys.responses' ? 5 : 1, 'done'])
  }
})

test('a request is explained by rights and policies', async () => {
  const failed = await access('social.messages', { as: 'owner', sql: 'select * from social.messages' })
  expect(failed.error?.code).toBe('42P17')
  expect(failed.tables).toMatchObject([{ table: 'social.messages', verb: 'select', right: 'table', recursion: ['conversation_members_select_member on social.conversation_members'], policies: [{ name: 'messages_select_member', passing: null, error: expect.stringContaining('42P17') }] }])
  const empty = await access('core.org_memberships', { as: 'peer', sql: "update core.org_memberships set role = 'owner'" })
  expect(empty.error?.code).toBe('42501')
  expect(empty.tables).toMatchObject([{ verb: 'update', right: 'none' }])
  const some = await access('surveys.responses', { as: 'peer', sql: 'select * from surveys.responses' })
  expect(some.rows).toHaveLength(1)
  expect(some.tables[0]?.policies[0]).toMatchObject({ side: 'using', passing: 1, rows: 6, error: null })
})

test('a table that is not there is said, with the nearest', async () => {
  await expect(access('core.show')).rejects.toMatchObject({ issues: [{ code: 'USAGE', remedy: expect.stringContaining('core.shows') }] })
  await expect(access('core.shows', { as: 'anon' })).rejects.toMatchObject({ issues: [{ code: 'USAGE' }] })
})
