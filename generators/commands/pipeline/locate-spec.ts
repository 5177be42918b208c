/** Which file a person means by the name of a design or a path. */
import { createReadStream, existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { nearest } from '../../design/nearest.ts'
import { parseSource } from '../../design/source.ts'
import { TrrError } from '../../errors.ts'
import type { Repository } from '../../repository/read.ts'
import { lineOfFault } from '../../repository/text-file.ts'

/** Twice what the reader takes in characters. */
const maxSpecBytes = 4_000_000

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
  const bytes = await readSpecFile(path).catch((error: NodeJS.ErrnoException) => {
    throw notReadable(word, error, repository)
  })
  const text = decode(bytes, word)
  const inside = relative(repository.root, path)
  return specSource(text, inside.startsWith('..') ? word : inside)
}

/** Never without end: a device is read no further than a spec can go. */
async function readSpecFile(path: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size > maxSpecBytes) break
  }
  return Buffer.concat(parts)
}

function decode(bytes: Buffer, word: string): string {
  if (bytes.length > maxSpecBytes) throw new TrrError({ code: 'SPEC_SYNTAX', message: `"${word}" is larger than ${maxSpecBytes} bytes, and no spec.`, remedy: 'Name a design or a spec file.', place: { file: word } })
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Reported below, with the binary files.
  }
  throw new TrrError({ code: 'SPEC_SYNTAX', message: `"${word}" is not UTF-8 text.`, remedy: 'Save it as UTF-8.', place: { file: word, line: lineOfFault(bytes), column: 1 } })
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
