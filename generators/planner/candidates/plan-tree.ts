/** A plan as `explain (verbose, format json)` gives it, as far as it is read here. */

export interface PlanNode {
  'Node Type': string
  'Parent Relationship'?: string
  'Index Name'?: string
  'Relation Name'?: string
  Schema?: string
  Alias?: string
  'Total Cost': number
  'Plan Rows'?: number
  Output?: string[]
  'Sort Key'?: string[]
  'Group Key'?: string[]
  Plans?: PlanNode[]
}

/** Parents first. `above`: the nodes on the way to the root, nearest first. */
export function visitPlan(node: PlanNode, visit: (node: PlanNode, above: readonly PlanNode[]) => void, above: readonly PlanNode[] = []): void {
  visit(node, above)
  for (const child of node.Plans ?? []) visitPlan(child, visit, [node, ...above])
}

const conditionFields = ['Filter', 'Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'Join Filter', 'One-Time Filter', 'TID Cond', 'Order By'] as const

/** Everything that the node compares, as SQL of its own kind. */
export function conditionsOf(node: PlanNode): string[] {
  const fields = node as unknown as Record<string, string | undefined>
  return conditionFields.flatMap((field) => fields[field] ?? [])
}
