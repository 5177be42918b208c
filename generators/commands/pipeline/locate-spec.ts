/** Which file a person means by the name of a design or a path. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { nearest } from '../../design/nearest.ts'
import { parseSource } from '../../design/source.ts'
import { TrrError } from '../../errors.ts'
import type { Repository } from '../../repository/read.ts'

/** The text of a spec, and what it is the spec of. */
export interface SpecSource {
  text: string
  /** As messages show it. */
  file: string
  /** Where it lies in the repository, or will. */
  specPath: string
  design: string
}

/** Reads a spec: the name of a design, or a file. Faults of the syntax are thrown here, before a server is started. */
export async function locateSpec(word: string, repository: Repository, cwd: string): Promise<SpecSource> {
  const known = repository.designs.find(({ design }) => design === word)
  // A path is meant from where the person stands; from --cwd when there is nothing.
  const candidates = known ? [join(repository.root, known.spec)] : [resolve(word), resolve(cwd, word)]
  const path = candidates.find((candidate) => existsSync(candidate)) ?? resolve(word)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw notReadable(word, error, repository)
  })
  const inside = relative(repository.root, path)
  return specSource(text, inside.startsWith('..') ? word : inside)
}

/** The source that a text is, wherever it comes from. */
export function specSource(text: string, file: string): SpecSource {
  const source = parseSource({ text, file })
  const data = source.data as { design?: unknown } | null
  const design = typeof data === 'object' && typeof data?.design === 'string' ? data.design : ''
  const specPath = `supabase/designs/${design}.yaml`
  if (file.startsWith('supabase/designs/') && file !== specPath && /^[a-z][a-z0-9_]*$/.test(design)) {
    throw new TrrError({
      code: 'SPEC_NAME',
      message: `The design is called "${design}", its file "${file}".`,
      remedy: `Name the file ${specPath}, or the design as the file is called.`,
      ...source.placeOf(['design']),
    })
  }
  return { text, file, specPath, design }
}

function notReadable(word: string, error: NodeJS.ErrnoException, { designs }: Repository): TrrError {
  const names = designs.map(({ design }) => design)
  const near = nearest(word, names)
  if (error.code !== 'ENOENT') {
    return new TrrError({ code: 'USAGE', message: `"${word}" cannot be read (${error.code ?? error.message}).`, remedy: 'Name a design or a spec file.' }, { cause: error })
  }
  const remedy = near ? `Did you mean "${near}"?` : names.length > 0 ? `Designs of this repository: ${names.join(', ')}.` : 'This repository has no designs yet: trr-db new-table makes one.'
  return new TrrError({ code: 'USAGE', message: `There is no design and no file "${word}".`, remedy }, { cause: error })
}
