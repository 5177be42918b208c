/** The strongest relation lock that a statement takes, and what it reads, by the kind of statement. A test holds it against `pg_locks`. */
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Node, Statement } from '../../sql/parser.ts'

/** Weakest first. */
export const lockModes = ['SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE'] as const
export type LockMode = (typeof lockModes)[number]

export interface StatementLock {
  relation: QualifiedName
  mode: LockMode
  /** The statement reads every row of the relation. */
  scans: boolean
  by: string
}

/** Locks on the relations that a statement names. Statements without one, such as `grant` and `create function`, give none. */
export function locksOf(statement: Statement): StatementLock[] {
  const node = statement.tree[statement.kind] as Node
  switch (statement.kind) {
    case 'CreateStmt':
      return [
        ...on(node['relation'], 'ACCESS EXCLUSIVE', 'create table'),
        ...foreignKeysIn(node['tableElts']).flatMap((target) => on(target, 'SHARE ROW EXCLUSIVE', 'a foreign key')),
      ]
    case 'AlterTableStmt':
      return (node['cmds'] as Node[]).flatMap((command) => alterLocks(node['relation'], command['AlterTableCmd'] as Node))
    case 'IndexStmt':
      return node['concurrent'] ? on(node['relation'], 'SHARE UPDATE EXCLUSIVE', 'create index concurrently', true) : on(node['relation'], 'SHARE', 'create index', true)
    case 'CreatePolicyStmt':
      return on(node['table'], 'ACCESS EXCLUSIVE', 'create policy')
    case 'CreateTrigStmt':
      return on(node['relation'], 'SHARE ROW EXCLUSIVE', 'create trigger')
    case 'AlterPublicationStmt':
      return publishedTables(node).flatMap((table) => on(table, 'SHARE UPDATE EXCLUSIVE', 'alter publication'))
    case 'CommentStmt':
      return commentLocks(node)
    default:
      return []
  }
}

/** What others feel while it is held. */
export function feels(mode: LockMode): string {
  if (mode === 'ACCESS EXCLUSIVE') return 'reads and writes wait'
  return mode === 'SHARE UPDATE EXCLUSIVE' ? 'reads and writes go on, VACUUM and other DDL wait' : 'writes wait, reads go on'
}

export function strongest(modes: readonly LockMode[]): LockMode | null {
  return lockModes.findLast((mode) => modes.includes(mode)) ?? null
}

function alterLocks(relation: unknown, command: Node): StatementLock[] {
  const subtype = String(command['subtype'])
  const constraint = (command['def'] as { Constraint?: Node } | undefined)?.Constraint
  if (subtype === 'AT_ValidateConstraint') return on(relation, 'SHARE UPDATE EXCLUSIVE', 'validate constraint', true)
  if (subtype === 'AT_EnableRowSecurity') return on(relation, 'ACCESS EXCLUSIVE', 'enable row level security')
  if (subtype !== 'AT_AddConstraint' || !constraint) return on(relation, 'ACCESS EXCLUSIVE', 'alter table')
  const checksRows = !constraint['skip_validation']
  if (constraint['contype'] === 'CONSTR_FOREIGN')
    return [...on(relation, 'SHARE ROW EXCLUSIVE', 'a foreign key', checksRows), ...on(constraint['pktable'], 'SHARE ROW EXCLUSIVE', 'a foreign key')]
  return on(relation, 'ACCESS EXCLUSIVE', 'add constraint', checksRows && !constraint['indexname'])
}

/** Tables that a `create table` references, by column or by table constraint. */
function foreignKeysIn(elements: unknown): unknown[] {
  const constraints = ((elements ?? []) as Node[]).flatMap((element) => {
    const column = element['ColumnDef'] as { constraints?: Node[] } | undefined
    return column ? (column.constraints ?? []) : [element]
  })
  return constraints.map((item) => item['Constraint'] as Node | undefined).flatMap((item) => (item?.['contype'] === 'CONSTR_FOREIGN' ? [item['pktable']] : []))
}

function publishedTables(node: Node): unknown[] {
  return ((node['pubobjects'] ?? []) as Node[]).map((item) => ((item['PublicationObjSpec'] as Node | undefined)?.['pubtable'] as Node | undefined)?.['relation'])
}

function commentLocks(node: Node): StatementLock[] {
  if (node['objtype'] !== 'OBJECT_TABLE' && node['objtype'] !== 'OBJECT_COLUMN') return []
  const items = ((node['object'] as { List?: { items: { String?: { sval: string } }[] } }).List?.items ?? []).map((item) => item.String?.sval ?? '')
  const [schema, name] = items
  return schema && name ? [{ relation: { schema, name }, mode: 'SHARE UPDATE EXCLUSIVE', scans: false, by: 'comment on' }] : []
}

function on(relation: unknown, mode: LockMode, by: string, scans = false): StatementLock[] {
  const name = relationName(relation)
  return name ? [{ relation: name, mode, scans, by }] : []
}

function relationName(relation: unknown): QualifiedName | null {
  const found = relation as { schemaname?: string; relname?: string } | undefined
  return found?.relname ? { schema: found.schemaname ?? '', name: found.relname } : null
}
