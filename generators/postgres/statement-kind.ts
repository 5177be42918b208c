/** What a runner must know about a statement before it sends it. */
import type { Node, Statement } from '../sql/parser.ts'

/** BEGIN, COMMIT, ROLLBACK and their kin in the file itself. */
export function controlsTransaction({ kind }: Statement): boolean {
  return kind === 'TransactionStmt'
}

/** COPY … FROM stdin, which waits for rows that no runner sends. */
export function readsFromClient({ kind, tree }: Statement): boolean {
  const node = (tree[kind] ?? {}) as Node
  return kind === 'CopyStmt' && node['is_from'] === true && !node['filename']
}

/** True when the server refuses the statement inside a transaction block. */
export function runsAlone({ kind, tree }: Statement): boolean {
  const node = (tree[kind] ?? {}) as Node
  switch (kind) {
    case 'IndexStmt':
    case 'DropStmt':
      return node['concurrent'] === true
    case 'ReindexStmt':
      return optionNames(node['params']).includes('concurrently') || /SYSTEM|DATABASE/.test(String(node['kind']))
    case 'VacuumStmt':
      return node['is_vacuumcmd'] === true
    case 'AlterTableStmt':
      return JSON.stringify(node['cmds'] ?? []).includes('"AT_DetachPartition"') && /"concurrent":true/.test(JSON.stringify(node))
    case 'AlterSystemStmt':
    case 'CreatedbStmt':
    case 'DropdbStmt':
    case 'CreateTableSpaceStmt':
    case 'DropTableSpaceStmt':
      return true
    default:
      return false
  }
}

function optionNames(options: unknown): string[] {
  return (Array.isArray(options) ? options : []).map((item: { DefElem?: { defname?: string } }) => item.DefElem?.defname ?? '')
}
