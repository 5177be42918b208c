/** The statements of a schema file, and those that are of a whole server or of a session of psql. */
import { SqlSyntaxError, type Node, type Statement, splitStatements } from '../../sql/parser.ts'
import { type ScriptPart, readPsqlScript } from '../../sql/psql-script.ts'
import { withoutVectorParameters } from '../stand-in.ts'

export interface SchemaPart extends ScriptPart {
  /** Null where it cannot be parsed. */
  statement: Statement | null
  fault: string
}

export interface SchemaParts {
  parts: SchemaPart[]
  /** What is not run, in words, with how often it stands there. */
  left: Map<string, number>
}

export function schemaParts(text: string): SchemaParts {
  const script = readPsqlScript(text)
  const left = new Map<string, number>(script.commands.length > 0 ? [['commands of psql', script.commands.length]] : [])
  const parts = script.statements.map(parsed).filter(({ statement }) => {
    const what = statement && leftOutAs(statement)
    if (what) left.set(what, (left.get(what) ?? 0) + 1)
    return !what
  })
  return { parts, left }
}

function parsed(part: ScriptPart): SchemaPart {
  try {
    const [statement = null] = splitStatements(part.sql)
    return { ...part, statement: statement && withoutVectorParameters(statement), fault: 'it is empty' }
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    return { ...part, statement: null, fault: error.message }
  }
}

const leftOut: Record<string, string> = {
  CreatedbStmt: 'create database', DropdbStmt: 'drop database', AlterDatabaseStmt: 'alter database', AlterDatabaseSetStmt: 'alter database', TransactionStmt: 'begin and commit',
  CreateSubscriptionStmt: 'create subscription', CreateTableSpaceStmt: 'create tablespace', AlterSystemStmt: 'alter system', VacuumStmt: 'vacuum and analyze', DiscardStmt: 'discard',
}

function leftOutAs({ kind, tree }: Statement): string | null {
  const node = (tree[kind] ?? {}) as Node
  if (kind === 'VariableSetStmt' && ['role', 'session_authorization'].includes(String(node['name']))) return 'set role'
  if (kind === 'CommentStmt' && node['objtype'] === 'OBJECT_EXTENSION') return 'comments on extensions'
  if (kind === 'CopyStmt' && node['filename'] !== undefined) return 'copy from files'
  return leftOut[kind] ?? null
}

/** What it makes, by its own name. */
export function nameMade({ statement }: SchemaPart): string | null {
  const node = (statement?.tree[statement.kind] ?? {}) as Node
  const relation = (node['relation'] ?? node['view'] ?? (node['into'] as Node | undefined)?.['rel']) as { relname?: string } | undefined
  const words = (node['funcname'] ?? node['typeName'] ?? node['domainname'] ?? node['typevar']) as { String?: { sval: string } }[] | { relname?: string } | undefined
  if (['CreateStmt', 'ViewStmt', 'CreateTableAsStmt'].includes(statement?.kind ?? '')) return relation?.relname ?? null
  return Array.isArray(words) ? (words.at(-1)?.String?.sval ?? null) : (words?.relname ?? null)
}
