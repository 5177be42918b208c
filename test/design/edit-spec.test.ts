import { describe, expect, test } from 'vitest'
import { formatDocument, formatSpec, openSpec, setIn } from '../../generators/design/edit-spec.ts'
import type { SpecInput } from '../../generators/design/input.ts'
import { read } from './spec-text.ts'

const written = `# yaml-language-server: $schema=design.schema.json
design: notes # the name
story: People take notes.
schema: core

# The tables.
tables:
  notes:
    about: A note.
    columns:
      # first
      code: { type: text, default: 012 } # not twelve
      share:
        type: numeric
        default: 1.0
      flag:
        type: text
        default: 'yes'
    access: service_only

# The end.
`

function changed(path: (string | number)[], value: unknown): string {
  const document = openSpec(written)
  setIn(document, path, value)
  return formatDocument(document)
}

describe('editing a spec', () => {
  test('an unchanged spec is written as it was', () => expect(formatDocument(openSpec(written))).toBe(written))

  test('a changed value keeps comments, order and everything else', () => {
    expect(changed(['tables', 'notes', 'about'], 'A short note.')).toBe(written.replace('A note.', 'A short note.'))
    expect(changed(['design'], 'jottings')).toBe(written.replace('design: notes', 'design: jottings'))
  })

  test('what is new stands in block style', () => {
    expect(changed(['tables', 'notes', 'scale'], { rows: '40k', distinct: { code: 12 } })).toBe(
      written.replace('    access: service_only\n', '    access: service_only\n    scale:\n      rows: 40k\n      distinct:\n        code: 12\n'),
    )
  })

  test('what is missing on the way is made', () => {
    expect(changed(['queries', 'all', 'where', 0], 'code =')).toContain('queries:\n  all:\n    where:\n      - code =\n')
  })

  test('undefined removes a key', () => expect(changed(['tables', 'notes', 'columns', 'share'], undefined)).not.toContain('share'))

  test.each([
    ['true', '"true"'],
    ['012', '"012"'],
    ['null', '"null"'],
    ['a: b', '"a: b"'],
    ['# no comment', '"# no comment"'],
    ['', '""'],
    [true, 'true'],
    [12, '12'],
  ])('%j is read back as itself', (value, text) => expect(changed(['schema'], value)).toBe(written.replace('schema: core', `schema: ${text}`)))

  test('texts of several lines are blocks', () => {
    expect(changed(['story'], 'One.\nTwo.')).toContain('story: |-\n  One.\n  Two.\nschema')
  })
})

describe('a new spec', () => {
  const input: SpecInput = {
    tables: {
      notes: {
        access: { pattern: 'owner', where: "title <> 'x: y'" },
        columns: { title: 'text', state: { type: 'text', one_of: ['yes', 'no'], default: 'yes' }, labels: { type: 'text[]', default: '{}' }, gone: { type: 'text', nullable: true, default: null } },
        unique: [['title']],
        about: 'A note: short.',
        scale: { rows: '40k' },
      },
    },
    story: 'People take notes.',
    design: 'notes',
    schema: 'core',
  }

  test('is written in block style, in the order of the reference', () => {
    expect(formatSpec(input, { schemaUrl: 'design.schema.json' })).toBe(`# yaml-language-server: $schema=design.schema.json

design: notes
story: People take notes.
schema: core
tables:
  notes:
    about: "A note: short."
    columns:
      title: text
      state:
        type: text
        one_of:
          - yes
          - no
        default: yes
      labels:
        type: text[]
        default: "{}"
      gone:
        type: text
        nullable: true
        default: null
    unique:
      - - title
    access:
      pattern: owner
      where: "title <> 'x: y'"
    scale:
      rows: 40k
`)
  })

  test('is a spec', async () => {
    const spec = await read(formatSpec(input))
    expect(spec.tables[0]?.access.where).toEqual({ own: "title <> 'x: y'", any: "title <> 'x: y'" })
  })
})
