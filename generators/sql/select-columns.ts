/** What a select gives and where it comes from: its columns by name, and the tables of its plain `from … join …`. */
import { ident } from './identifier.ts'
import type { Node } from './parser.ts'

export interface SelectColumn {
  /** Null when Postgres would have to make one up. */
  name: string | null
  /** The column that it shows as it is: the qualifier as written, or null. */
  source: { alias: string | null; column: string } | null
  /** The type that it is cast to, as written. */
  cast: string | null
}

export interface SelectSource {
  alias: string
  schema: string | null
  name: string
}

/** Of the first part, where several are joined by UNION: it names the columns. */
export function selectColumns(select: Node): SelectColumn[] {
  const first = firstPart(select)
  return (first.targetList ?? []).map(({ ResTarget: { name, val } }) => {
    const reference = fieldsOf(val)
    const cast = val?.['TypeCast'] as { typeName: TypeName } | undefined
    return {
      name: name ?? reference?.at(-1) ?? null,
      source: reference ? { alias: reference.length > 1 ? (reference.at(-2) ?? null) : null, column: reference.at(-1) ?? '' } : null,
      cast: cast ? typeText(cast.typeName) : isCount(val) ? 'bigint' : null,
    }
  })
}

/** Sub-selects are not looked into. Of a UNION none: its columns come from several. */
export function selectSources(select: Node): SelectSource[] {
  const { fromClause = [], larg } = select as SelectStmt
  return larg ? [] : fromClause.flatMap(relations)
}

interface SelectStmt extends Node {
  targetList?: { ResTarget: { val?: Node; name?: string } }[]
  fromClause?: Node[]
  larg?: Node
}

function firstPart(select: Node): SelectStmt {
  const { larg } = select as SelectStmt
  return larg ? firstPart(larg) : (select as SelectStmt)
}

function relations(item: Node): SelectSource[] {
  const range = item['RangeVar'] as { schemaname?: string; relname: string; alias?: { aliasname: string } } | undefined
  if (range) return [{ alias: range.alias?.aliasname ?? range.relname, schema: range.schemaname ?? null, name: range.relname }]
  const join = item['JoinExpr'] as { larg: Node; rarg: Node } | undefined
  return join ? [...relations(join.larg), ...relations(join.rarg)] : []
}

function fieldsOf(node: Node | undefined): string[] | null {
  const fields = (node?.['ColumnRef'] as { fields: { String?: { sval: string } }[] } | undefined)?.fields
  return fields ? fields.map((field) => field.String?.sval ?? '*') : null
}

function isCount(node: Node | undefined): boolean {
  const names = (node?.['FuncCall'] as { funcname: { String: { sval: string } }[] } | undefined)?.funcname
  return names?.at(-1)?.String.sval === 'count'
}

interface TypeName {
  names: { String: { sval: string } }[]
  arrayBounds?: unknown[]
}

/** Names of types in the tree are internal (`int8`), and read back the same. */
function typeText({ names, arrayBounds }: TypeName): string {
  const parts = names.map((part) => part.String.sval).filter((part) => part !== 'pg_catalog')
  return `${parts.map(ident).join('.')}${arrayBounds ? '[]' : ''}`
}
