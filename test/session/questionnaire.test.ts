/** The whole questionnaire as a person meets it: keys go in, a screen comes out. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { deleteDraft, readDraft } from '../../generators/commands/questionnaire/draft-store.ts'
import { visibleWidth } from '../../generators/terminal/wrap.ts'
import { sampleRepository, treeOf } from '../support/sample-repository.ts'
import { keys, missingPty, openSession } from './pseudo-terminal.ts'
import type { Session } from './pseudo-terminal.ts'

const { enter, escape, down, interrupt, space } = keys
if (missingPty) process.stderr.write(`\nSKIPPED: no pseudo-terminal on this machine, the questionnaire is not driven: ${missingPty}\n`)
const onTerminal = it.skipIf(missingPty !== null)

/** Enter at every question, until the last. */
async function enterUntil(session: Session, questions: (string | RegExp)[]): Promise<void> {
  for (const question of questions) await session.answers(question, enter)
}

const toTheTable = ['? Name of the new table', '? Who does what', '? Do the rows belong', '? Roles, weakest']
const fromColumns = ['? Columns,', '? More columns', '? Who may see', '? When a row is deleted', '? Which columns are unique', '? Another table']
const toTheReview = ['? Which of these are read', '? How often', '? Another read', '? How many rows', '? Which columns hold', '? How long', '? Does a row carry']

onTerminal('Enter all the way gives proved files, in 160 columns', { timeout: 90_000 }, async () => {
  const root = sampleRepository()
  const started = Date.now()
  const session = openSession(['new-table', '--cwd', root], { columns: 160 })
  await session.sees('? Name of the new table')
  expect(Date.now() - started).toBeLessThan(5000)
  session.types(enter)
  await enterUntil(session, [...toTheTable.slice(1), '? What is one row', '? What does it belong', ...fromColumns, ...toTheReview, '? What now?', '? Write '])
  expect(await session.ended()).toBe(0)
  const text = session.text()
  expect(text).toMatch(/Written +1\d files: 3 migrations \(0018 to 0020\)/)
  expect(text).toMatch(/Open +nothing/)
  expect(session.raw()).toContain('\u001B[36m')
  expect(readdirSync(join(root, 'supabase/migrations'))).toContain('0018_notes.sql')
  expect(readFileSync(join(root, 'supabase/designs/notes.yaml'), 'utf8')).toContain('pattern: org_roles')
  expect(await readDraft(root)).toBeNull()
})

onTerminal('a session with search, a way back, Ctrl-C and --resume, in 60 columns and without colours', async () => {
  const root = sampleRepository()
  const before = treeOf(root)
  const options = { columns: 60, env: { NO_COLOR: '1' } }
  const first = openSession(['new-table', 'clips', '--cwd', root], options)
  await enterUntil(first, ['? Who does what'])
  await first.answers('? Do the rows belong', '?')
  await first.sees('a removed member is out at once')
  await enterUntil(first, ['? Do the rows belong', '? Roles, weakest', '? What is one row'])
  await first.answers('? What does it belong', 'shws')
  await first.answers('❯ core.shows', enter)
  await first.answers('? Columns,', 'show_id:core.shws', enter)
  await first.sees(/> .*shws/)
  await first.answers('Did you mean', '\u0015', 'show_id:core.shows title:text state:draft|done=draft duration', enter)
  await first.answers('? duration: which type', 'inte')
  await first.answers('❯ integer', enter)
  await enterUntil(first, ['? May duration be empty', '? duration when nothing'])
  await first.answers('? More columns', escape)
  await first.answers('? duration when nothing', enter)
  await first.answers('? More columns', enter)
  await first.answers('? show_id: when the row', down, enter)
  await enterUntil(first, ['? Why is that right', '? Who may see', '? When a row is deleted', '? Which columns are unique'])
  await first.answers('? Another table', 'y', enter)
  await first.answers('? Its name', 'clip_notes', enter)
  await enterUntil(first, ['? What is one row'])
  await first.answers('❯ core.clips', enter)
  await enterUntil(first, ['? Columns,', '? More columns', '? clip_id: when the row', '? Why', '? Who may see', '? When a row', '? Which columns are unique', '? Another table'])
  await first.sees('Who may do what')
  await first.answers('? Which of these are read', space, enter)
  await first.answers('? How often', interrupt)
  expect(await first.ended()).toBe(130)
  expect(first.text()).toContain('trr-db new-table --resume')
  expect(treeOf(root)).toEqual(before)

  const screen = first.text()
  const previews = screen.slice(screen.indexOf('Tables so far'), screen.indexOf('What is read often'))
  expect(previews).toMatch(/clip_id(, org_id)? +─▶ clips/)
  expect(previews.split('\n').filter((line) => visibleWidth(line) > 60)).toEqual([])
  // oxlint-disable-next-line no-control-regex
  expect(first.raw()).not.toMatch(/\u001B\[3[0-9]m/)

  const second = openSession(['new-table', '--resume', '--cwd', root], options)
  await second.answers('? How often', '40/s', enter)
  await second.answers('? Another read', 'select nothing from core.clips', enter)
  await second.answers(/> .*nothing/, '\u0015', 'select id from core.clips where org_id = $1 and state = $2', enter)
  await enterUntil(second, ['? A name for it', '? Who runs it', '? How often', '? Another read', '? How many rows', '? How many rows'])
  await second.sees('in 3 years')
  await enterUntil(second, ['? Which columns hold', '? How long'])
  await second.answers('? Does a row carry', 'y', enter)
  await enterUntil(second, ['? Of which table', '? What is the file called', '? Can one row', '? Bucket', '? Content types', '? Largest', '? Another file'])
  await second.answers('? What now?', down, down, down, enter)
  expect(await second.ended()).toBe(0)
  expect(second.text()).toContain('references: core.clips')
  expect(second.text()).not.toContain('This does not work yet.')
  expect(existsSync(join(root, 'supabase/designs/clips.yaml'))).toBe(false)
  expect((await readDraft(root))?.design).toBe('clips')
  await deleteDraft(root)
})
