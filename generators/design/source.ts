/** A YAML document that remembers where everything stands. The only reader of YAML in the project. */
import { type Document, LineCounter, type Node, type Scalar, isAlias, isMap, isNode, isScalar, isSeq, parseAllDocuments } from 'yaml'
import { type Issue, TrrError, locate } from '../errors.ts'
import { scalarOffset } from './reading/scalar-offset.ts'

export type Path = readonly (string | number)[]

export interface Source {
  file: string
  text: string
  /** Plain data. Keys are their source text. */
  data: unknown
  /** Source text of a scalar without its quotes: `012`, `1.0`, `yes`. Null when there is no scalar. */
  textOf: (path: Path) => string | null
  /** Whether anything is written there. */
  has: (path: Path) => boolean
  /** The place of a value, of its key, or of a character within a scalar. Falls back to what encloses it. */
  placeOf: (path: Path, at?: { key?: boolean; character?: number | undefined }) => Pick<Issue, 'place' | 'excerpt'>
}

const maxBytes = 2_000_000
const maxDepth = 60

/** Throws {@link TrrError} with every fault of the syntax. */
export function parseSource({ text: written, file }: { text: string; file: string }): Source {
  // Columns count from behind a byte order mark.
  const text = written.replace(/^\uFEFF/, '')
  const at = (offset: number): Pick<Issue, 'place' | 'excerpt'> => {
    const { line, column, excerpt } = locate(text, Math.min(Math.max(offset, 0), text.length))
    return { place: { file, line, column }, excerpt: drawable(excerpt) }
  }
  const document = parseDocument(text, at)
  const faults: Issue[] = []
  const data = toData(document.contents, { text, faults, at, depth: 0 })
  if (faults.length > 0) throw new TrrError(faults)
  return {
    file,
    text,
    data,
    textOf: (path) => {
      const node = stepsTo(document.contents, path).at(path.length)?.value
      return isScalar(node) ? textOfScalar(node) : null
    },
    has: (path) => stepsTo(document.contents, path).length === path.length + 1,
    placeOf: (path, { key = false, character } = {}) => at(offsetOf(document.contents, text, path, { key, character })),
  }
}

/** One column for each character, so that the caret stays under its place. */
function drawable(excerpt: string): string {
  return excerpt.replace(/[^\S\n]/gu, ' ').replace(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '·')
}

type Place = (offset: number) => Pick<Issue, 'place' | 'excerpt'>

function parseDocument(text: string, at: Place): Document.Parsed {
  const fail = (message: string, offset: number, remedy?: string): never => {
    throw new TrrError({ code: 'SPEC_SYNTAX', message, ...(remedy ? { remedy } : {}), ...at(offset) })
  }
  if (text.length > maxBytes) fail(`The spec is larger than ${maxBytes} characters.`, 0)
  const documents = parseAll(text, fail)
  const [first, second] = documents
  if (!first || (first.contents === null && first.errors.length === 0)) return fail('The spec is empty.', 0, 'Start with: design: <name>')
  if (second) fail('A spec is one YAML document, and this file holds several.', second.range[0], 'Put each design in a file of its own.')
  const faults = [...first.errors, ...first.warnings]
  if (faults.length > 0) throw new TrrError(faults.map((fault) => syntaxIssue(fault, at)))
  if (first.directives.yaml.explicit && first.directives.yaml.version !== '1.2') fail('A spec is YAML 1.2.', 0, 'Remove the %YAML line.')
  return first
}

function syntaxIssue(fault: { message: string; code: string; pos: [number, number] }, at: Place): Issue {
  const message = fault.message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '')
  const code = fault.code === 'DUPLICATE_KEY' ? 'SPEC_DUPLICATE' : 'SPEC_SYNTAX'
  return { code, message: `${message.replace(/[.:]$/, '')}.`, remedy: syntaxRemedies[fault.code] ?? 'Correct the YAML at this place.', ...at(fault.pos[0]) }
}

/** By code of the `yaml` library. */
const syntaxRemedies: Record<string, string> = {
  DUPLICATE_KEY: 'Keep one of the two.',
  TAB_AS_INDENT: 'Indent with spaces.',
  TAG_RESOLVE_FAILED: 'Remove the tag: values have no other types here.',
  BAD_INDENT: 'Give keys of the same map the same indentation.',
  BLOCK_AS_IMPLICIT_KEY: 'Begin each key on a line of its own, or put the value into quotes.',
  MISSING_CHAR: 'Close the quote or the bracket.',
}

function parseAll(text: string, fail: (message: string, offset: number) => never): Document.Parsed[] {
  try {
    // The line counter is unused, but without it prettyErrors compute lines for every fault.
    return [...(parseAllDocuments(text, { prettyErrors: false, lineCounter: new LineCounter() }) as Document.Parsed[])]
  } catch (error) {
    if (error instanceof RangeError) return fail('The spec is nested too deeply.', 0)
    throw error
  }
}

interface Conversion {
  text: string
  faults: Issue[]
  at: Place
  depth: number
}

function toData(node: unknown, conversion: Conversion): unknown {
  const { faults, at } = conversion
  const start = isNode(node) ? (node.range?.[0] ?? 0) : 0
  const fault = (message: string, remedy: string) => void faults.push({ code: 'SPEC_SYNTAX', message, remedy, ...at(start) })
  const deeper = { ...conversion, depth: conversion.depth + 1 }
  if (conversion.depth > maxDepth) return fault(`Nested more than ${maxDepth} levels deep.`, 'A spec needs no more than ten.')
  if (isAlias(node)) return fault(`The alias *${node.source} is not read.`, 'Write the value out, so that every value has one place.')
  if (hasAnchor(node)) return fault(`The anchor &${node.anchor} is not read.`, 'Write the value out where it is needed.')
  if (isScalar(node)) {
    if (typeof node.value === 'string' && !isStorable(node.value))
      return fault('The text holds a character that Postgres cannot store.', 'Remove NUL characters and lone surrogates.')
    return node.value
  }
  if (isSeq(node)) return node.items.map((item) => toData(item, deeper))
  if (isMap(node)) return toObject(node.items, deeper)
  return null
}

function toObject(items: { key: unknown; value: unknown }[], conversion: Conversion): Record<string, unknown> {
  const entries = new Map<string, unknown>()
  for (const { key, value } of items) {
    const place = conversion.at(isNode(key) ? (key.range?.[0] ?? 0) : 0)
    const name = isScalar(key) ? textOfScalar(key) : null
    if (name === null || name === '') conversion.faults.push({ code: 'SPEC_SYNTAX', message: 'A key must be a word.', remedy: 'Write it as: word: value', ...place })
    else if (name === '<<')
      conversion.faults.push({
        code: 'SPEC_SYNTAX', ...place,
        message: 'Merge keys (<<) are not read.',
        remedy: 'Write the values out.',
      })
    else if (name === '__proto__' || !isStorable(name))
      conversion.faults.push({
        code: 'SPEC_NAME', ...place,
        message: `${JSON.stringify(name)} cannot be a key.`, remedy: 'Choose another word.',
      })
    else if (entries.has(name))
      conversion.faults.push({
        code: 'SPEC_DUPLICATE', ...place,
        message: `The key "${name}" stands here twice.`, remedy: `Keep one "${name}".`,
      })
    else entries.set(name, toData(value, conversion))
  }
  return Object.fromEntries(entries)
}

function hasAnchor(node: unknown): node is Node & { anchor: string } {
  return isNode(node) && 'anchor' in node && typeof node.anchor === 'string'
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

function textOfScalar(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value ?? '')
}

interface Step {
  key: Node | null
  value: unknown
}

/** The nodes on the way to a path, the root first; ends early where the file ends. */
function stepsTo(root: unknown, path: Path): Step[] {
  const steps: Step[] = [{ key: null, value: root }]
  for (const part of path) {
    const parent = steps.at(-1)?.value
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && textOfScalar(item.key) === String(part)) : undefined
    if (pair && isNode(pair.key)) steps.push({ key: pair.key, value: pair.value })
    else if (isSeq(parent) && typeof part === 'number' && part < parent.items.length) steps.push({ key: null, value: parent.items[part] })
    else break
  }
  return steps
}

function offsetOf(root: unknown, text: string, path: Path, { key, character }: { key: boolean; character: number | undefined }): number {
  const steps = stepsTo(root, path)
  const last = steps.at(-1)
  const isThere = steps.length === path.length + 1
  if (!last) return 0
  if (last.key?.range && (key || !isThere || isEmpty(last.value))) return last.key.range[0]
  if (isThere && isScalar(last.value) && character !== undefined) return scalarOffset(last.value, text, character)
  return hasRange(last.value) ? last.value.range[0] : 0
}

/** `key:` with nothing behind it has a value of no width. */
function isEmpty(node: unknown): boolean {
  return !hasRange(node) || (isScalar(node) && node.value === null && node.source === '')
}

function hasRange(node: unknown): node is Node & { range: [number, number, number] } {
  return isNode(node) && Array.isArray(node.range)
}
