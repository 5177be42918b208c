/** Where a statement begins: behind blanks and comments of every kind. */
import { expect, test } from 'vitest'
import { loadParser, splitStatements } from '../../generators/sql/parser.ts'

test.each([
  ['nothing', ''],
  ['blanks', ' \t\r\n\f'],
  ['lines', '-- größe\n--\r\n  -- select 2;\n'],
  ['a block', '/* ; -- */ '],
  ['nested blocks', '-- one\n/* a /* b */ -- c\n */\n  -- d\n'],
])('behind %s', async (_what, lead) => {
  await loadParser()
  const [first, second] = splitStatements(`${lead}select '-- /*'; ${lead}select 2 -- done`)
  expect([first, second].map((one) => one?.sql)).toEqual(["select '-- /*'", 'select 2 -- done'])
  expect(first?.start).toBe(lead.length)
  expect(second?.start).toBe(lead.length + "select '-- /*'; ".length + lead.length)
})
