import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NameError, parseName, parseQualifiedName, parseReference } from '../../generators/design/names.ts'
import { nearest } from '../../generators/design/nearest.ts'

describe('names', () => {
  test.each([
    ['title', 'title'],
    ['Title', 'title'],
    ['"Title"', 'Title'],
    ['"say ""hi"""', 'say "hi"'],
    ['ÄÖ', 'ÄÖ'],
    ['order', 'order'],
    ['x"; drop schema core; --', 'x"; drop schema core; --'],
  ])('%s is the identifier %s', (text, name) => expect(parseName(text)).toBe(name))

  test.each(['', '  ', '""', 'a\nb', 'a\u0000b', 'a\u202eb', 'x'.repeat(64)])('%j is none', (text) => expect(() => parseName(text)).toThrow(NameError))

  test.each([
    ['shows', { schema: 'core', name: 'shows' }],
    ['social.Threads', { schema: 'social', name: 'threads' }],
    ['"a.b"."C.d"', { schema: 'a.b', name: 'C.d' }],
  ])('%s is qualified', (text, name) => expect(parseQualifiedName(text, 'core')).toEqual(name))

  test.each(['a.b.c', '.a', 'a.'])('%s is not a table', (text) => expect(() => parseQualifiedName(text, 'core')).toThrow(NameError))

  test.each([
    ['core.shows', null],
    ['core.shows(id)', ['id']],
    ['core.shows (id, Org_id)', ['id', 'org_id']],
    ['core.shows("odd, name")', ['odd, name']],
  ])('%s names columns', (text, columns) => expect(parseReference(text, 'x')).toEqual({ table: { schema: 'core', name: 'shows' }, columns }))

  test.each(['core.shows(', 'core.shows()', 'core.shows(id) on delete cascade', '(id)'])('%s is not a reference', (text) => expect(() => parseReference(text, 'x')).toThrow(NameError))

  test('quoting keeps every name as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '"', '.', ' ', ';', "'", 'ß'), minLength: 1, maxLength: 20 }), (name) => {
        expect(parseName(`"${name.replaceAll('"', '""')}"`)).toBe(name)
      }),
    )
  })
})

describe('the nearest name', () => {
  test.each([
    ['titel', ['title', 'about'], 'title'],
    ['colums', ['columns', 'checks'], 'columns'],
    ['core.show', ['core.shows', 'core.seasons'], 'core.shows'],
    ['xyz', ['title'], null],
    ['', ['a'], 'a'],
  ])('%s among %j', (name, known, expected) => expect(nearest(name, known)).toBe(expected))
})
