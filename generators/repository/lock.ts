/** `supabase/designs/<design>.lock.yaml`: what was generated from a spec. Committed with it, and free of clocks. */
import { join } from 'node:path'
import { YAMLParseError, parse, stringify } from 'yaml'
import { z } from 'zod'
import type { MutationEvidence } from '../design/mutation-evidence.ts'
import type { FileKind } from '../design/planned-file.ts'
import { type Issue, TrrError } from '../errors.ts'
import { byBytes } from './migrations.ts'
import { readText } from './text-file.ts'

export interface Lock {
  version: 1
  /** Hash of the spec's text. */
  spec: string
  /** In the order in which they are applied. */
  phases: { id: string; version: string; migration: string }[]
  files: { path: string; kind: FileKind; sha256: string }[]
  /** Shared functions that the design created (`owned`) or found in the repository. */
  functions: { name: string; owned: boolean }[]
  /** The mutation score, and the hash of the migrations that it was measured on. */
  mutations?: { of: string; evidence: Omit<MutationEvidence, 'open'> }
}

const kinds = ['migration', 'rollback', 'test', 'document', 'spec', 'lock', 'schema doc'] as const satisfies readonly FileKind[]
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 hash')
const generatedPath = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\0]+$/, 'not a path inside the repository')

const score = z.strictObject({ total: z.number(), noticed: z.number() })
const fault = z.strictObject({ fault: z.string(), because: z.string() })
const measured = z.strictObject({
  of: hash,
  evidence: z.strictObject({ weakening: score, restricting: score, byCatalog: z.number(), survivors: z.array(z.strictObject({ fault: z.string(), effect: z.enum(['weakening', 'restricting']) })), equivalent: z.array(fault), refused: z.array(fault) }),
})

const schema = z.strictObject({
  version: z.literal(1),
  tool: z.literal('trr-db'),
  spec: hash,
  phases: z.array(z.strictObject({ id: z.string().min(1), version: z.string().regex(/^[0-9]+$/, 'not a number in quotes'), migration: generatedPath })),
  files: z.array(z.strictObject({ path: generatedPath, kind: z.enum(kinds), sha256: hash })),
  functions: z.array(z.strictObject({ name: z.string().min(1), owned: z.boolean() })),
  mutations: measured.optional(),
})

/** Where the lock of a design is kept. */
export function lockPath(design: string): string {
  return `supabase/designs/${design}.lock.yaml`
}

/** The lock of a design, null when nothing was generated yet. Throws a TrrError when it is broken. */
export async function readLock(root: string, design: string): Promise<Lock | null> {
  const path = lockPath(design)
  const { text, issue } = await readText(join(root, path), path)
  if (issue) throw new TrrError(issue)
  return text === null ? null : parseLock(text, path)
}

/** The lock as a file: the same lock gives the same bytes. */
export function renderLock(lock: Lock): string {
  const { version, spec, phases } = lock
  const files = lock.files.toSorted((a, b) => byBytes(a.path, b.path)).map(({ path, kind, sha256 }) => ({ path, kind, sha256 }))
  const functions = lock.functions.toSorted((a, b) => byBytes(a.name, b.name)).map(({ name, owned }) => ({ name, owned }))
  const ordered = { version, tool: 'trr-db', spec, phases: phases.map(({ id, version, migration }) => ({ id, version, migration })), files, functions, ...(lock.mutations ? { mutations: renderScore(lock.mutations) } : {}) }
  // Version 1.1 knows that 0018 is a number in octal, so numbers of migrations come out quoted.
  return `# Written by trr-db and committed with the spec. Not edited by hand.\n${stringify(ordered, { version: '1.1', lineWidth: 0 })}`
}

function renderScore({ of, evidence: { weakening, restricting, byCatalog, survivors, equivalent, refused } }: NonNullable<Lock['mutations']>): NonNullable<Lock['mutations']> {
  return { of, evidence: { weakening, restricting, byCatalog, survivors, equivalent, refused } }
}

/** Reads the text of a lock file. `path` is what an issue names. */
export function parseLock(text: string, path: string): Lock {
  const data = parseYaml(text, path)
  if (isNewer(data)) throw new TrrError({ code: 'REPO_CONFIG', message: `"${path}" was written by a newer trr-db.`, remedy: 'Update trr-db: npm install --save-dev trr-db@latest', place: { file: path } })
  const result = schema.safeParse(data)
  if (result.success) {
    const { tool: _tool, mutations, ...lock } = result.data
    return { ...lock, ...(mutations ? { mutations } : {}) }
  }
  throw new TrrError(result.error.issues.map((issue) => broken(path, `${issue.path.join('.') || 'the file'}: ${issue.message}`)))
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text) as unknown
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    const place = error.linePos?.[0]
    throw new TrrError(broken(path, error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML', place && { line: place.line, column: place.col }), { cause: error })
  }
}

function isNewer(data: unknown): boolean {
  const version = (data as { version?: unknown } | null)?.version
  return typeof version === 'number' && version > 1
}

function broken(path: string, reason: string, place: { line?: number; column?: number } = {}): Issue {
  return {
    code: 'REPO_CONFIG',
    message: `The lock file "${path}" is broken (${reason}).`,
    remedy: `Take the last good one from git: git checkout -- ${path}\nA merge conflict in it: keep both sides of "files" and "phases".`,
    place: { file: path, ...place },
  }
}
