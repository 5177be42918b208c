/** The designs of a repository that have been generated, and what each of them creates. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSource } from '../../design/source.ts'
import type { StackedDesign } from '../../repository/collisions.ts'
import { type Lock, readLock } from '../../repository/lock.ts'
import type { Repository } from '../../repository/read.ts'

export async function stackedDesigns({ root, designs }: Repository): Promise<StackedDesign[]> {
  const stacked: StackedDesign[] = []
  for (const { design, spec } of designs) {
    const lock = await readLock(root, design)
    if (lock === null) continue
    const text = await readFile(join(root, spec), 'utf8')
    stacked.push({ design, lock, creates: [...tableNames(text, spec), ...functionNames(lock), ...keyedTables(lock)].map(bareName) })
  }
  return stacked
}

function tableNames(text: string, file: string): string[] {
  const data = parseSource({ text, file }).data as { tables?: unknown } | null
  return typeof data?.tables === 'object' && data.tables !== null ? Object.keys(data.tables) : []
}

function functionNames({ functions }: Lock): string[] {
  return functions.filter(({ owned }) => owned).map(({ name }) => name)
}

/** Tables that got their tenant key here: whoever references them by it stands on this design. */
function keyedTables({ phases }: Lock): string[] {
  return phases.flatMap(({ id }) => /^tenant-key:(.+)$/.exec(id)?.[1] ?? [])
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
