/**
 * The real Postgres parser (libpg_query, compiled to WASM). Nothing else in the project reads SQL.
 * It reports statement and token places in bytes, error places in characters; here everything is in characters.
 */
import type { ScanToken } from 'libpg-query'

type Parser = typeof import('libpg-query')
let loaded: Parser | undefined

/** Loads the WASM module, once. Everything below needs it. */
export async function loadParser(): Promise<void> {
  if (loaded) return
  const parser = await import('libpg-query')
  await parser.loadModule()
  loaded = parser
}

/** A node of the parse tree: `{ SelectStmt: { … } }`. */
export type Node = Record<string, unknown>

export interface Statement {
  /** Source text without the semicolon and without what stands around it. */
  sql: string
  /** Offsets of `sql` in the file, in characters from 0; `end` is exclusive. */
  start: number
  end: number
  /** Node type, for example `CreateStmt`. */
  kind: string
  tree: Node
}

/** What the parser refused, with the place of the first fault in characters from 0. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError'
  readonly position: number

  constructor(message: string, position: number, options?: ErrorOptions) {
    super(message, options)
    this.position = position
  }
}

/** Every statement of a script, in order. Throws {@link SqlSyntaxError}. */
export function splitStatements(sql: string): Statement[] {
  const characters = characterOffsets(sql)
  const total = Buffer.byteLength(sql)
  return parseTree(sql).map(({ stmt, stmt_location, stmt_len }) => {
    const from = stmt_location ?? 0
    const start = characters(from)
    const end = characters(stmt_len ? from + stmt_len : total)
    const [lead, text] = withoutLeadingComments(sql.slice(start, end))
    const trimmed = text.trimEnd()
    return { sql: trimmed, start: start + lead, end: start + lead + trimmed.length, kind: Object.keys(stmt)[0] ?? '', tree: stmt }
  })
}

interface RawStatement {
  stmt: Node
  stmt_location?: number
  stmt_len?: number
}

/** The raw parse of a script. Throws {@link SqlSyntaxError}. */
export function parseTree(sql: string): RawStatement[] {
  const parser = requireParser()
  try {
    const result = parser.parseSync(sql) as { stmts?: RawStatement[] }
    return result.stmts ?? []
  } catch (error) {
    const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails
    throw new SqlSyntaxError((error as Error).message, details?.cursorPosition ?? 0, { cause: error })
  }
}

/** Every token of a script with its text. Throws {@link SqlSyntaxError}. */
export function scanTokens(sql: string): ScanToken[] {
  try {
    return requireParser().scanSync(sql).tokens
  } catch (error) {
    throw new SqlSyntaxError((error as Error).message, 0, { cause: error })
  }
}

/**
 * The same SQL without comments, with single spaces (or, with `lines`, the line breaks that it had) and lower-case keywords. Parsed again and compared, so that what is
 * emitted is the tree that was checked.
 */
export function tidySql(sql: string, { lines = false } = {}): string {
  const bytes = Buffer.from(sql)
  let text = ''
  let end = 0
  for (const token of scanTokens(sql)) {
    if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') continue
    if (text !== '' && token.start > end) text += lines && bytes.subarray(end, token.start).includes('\n') ? `\n${indentation(bytes, token.start)}` : ' '
    const source = bytes.subarray(token.start, token.end).toString()
    text += token.keywordKind > 0 ? source.toLowerCase() : source
    end = token.end
  }
  if (!sameTree(parseTree(sql), parseTree(text))) throw new SqlSyntaxError('The text means something else without its comments.', 0)
  return text
}

/** The spaces that a line begins with. */
function indentation(bytes: Buffer, place: number): string {
  const line = bytes.subarray(bytes.lastIndexOf('\n', place - 1) + 1, place).toString()
  return /^ *$/.test(line) ? line : ''
}

/** The conditions that are joined by `and`, brackets or not. */
export function conjuncts(node: Node | undefined): Node[] {
  const and = node?.['BoolExpr'] as { boolop: string; args: Node[] } | undefined
  if (!node) return []
  return and?.boolop === 'AND_EXPR' ? and.args.flatMap(conjuncts) : [node]
}

/** Calls `visit` for every node of a tree, parents first. */
export function walk(tree: unknown, visit: (type: string, node: Node) => void): void {
  if (Array.isArray(tree)) for (const item of tree) walk(item, visit)
  else if (tree !== null && typeof tree === 'object') {
    for (const [key, value] of Object.entries(tree)) {
      if (/^[A-Z]/.test(key) && value !== null && typeof value === 'object' && !Array.isArray(value)) visit(key, value as Node)
      walk(value, visit)
    }
  }
}

function sameTree(left: unknown, right: unknown): boolean {
  const bare = (_key: string, value: unknown) => value
  const text = (tree: unknown) => JSON.stringify(tree, (key, value) => (isPlace(key) ? undefined : bare(key, value)))
  return text(left) === text(right)
}

function isPlace(key: string): boolean {
  return key === 'location' || key === 'stmt_location' || key === 'stmt_len' || key.startsWith('list_') || key === 'rexpr_list_end'
}

function requireParser(): Parser {
  if (!loaded) throw new Error('loadParser() has not been awaited.')
  return loaded
}

/** Byte offset → character offset. The identity for ASCII, which most files are. */
function characterOffsets(sql: string): (byte: number) => number {
  const bytes = Buffer.from(sql)
  if (bytes.length === sql.length) return (byte) => byte
  return (byte) => bytes.subarray(0, byte).toString().length
}

/** A statement's range begins where the one before it ended, with the comments in between. */
function withoutLeadingComments(text: string): [number, string] {
  // Blanks and lines behind two dashes are what every scanner skips; only what may be nested needs the real one, which takes as long as the parser.
  const plain = /^(?:[ \t\n\r\f\v]+|--[^\n\r]*)*/.exec(text)?.[0].length ?? 0
  const lead = text.startsWith('/*', plain) ? firstToken(text) : plain
  return [lead, text.slice(lead)]
}

function firstToken(text: string): number {
  const first = scanTokens(text).find((token) => token.tokenName !== 'SQL_COMMENT' && token.tokenName !== 'C_COMMENT')
  return first ? Buffer.from(text).subarray(0, first.start).toString().length : 0
}
