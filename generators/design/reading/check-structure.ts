/** Unknown keys, missing keys and wrong types, in words. What is at fault is left out, so that the rest can be checked too. */
import type { z } from 'zod'
import { type Fault, suggestion } from '../issues.ts'
import { type SpecInput, specInput } from '../input.ts'
import type { Path, Source } from '../source.ts'

export interface Structure {
  /** Null when nothing can be made of it. */
  input: SpecInput | null
  faults: Fault[]
  /** Names whose own definition is at fault. */
  broken: ReadonlySet<string>
}

/** Never throws. */
export function checkStructure(source: Source): Structure {
  const faults: Fault[] = []
  const broken = new Set<string>()
  let data = structuredClone(source.data)
  // Leaving out a required key makes its parent fail in the next round; each round removes something.
  for (let round = 0; round < 12; round += 1) {
    const result = specInput.safeParse(data)
    if (result.success) return { input: result.data, faults, broken }
    const found = result.error.issues.flatMap((issue) => flatten(issue, [], data))
    if (round === 0) faults.push(...found.flatMap(({ issue, path }) => describe(issue, path, data)))
    for (const { issue, path } of found) {
      for (const name of path) broken.add(String(name))
      data = issue.code === 'unrecognized_keys' ? issue.keys.reduce((rest, key) => without(rest, [...path, key]), data) : mended(data, path)
    }
  }
  return { input: null, faults, broken }
}

type ZodIssue = z.core.$ZodIssue
interface Located {
  issue: ZodIssue
  path: Path
}

/** Of a union, the branch that the person meant: the one whose type fits the value. */
function flatten(issue: ZodIssue, prefix: Path, data: unknown): Located[] {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  if (issue.code !== 'invalid_union') return [{ issue, path }]
  const meant = issue.errors.find((branch) => !branch.some((inner) => inner.path.length === 0 && ['invalid_type', 'invalid_value'].includes(inner.code)))
  return meant ? meant.flatMap((inner) => flatten(inner, path, data)) : [{ issue, path }]
}

function describe(issue: ZodIssue, path: Path, data: unknown): Fault[] {
  const subject = nameOf(path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path))
  if (!exists(data, path)) {
    const parent = path.slice(0, -1)
    return [{ code: 'SPEC_MISSING_KEY', path: parent, key: true, message: `${nameOf(parent)} needs the key "${String(path.at(-1))}".`, remedy: `Add: ${keyRemedies[String(path.at(-1))] ?? `${String(path.at(-1))}: …`}` }]
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String)
    const written = at(data, path)
    const remedy = suggestion(typeof written === 'string' ? written : '', allowed)
    return [{ code: 'SPEC_VALUE', path, message: `${subject} cannot be ${shown(written)}.`, remedy }]
  }
  if (issue.code === 'too_small') return [{ code: 'SPEC_VALUE', path, message: `${subject} is an empty list.`, remedy: `Write at least one entry, or leave "${String(path.at(-1))}" out.` }]
  return [{ code: 'SPEC_TYPE', path, message: `${subject} must be ${expected(issue)}, not ${kindOf(at(data, path))}.`, remedy: typeRemedy(issue, at(data, path)) }]
}

function unknownKey(key: string, path: Path): Fault {
  const known = keysAt(path)
  return {
    code: 'SPEC_UNKNOWN_KEY',
    path: [...path, key],
    key: true,
    message: path.length === 0 ? `Unknown key "${key}".` : `Unknown key "${key}" in ${nameOf(path)}.`,
    remedy: suggestion(key, known),
  }
}

/** The keys that a place of the spec has, asked of the schema itself with a key that nothing has. */
function keysAt(path: Path): string[] {
  let schemas: unknown[] = [specInput]
  for (const part of path) schemas = schemas.flatMap(alternatives).flatMap((schema) => inner(schema, part))
  return schemas.flatMap(alternatives).flatMap((schema) => Object.keys(definition(schema).shape ?? {}))
}

interface Definition {
  type?: string
  shape?: Record<string, unknown>
  innerType?: unknown
  options?: unknown[]
  element?: unknown
  valueType?: unknown
}

function definition(schema: unknown): Definition {
  return (schema as { def?: Definition }).def ?? {}
}

function alternatives(schema: unknown): unknown[] {
  const { innerType, options } = definition(schema)
  if (innerType) return alternatives(innerType)
  return options ? options.flatMap(alternatives) : [schema]
}

function inner(schema: unknown, part: string | number): unknown[] {
  const { shape, element, valueType } = definition(schema)
  return [shape?.[part], typeof part === 'number' ? element : undefined, valueType].filter((candidate) => candidate !== undefined)
}

function expected(issue: ZodIssue): string {
  const errors = issue.code === 'invalid_union' ? issue.errors.flat() : [issue]
  const types = errors.flatMap((error) => ('expected' in error ? [error.expected] : 'values' in error ? ['a word'] : []))
  const words = [...new Set(types.map((type) => wordFor[type] ?? type))]
  return words.length > 0 ? words.join(' or ') : 'something else'
}

/** What a key that is always needed looks like. */
const keyRemedies: Record<string, string> = {
  design: 'design: <name of the files>',
  story: 'story: <who needs this, and what for>',
  about: 'about: <one sentence about the table>',
  columns: 'columns: { title: text }',
  access: 'access: service_only (or owner, public_read, org_member, org_roles, tenant, parent, shared_with)',
  type: 'type: text',
  on_delete: 'on_delete: restrict (or cascade, set null, no action)',
}

function typeRemedy(issue: ZodIssue, value: unknown): string {
  const wanted = expected(issue)
  if (value === null) return 'Give it a value, or remove the key.'
  if (wanted === 'a text' && typeof value !== 'object') return `Write it in quotes: "${String(value)}"`
  if (wanted === 'a list') return 'Write a list: [first, second]'
  return wanted === 'a map of keys' ? 'Write keys below it, each with its value: key: value' : `Write ${wanted}, without quotes.`
}

const wordFor: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'null',
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map of keys'
  return `${typeof value === 'string' ? 'the text' : typeof value === 'number' ? 'the number' : 'the word'} ${shown(value)}`
}

function shown(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return JSON.stringify(value)?.slice(0, 80) ?? 'empty'
}

/** `"rows" of "scale" of table…` would be long: the key, and the table or query that it belongs to. */
function nameOf(path: Path, root = 'The spec'): string {
  if (path.length === 0) return root
  const last = path.at(-1)
  const subject = typeof last === 'number' ? `Entry ${last + 1} of "${String(path.at(-2))}"` : `"${last}"`
  return path.length > 2 && !(path.length === 3 && typeof last === 'number') ? `${subject} of ${path.slice(1, Math.min(2, path.length - 1)).map((part) => `"${String(part)}"`).join('.')}` : subject
}

function exists(data: unknown, path: Path): boolean {
  const parent = at(data, path.slice(0, -1))
  return path.length === 0 || (typeof parent === 'object' && parent !== null && Object.hasOwn(parent, path.at(-1) ?? ''))
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined), data)
}

/** Stand-ins for required keys, so that the rest of a table is checked although one of them is missing. */
const standIns: Record<string, unknown> = { about: '-', access: 'service_only', columns: {}, design: 'design', story: '-', on_delete: 'restrict' }

/** A missing key gets its stand-in, or takes its parent with it; anything else is left out. */
function mended(data: unknown, path: Path): unknown {
  if (exists(data, path)) return without(data, path)
  const parent = at(data, path.slice(0, -1))
  const standIn = standIns[String(path.at(-1))]
  if (standIn === undefined || typeof parent !== 'object' || parent === null) return without(data, path.slice(0, -1))
  Object.assign(parent, { [String(path.at(-1))]: standIn })
  return data
}

/** `data` is already a copy. Lists keep their places: an entry at fault takes the list with it. */
function without(data: unknown, path: Path): unknown {
  const list = path.findIndex((part) => typeof part === 'number')
  const cut = list === -1 ? path : path.slice(0, list)
  if (cut.length === 0) return null
  const parent = at(data, cut.slice(0, -1))
  if (typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[String(cut.at(-1))]
  return data
}
