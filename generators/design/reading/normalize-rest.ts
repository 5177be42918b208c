/** What stands beside the tables: samples, privacy, decisions, approvals. */
import { findRelation } from './normalize-queries.ts'
import { readDuration } from './read-quantity.ts'
import { type Reading, readName } from './reading.ts'
import type { Relations } from './relations.ts'
import type { Path } from '../source.ts'
import type { Spec } from '../spec.ts'

export function normalizeSamples(reading: Reading, relations: Relations): Spec['samples'] {
  return Object.entries(reading.input.samples ?? {}).flatMap(([key, rows]) => {
    const path = ['samples', key]
    const table = findRelation(reading, relations, path, key, { key: true })
    if (!table) return []
    const known = table.columns.map((column) => column.name)
    const read = rows.map((row, index) => {
      const values = Object.create(null) as Record<string, unknown>
      for (const [column, value] of Object.entries(row)) {
        const place = [...path, index, column]
        const name = readName(reading, place, column, { key: true })
        if (name === null) continue
        if (known.includes(name)) values[name] = exact(reading, place, value)
        else reading.issues.unknown({ path: place, key: true, what: `column of "${table.name}" called`, name, known })
      }
      return values
    })
    return [{ table: { schema: table.schema, name: table.name }, rows: read }]
  })
}

/** Numbers that JavaScript would change (`012`, `1.0`, twenty digits) stay the text that they are. */
function exact(reading: Reading, path: Path, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => exact(reading, [...path, index], item))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(reading, [...path, key], item)]))
  const text = typeof value === 'number' || typeof value === 'bigint' ? reading.source.textOf(path) : null
  return text === null || text === String(value) ? value : text
}

export function normalizePrivacy(reading: Reading, relations: Relations): Spec['privacy'] {
  const input = reading.input.privacy
  if (!input) return null
  const eraseWithin = readDuration(reading, ['privacy', 'erase_within'])
  const subject = findRelation(reading, relations, ['privacy', 'subject'], input.subject ?? 'auth.users')
  return subject && eraseWithin && { subject: { schema: subject.schema, name: subject.name }, eraseWithin: eraseWithin.text }
}

export function normalizeDecisions({ input, issues }: Reading): Spec['decisions'] {
  return (input.decisions ?? []).map(({ choice, instead_of: insteadOf, because }, index) => {
    for (const [key, text] of Object.entries({ choice, instead_of: insteadOf, because })) requireText(issues, ['decisions', index, key], text)
    return { choice, insteadOf, because }
  })
}

export function normalizeApproved({ input, issues }: Reading): Spec['approved'] {
  return (input.approved ?? []).map((approval, index) => {
    for (const key of ['step', 'by', 'because'] as const) requireText(issues, ['approved', index, key], approval[key])
    return { step: approval.step, by: approval.by, because: approval.because }
  })
}

export function normalizeStory({ input, issues }: Reading): string[] {
  const isList = Array.isArray(input.story)
  const stories = [input.story].flat()
  if (stories.length === 0) issues.add({ code: 'SPEC_VALUE', path: ['story'], message: 'The story is empty.', remedy: 'Say who needs this, and what for.' })
  for (const [index, story] of stories.entries()) requireText(issues, isList ? ['story', index] : ['story'], story)
  return stories.map((story) => story.trim())
}

function requireText(issues: Reading['issues'], path: Path, text: string): void {
  if (text.trim() === '')
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `"${String(path.findLast((part) => typeof part === 'string'))}" says nothing.`,
      remedy: 'Write a sentence, or leave the entry out.',
    })
}
