/** Which candidates a statement is planned with: those that can matter to it. */
import { type IndexCandidate } from './candidate.ts'
import { sameTable } from './candidates.ts'
import type { Scan } from './scan.ts'

/** Of one scan; those that the statement proposed itself come first. */
const mostOfScan = 36

export function relevantCandidates(statement: string, scans: readonly Scan[], candidates: readonly IndexCandidate[]): number[] {
  const found = new Set<number>()
  for (const scan of scans.filter((one) => one.statement === statement)) {
    const terms = new Set([...scan.comparisons.map(({ key }) => key.text), ...scan.comparisons.flatMap(({ row }) => row.map(({ text }) => text)), ...scan.orders.flatMap((order) => order.map(({ key }) => key.text))])
    const literals = new Set(scan.comparisons.map(({ literal }) => literal))
    const matching = candidates.flatMap((candidate, choice) => (sameTable(candidate.table, scan.table) && mayServe(candidate, scan, terms, literals) ? [choice] : []))
    const own = matching.filter((choice) => candidates[choice]?.statements.includes(statement))
    for (const choice of [...own, ...matching.filter((choice) => !own.includes(choice))].slice(0, mostOfScan)) found.add(choice)
  }
  return [...found].toSorted((a, b) => a - b)
}

function mayServe({ method, keys, include, where, statements }: IndexCandidate, scan: Scan, terms: ReadonlySet<string>, literals: ReadonlySet<string | null>): boolean {
  if (statements.includes(scan.statement)) return true
  if (where !== null && !where.split(' and ').every((part) => literals.has(part))) return false
  const [first] = keys
  if (!first) return false
  if (terms.has(first.column)) return true
  const held = [...keys.map(({ column }) => column), ...include]
  return method === 'btree' && scan.columns.length > 0 && scan.columns.every((column) => held.includes(column))
}
