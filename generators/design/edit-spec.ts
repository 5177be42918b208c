/** Specs written by the tool: new ones in block style, existing ones changed in place with comments and order kept. */
import { Document, Pair, type Scalar, YAMLMap, YAMLSeq, isCollection, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml'
import type { SpecInput } from './input.ts'
import type { Path } from './source.ts'

/** The order in which a reader wants to meet the keys; others follow as given. */
const order = {
  top: 'design story schema horizon tenancy tables views existing queries jobs files privacy decisions samples approved'.split(' '),
  table: `about id columns primary_key unique foreign_keys checks indexes
    timestamps audit soft_delete tenancy access realtime scale writes retention`.split(/\s+/),
}

const layout = { lineWidth: 120, indentSeq: true } as const

/** A spec document that can be changed with {@link setIn}. Scalars keep their spelling: `012` and `1.0` stay what they are. */
export function openSpec(text: string): Document {
  return parseDocument(text, { schema: 'failsafe', keepSourceTokens: false })
}

/** Text of a document; ends with a line break. */
export function formatDocument(document: Document): string {
  return document.toString(layout)
}

/** A whole spec in block style. `schemaUrl` is for editors. */
export function formatSpec(input: SpecInput, options: { schemaUrl?: string } = {}): string {
  const document = new Document(null, { schema: 'failsafe' })
  document.contents = toNode(sorted(input, order.top)) as Document['contents']
  if (options.schemaUrl !== undefined) document.commentBefore = ` yaml-language-server: $schema=${options.schemaUrl}`
  return formatDocument(document)
}

/**
 * Sets a value; what is missing on the way is created in block style. `undefined` removes the key.
 * A scalar that is there keeps its comments and, where it can, its kind of quotes.
 */
export function setIn(document: Document, path: Path, value: unknown): void {
  if (value === undefined) return void document.deleteIn(path)
  const [last] = path.slice(-1)
  if (last === undefined) throw new Error('A path has at least one part.')
  const parent = containerAt(document, path.slice(0, -1), last)
  const existing = parent.get(last, true)
  if (isScalar(existing) && isPlain(value)) Object.assign(existing, { value: textOf(value), type: kindOf(value, existing.type) })
  else parent.set(isMap(parent) ? keyNode(parent, last) : last, withComments(toNode(value), existing))
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object'
}

/** A key that is there keeps its comments. */
function keyNode(map: YAMLMap, key: string | number): unknown {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === String(key))?.key ?? scalar(String(key))
}

function withComments(node: ReturnType<typeof toNode>, existing: unknown): ReturnType<typeof toNode> {
  if (isNode(existing)) {
    if (existing.comment) node.comment = existing.comment
    if (existing.commentBefore) node.commentBefore = existing.commentBefore
  }
  return node
}

function containerAt(document: Document, path: Path, next: string | number): YAMLMap | YAMLSeq {
  if (!isCollection(document.contents)) document.contents = empty(path[0] ?? next) as Document['contents']
  let container = document.contents as unknown as YAMLMap | YAMLSeq
  for (const [index, part] of path.entries()) {
    const child = container.get(part, true)
    if (isMap(child) || isSeq(child)) {
      container = child
      continue
    }
    const created = empty(path[index + 1] ?? next)
    container.set(isMap(container) ? keyNode(container, part) : part, created)
    container = created
  }
  return container
}

/** A list for a place that a number names, else a map. */
function empty(child: string | number | undefined): YAMLMap | YAMLSeq {
  return typeof child === 'number' ? new YAMLSeq() : new YAMLMap()
}

function toNode(value: unknown): Scalar | YAMLMap | YAMLSeq {
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    list.items = value.map(toNode)
    return list
  }
  if (typeof value !== 'object' || value === null) return scalar(value)
  const map = new YAMLMap()
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) map.items.push(new Pair(scalar(key), toNode(key === 'tables' ? sortedTables(item) : item)))
  }
  return map
}

function sortedTables(tables: unknown): unknown {
  if (typeof tables !== 'object' || tables === null) return tables
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, typeof table === 'object' && table !== null ? sorted(table, order.table) : table]))
}

function sorted(value: object, keys: readonly string[]): object {
  const place = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length)
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => place(left) - place(right)))
}

/** The failsafe schema knows texts only, so quotes say what must not be read as something else. */
function scalar(value: unknown): Scalar {
  const node = new Document(null, { schema: 'failsafe' }).createNode(textOf(value)) as Scalar
  node.type = kindOf(value, undefined)
  return node
}

function textOf(value: unknown): string {
  return value === null ? 'null' : String(value)
}

function kindOf(value: unknown, before: Scalar['type']): NonNullable<Scalar['type']> {
  if (typeof value !== 'string') return 'PLAIN'
  if (value.includes('\n')) return before === 'BLOCK_FOLDED' ? before : 'BLOCK_LITERAL'
  if (before === 'BLOCK_FOLDED' || before === 'QUOTE_SINGLE' || before === 'QUOTE_DOUBLE') return before
  return isReadAsText(value) ? 'PLAIN' : 'QUOTE_DOUBLE'
}

/** Asked of the reader itself: would the core schema read the bare word as this text? */
function isReadAsText(value: string): boolean {
  const document = parseDocument(value, { schema: 'core' })
  return document.errors.length === 0 && isScalar(document.contents) && document.contents.type === 'PLAIN' && document.contents.value === value
}
