/** A plan of the server as lines that people read: what each step does, on what, under which condition, and for how much. */
import type { PlanLine } from '../design/evidence.ts'
import type { FunctionPlan } from '../design/plan.ts'
import { type PlanNode, visitPlan } from './candidates/plan-tree.ts'

type Fields = Record<string, unknown>
type Helpers = readonly Pick<FunctionPlan, 'name' | 'comment'>[]

/** From `explain (verbose, format json)`. Helpers of policies are called what they are. */
export function planLines(root: PlanNode, helpers: Helpers): PlanLine[] {
  const lines: PlanLine[] = []
  const aliases = new Set<string>()
  visitPlan(root, ({ Alias }) => void (Alias !== undefined && aliases.add(Alias)))
  const [only] = aliases
  // With one table in sight its name before every column says nothing.
  const short = (sql: string) => shortened(sql, aliases.size === 1 ? only : undefined)
  visit(root, 0, '')
  return lines

  function visit(node: PlanNode, depth: number, role: string): void {
    const fields = node as unknown as Fields
    const once = subPlanWords(node, fields, helpers)
    // A value that is asked for once needs no step of its own.
    if (once !== null && isPlain(node)) {
      lines.push({ depth, ...once, conditions: [], rows: node['Plan Rows'] ?? 0, cost: node['Total Cost'] })
      return
    }
    if (once !== null) lines.push({ depth, ...once, conditions: [], rows: node['Plan Rows'] ?? 0, cost: node['Total Cost'] })
    const below = once === null ? depth : depth + 1
    const { does, names } = stepWords(node, fields, short)
    lines.push({ depth: below, does: `${role}${does}`, names: names.map(short), conditions: conditionsOf(node, fields, short), rows: node['Plan Rows'] ?? 0, cost: node['Total Cost'] })
    const isLoop = node['Node Type'] === 'Nested Loop'
    for (const child of node.Plans ?? []) visit(child, below + 1, isLoop && child['Parent Relationship'] === 'Inner' ? 'for each of them: ' : '')
  }
}

/** Null for ordinary steps. `InitPlan`: runs once; `SubPlan`: for each row; `CTE`: once, kept. */
function subPlanWords(node: PlanNode, fields: Fields, helpers: Helpers): Pick<PlanLine, 'does' | 'names'> | null {
  const relationship = node['Parent Relationship']
  if (relationship !== 'InitPlan' && relationship !== 'SubPlan') return null
  const label = String(fields['Subplan Name'] ?? relationship)
  if (label.startsWith('CTE ')) return { does: 'once, and kept:', names: [label.slice('CTE '.length)] }
  const output = (deepest(node).Output ?? node.Output ?? []).join(', ')
  const { says, isWhole } = valueWords(output, helpers)
  const sql = isWhole || output === '' ? [] : [output.replaceAll("'::text", "'")]
  return { does: `${label}, ${relationship === 'InitPlan' ? 'once' : 'for each row'}${says === '' ? '' : `: ${says}`}${sql.length > 0 ? ',' : ''}`, names: sql }
}

/** `organisations in which the caller is …`; empty for what has no name. `isWhole`: the SQL says no more. */
function valueWords(output: string, helpers: Helpers): { says: string; isWhole: boolean } {
  if (/\buid\(\)|request\.jwt\.claim\.sub/.test(output)) return { says: 'the caller', isWhole: true }
  if (/\bjwt\(\)|request\.jwt\.claims?'/.test(output)) return { says: "the caller's token", isWhole: true }
  const helper = helpers.find(({ name }) => output.includes(`${name.name}(`))
  const [sentence = ''] = helper?.comment.split(/[.;(]/) ?? []
  return { says: sentence.trim().replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()), isWhole: false }
}

function isPlain(node: PlanNode): boolean {
  return ['Result', 'ProjectSet', 'Function Scan'].includes(node['Node Type']) && (node.Plans ?? []).every((child) => child['Parent Relationship'] === 'Outer' && isPlain(child))
}

/** A step that only passes on has the output of the one below; the helper is called in the topmost. */
function deepest(node: PlanNode): PlanNode {
  const [below] = node.Plans ?? []
  return below && (node.Output ?? []).every((one) => !one.includes('(')) ? deepest(below) : node
}

function stepWords(node: PlanNode, fields: Fields, short: (sql: string) => string): Pick<PlanLine, 'does' | 'names'> {
  const table = node['Relation Name'] === undefined ? [] : [node.Schema === undefined ? node['Relation Name'] : `${node.Schema}.${node['Relation Name']}`]
  const index = node['Index Name'] === undefined ? [] : [node['Index Name']]
  const backwards = fields['Scan Direction'] === 'Backward' ? ', from its end' : ''
  const keys = (field: string) => [((fields[field] as string[] | undefined) ?? []).join(', ')].filter(Boolean)
  const type = node['Node Type']
  switch (type) {
    case 'Seq Scan': return { does: 'reads all of', names: table }
    case 'Index Scan': return { does: `finds rows by index${backwards}`, names: [...index, ...table] }
    case 'Index Only Scan': return { does: `reads the index alone${backwards}`, names: [...index, ...table] }
    case 'Bitmap Index Scan': return { does: 'collects places from the index', names: index }
    case 'Bitmap Heap Scan': return { does: 'fetches the rows at these places, page by page, from', names: table }
    case 'BitmapAnd': return { does: 'keeps places that are in all of', names: [] }
    case 'BitmapOr': return { does: 'puts places together from', names: [] }
    case 'Limit': return { does: 'stops at the limit', names: [] }
    case 'Sort': return { does: 'sorts by', names: keys('Sort Key') }
    case 'Incremental Sort': return { does: `sorts by what is not in order yet (it is by ${keys('Presorted Key').map(short).join('')}):`, names: keys('Sort Key') }
    case 'Nested Loop': case 'Hash Join': case 'Merge Join': return { does: joinWords(type, String(fields['Join Type'] ?? 'Inner')), names: [] }
    case 'Hash': return { does: 'puts into a hash table', names: [] }
    case 'Materialize': return { does: 'keeps for the next round', names: [] }
    case 'Memoize': return { does: 'remembers by', names: [String(fields['Cache Key'] ?? '')].filter(Boolean) }
    case 'Aggregate': return keys('Group Key').length > 0 ? { does: 'groups by', names: keys('Group Key') } : { does: 'computes over all rows', names: [(node.Output ?? []).join(', ')].filter(Boolean) }
    case 'Group': case 'Unique': return { does: 'keeps one of each', names: keys('Group Key') }
    case 'Append': case 'Merge Append': return { does: type === 'Append' ? 'one after the other' : 'merges in order', names: keys('Sort Key') }
    case 'CTE Scan': return { does: 'reads what was kept of', names: [String(fields['CTE Name'] ?? '')] }
    case 'Function Scan': case 'Subquery Scan': return { does: type === 'Function Scan' ? 'calls' : 'reads the query', names: [String(fields['Function Name'] ?? fields['Alias'] ?? '')] }
    case 'WindowAgg': return { does: 'computes over windows', names: [] }
    case 'Result': case 'ProjectSet': return (node.Plans ?? []).length > 0 ? { does: 'passes on', names: [] } : { does: 'computes', names: [(node.Output ?? []).join(', ')].filter(Boolean) }
    case 'ModifyTable': return { does: `${String(fields['Operation'] ?? 'write').toLowerCase()}s in`, names: table }
    default: return { does: type, names: [...index, ...table] }
  }
}

function joinWords(type: string, join: string): string {
  const how = type === 'Nested Loop' ? 'one after the other' : type === 'Hash Join' ? 'by a hash table' : 'in order of both'
  const words: Record<string, string> = { Inner: 'joins', Left: 'joins, and keeps rows without a partner,', Semi: 'keeps rows with a partner,', Anti: 'keeps rows without a partner,' }
  return `${words[join] ?? `joins (${join.toLowerCase()})`} ${how}`
}

const conditionWords = [['Index Cond', 'where'], ['Recheck Cond', 'checked again:'], ['Hash Cond', 'on'], ['Merge Cond', 'on'], ['Join Filter', 'and keeps'], ['One-Time Filter', 'if'], ['Order By', 'nearest first:'], ['Filter', 'and keeps']] as const

function conditionsOf(node: PlanNode, fields: Fields, short: (sql: string) => string): PlanLine['conditions'] {
  return conditionWords.flatMap(([field, what]) => {
    const sql = fields[field]
    if (typeof sql !== 'string' || (field === 'Recheck Cond' && node['Node Type'] === 'Bitmap Heap Scan')) return []
    return [{ what, sql: unwrapped(short(sql)) }]
  })
}

/** Literals without the type that they have anyway. */
function shortened(sql: string, alias: string | undefined): string {
  const plain = sql.replaceAll("'::text", "'")
  return alias === undefined ? plain : plain.replaceAll(new RegExp(`(?<![\\w."'])${alias.replaceAll(/[^\w]/g, '\\$&')}\\.`, 'g'), '')
}

/** Without the brackets around the whole. */
function unwrapped(sql: string): string {
  if (!sql.startsWith('(') || !sql.endsWith(')')) return sql
  let depth = 0
  for (let place = 0; place < sql.length - 1; place += 1) {
    depth += sql[place] === '(' ? 1 : sql[place] === ')' ? -1 : 0
    if (depth === 0) return sql
  }
  return sql.slice(1, -1)
}
