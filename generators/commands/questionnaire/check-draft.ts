/** Holds a draft against the same rules as a spec, with the real catalog. */
import type { SpecInput } from '../../design/input.ts'
import { parseSource } from '../../design/source.ts'
import type { Spec } from '../../design/spec.ts'
import { TrrError } from '../../errors.ts'
import type { Issue } from '../../errors.ts'
import { specText } from '../../questions/spec-text.ts'

/** Everything that the reading of a spec throws; empty when it reads. */
export async function issuesOf(reading: Promise<Spec>): Promise<Issue[]> {
  try {
    await reading
    return []
  } catch (error) {
    if (!(error instanceof TrrError)) throw error
    return [...error.issues]
  }
}

/** What is wrong below one path of the draft, as sentences. */
export async function faultsBelow(draft: SpecInput, path: readonly string[], read: (text: string) => Promise<Spec>): Promise<string[]> {
  const text = specText(draft)
  const issues = await issuesOf(read(text))
  if (issues.length === 0) return []
  const lines = text.split('\n')
  const start = parseSource({ text, file: 'draft' }).placeOf(path, { key: true }).place?.line ?? 1
  const after = lines.findIndex((line, index) => index >= start && line.trim() !== '' && depth(line) <= depth(lines[start - 1]))
  const end = after === -1 ? lines.length : after
  return issues
    .filter(({ place }) => (place?.line ?? 0) >= start && (place?.line ?? 0) <= end)
    .map(({ message, remedy }) => [message, remedy?.split('\n')[0]].filter(Boolean).join(' '))
}

function depth(line: string | undefined): number {
  return /^ */.exec(line ?? '')?.[0].length ?? 0
}
