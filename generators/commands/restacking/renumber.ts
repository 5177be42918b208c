/** Gives designs new numbers in a scratch copy: files renamed, names in texts replaced, the lock rewritten. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { StackedDesign } from '../../repository/collisions.ts'
import { type Lock, lockPath, renderLock } from '../../repository/lock.ts'
import { numberPhases } from '../../repository/numbering.ts'
import { readRepository } from '../../repository/read.ts'
import { hashText } from '../../repository/text-file.ts'

/** A design with its new names. */
export interface Renumbered {
  design: string
  /** `0018_notes` → `0021_notes`, in the order of the phases. */
  names: Map<string, string>
  /** Old path → new path of the files that somebody had edited by hand. */
  edited: Map<string, string>
  lock: Lock
}

/** The designs in their order. First all of them are taken away, so that none is in the way of another. */
export async function renumberDesigns(root: string, designs: readonly StackedDesign[], shipped: ReadonlySet<string>, now: Date): Promise<Renumbered[]> {
  const texts = new Map<string, Map<string, string>>()
  for (const { design, lock } of designs) texts.set(design, await takeAway(root, lock, shipped))
  const renumbered: Renumbered[] = []
  for (const { design, lock } of designs) renumbered.push(await putBack(root, { design, lock, shipped, now, texts: texts.get(design) ?? new Map<string, string>() }))
  return renumbered
}

async function takeAway(root: string, lock: Lock, shipped: ReadonlySet<string>): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const { path } of lock.files) {
    if (shipped.has(path)) continue
    const text = await readFile(join(root, path), 'utf8').catch(() => null)
    if (text === null) continue
    texts.set(path, text)
    await rm(join(root, path))
  }
  return texts
}

interface Piece {
  design: string
  lock: Lock
  shipped: ReadonlySet<string>
  now: Date
  texts: ReadonlyMap<string, string>
}

async function putBack(root: string, { design, lock, shipped, now, texts }: Piece): Promise<Renumbered> {
  const { migrations } = await readRepository(root)
  const kept = { ...lock, phases: lock.phases.filter(({ migration }) => shipped.has(migration)) }
  const phases = lock.phases.map(({ id, migration }) => ({ id, slug: stem(migration).replace(/^[0-9]+_/, ''), concurrent: false }))
  const numbered = numberPhases({ migrations }, phases, kept, now)
  const names = new Map(lock.phases.map(({ migration }, place) => [stem(migration), stem(numbered[place]?.migration ?? migration)]))
  const rename = (text: string) => replaceNames(text, names)
  const edited = new Map<string, string>()
  const files = lock.files.map(({ path, kind, sha256 }) => {
    const text = texts.get(path)
    if (text === undefined) return { path: rename(path), kind, sha256 }
    const byHand = hashText(text) !== sha256
    if (byHand && kind !== 'schema doc') edited.set(path, rename(path))
    return { path: rename(path), kind, sha256: byHand ? sha256 : hashText(kind === 'spec' ? text : rename(text)) }
  })
  for (const [path, text] of texts) {
    const target = join(root, rename(path))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, path.startsWith('supabase/designs/') ? text : rename(text))
  }
  const renewed: Lock = { ...lock, phases: numbered.map(({ id, version, migration }) => ({ id, version, migration })), files }
  await writeFile(join(root, lockPath(design)), renderLock(renewed))
  return { design, names, edited, lock: renewed }
}

/** Whole names only, and all at once: `0018_notes` is not part of `0018_notes_rls`, and a new name is not renamed again. */
function replaceNames(text: string, names: ReadonlyMap<string, string>): string {
  const any = [...names.keys()].toSorted((a, b) => b.length - a.length).map((name) => name.replace(/[$.]/g, '\\$&')).join('|')
  return any === '' ? text : text.replace(new RegExp(`(?<![\\w$])(?:${any})(?![\\w$])`, 'g'), (name) => names.get(name) ?? name)
}

function stem(path: string): string {
  return basename(path, '.sql')
}
