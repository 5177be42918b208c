import { parseName } from '../design/names.ts'
import { input } from './question.ts'
import type { Section } from './question.ts'

/** 1: what it is for. Asked before anything is known about the database. */
export const story: Section = {
  id: 'story',
  title: 'What it is for',
  keys: ['design', 'story'],
  *ask(draft, { designs }) {
    const first = Object.keys(draft.tables ?? {})[0] ?? freeName(designs)
    const design = yield* input({
      id: 'design',
      topic: 'name',
      message: 'Name of the new table:',
      default: draft.design || first,
      validate: (name) => nameFault(name, designs),
    })
    const told = yield* input({
      id: 'story',
      topic: 'story',
      message: 'Who does what with it, and why?',
      default: typeof draft.story === 'string' && draft.story !== '' ? draft.story : `People who are signed in keep ${words(design)} and find them again.`,
      validate: (text) => (text.trim() === '' ? 'One sentence is enough; it is what reviewers read first.' : null),
    })
    return { ...draft, design, story: told }
  },
}

function freeName(designs: readonly string[]): string {
  const names = ['notes', 'bookmarks', 'comments']
  return names.find((name) => !designs.includes(name)) ?? `notes_${designs.length + 1}`
}

function nameFault(name: string, designs: readonly string[]): string | null {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) return 'Small letters, digits and _, at most 41; it begins with a letter.'
  if (designs.includes(name)) return `There is a design "${name}": change its spec and run trr-db generate ${name}.`
  return parseName(name) === name ? null : 'Not a plain name.'
}

/** `show_submissions` → `show submissions`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}
