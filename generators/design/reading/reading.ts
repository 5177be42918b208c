/** What every part of the normalisation sees. */
import type { Catalog } from '../catalog.ts'
import type { Habits } from '../habits.ts'
import type { SpecInput } from '../input.ts'
import type { Issues } from '../issues.ts'
import { NameError, parseName, parseQualifiedName, parseReference } from '../names.ts'
import type { Path, Source } from '../source.ts'
import type { QualifiedName } from '../../sql/identifier.ts'

export interface Reading {
  source: Source
  issues: Issues
  catalog: Catalog
  habits: Habits
  input: SpecInput
  /** Schema of names without one. */
  schema: string
}

/** The name at a place, or at a place's key. Null after an issue. */
export function readName(reading: Reading, path: Path, text: string, { key = false } = {}): string | null {
  return named(reading, path, key, () => parseName(text))
}

export function readQualifiedName(reading: Reading, path: Path, text: string, { key = false } = {}): QualifiedName | null {
  return named(reading, path, key, () => parseQualifiedName(text, reading.schema))
}

export function readReference(reading: Reading, path: Path, text: string): { table: QualifiedName; columns: string[] | null } | null {
  return named(reading, path, false, () => parseReference(text, reading.schema))
}

/** Names of a list of columns; those that are no names are left out. */
export function readNames(reading: Reading, path: Path, texts: readonly string[]): { name: string; path: Path }[] {
  return texts.flatMap((text, index) => {
    const name = readName(reading, [...path, index], text)
    return name === null ? [] : [{ name, path: [...path, index] }]
  })
}

function named<Name>({ issues }: Reading, path: Path, key: boolean, parse: () => Name): Name | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof NameError)) throw error
    issues.add({ code: 'SPEC_NAME', path, key, message: error.message, remedy: error.remedy })
    return null
  }
}
