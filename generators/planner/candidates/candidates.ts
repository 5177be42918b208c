/** From what statements ask of tables to the indexes that are tried: each once, in an order that never changes. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { type CandidateContext, type CandidateTable, type IndexCandidate, identityOf } from './candidate.ts'
import { bytesOf } from './covering.ts'
import { candidateRules } from './rules.ts'
import type { Scan } from './scan.ts'

/** A scan gets so many of its own, a table so many altogether. */
export const mostOfScan = 28
export const mostOfTable = 72

export interface CandidateSource {
  scans: readonly Scan[]
  tables: readonly CandidateTable[]
  /** Schema and name of each extension are of no interest; that it is there is. */
  extensions: ReadonlySet<string>
  /** What other rules want, first of all. */
  wanted?: readonly IndexCandidate[]
  /** What is there anyway: the same is not proposed again. */
  existing: ReadonlySet<string>
}

export function candidatesOf({ scans, tables, extensions, wanted = [], existing }: CandidateSource): IndexCandidate[] {
  const found = new Map<string, IndexCandidate>()
  const add = (one: IndexCandidate) => {
    const identity = identityOf(one)
    const known = found.get(identity)
    if (known) known.statements.push(...one.statements.filter((statement) => !known.statements.includes(statement)))
    else if (!existing.has(identity) && canExist(one)) found.set(identity, { ...one, statements: [...one.statements] })
  }
  for (const one of wanted) add(one)
  for (const scan of scans) {
    const table = tables.find((one) => sameTable(one, scan.table))
    if (!table) continue
    for (const one of ofScan({ table, scan, extensions, ...frequencies(scans, scan.table) })) add(one)
  }
  for (const table of tables) for (const one of merged([...found.values()].filter((one) => sameTable(one.table, table)), table)) add(one)
  return tables.flatMap((table) => mostWanted([...found.values()].filter((one) => sameTable(one.table, table)), wanted.length))
}

function ofScan(context: CandidateContext): IndexCandidate[] {
  const all = candidateRules.flatMap((rule) => rule(context)).filter((one) => one.keys.length > 0)
  const distinct = [...new Map(all.map((one) => [identityOf(one), one])).values()]
  if (distinct.length <= mostOfScan) return distinct
  // Of each kind in turn, so that no kind crowds the others out.
  const kinds = [...new Set(distinct.map(({ rule }) => rule))].map((rule) => distinct.filter((one) => one.rule === rule))
  const turns = Array.from({ length: Math.max(...kinds.map(({ length }) => length)) }, (_turn, place) => kinds.flatMap((kind) => kind[place] ?? []))
  return turns.flat().slice(0, mostOfScan)
}

function frequencies(scans: readonly Scan[], table: QualifiedName): Pick<CandidateContext, 'shared' | 'constants'> {
  const own = scans.filter((scan) => sameTable(scan.table, table)).flatMap(({ comparisons }) => comparisons)
  return {
    shared: (column) => own.filter((one) => one.kind === 'equal' && one.key.text === column).length,
    constants: (column) => new Set(own.filter((one) => one.key.text === column && one.literal !== null && !one.literal.endsWith(' null')).map(({ literal }) => literal)).size,
  }
}

/** One for several: the columns of two that have the same keys, or keys that begin alike. */
function merged(own: readonly IndexCandidate[], table: CandidateTable): IndexCandidate[] {
  const holders = own.filter(({ method, include, where }) => method === 'btree' && where === null && include.length > 0)
  return holders.flatMap((left, place) =>
    holders.slice(place + 1).flatMap((right) => {
      const [long, short] = left.keys.length >= right.keys.length ? [left, right] : [right, left]
      if (!short.keys.every((key, at) => JSON.stringify(key) === JSON.stringify(long.keys[at]))) return []
      const keys = new Set(long.keys.map(({ column }) => column))
      const include = [...new Set([...long.include, ...short.include, ...short.keys.map(({ column }) => column)])].filter((column) => !keys.has(column)).toSorted()
      if (include.length > 12 || bytesOf([...keys, ...include], { table }) > 160) return []
      return [{ ...long, include, rule: 'merged', statements: [...new Set([...left.statements, ...right.statements])] }]
    }),
  )
}

/** Those of most statements; among equals the narrower. */
function mostWanted(own: readonly IndexCandidate[], _wanted: number): IndexCandidate[] {
  if (own.length <= mostOfTable) return [...own]
  const ranked = own.map((one, place) => ({ one, place })).toSorted((a, b) => b.one.statements.length - a.one.statements.length || a.one.keys.length + a.one.include.length - (b.one.keys.length + b.one.include.length) || a.place - b.place)
  const kept = new Set(ranked.slice(0, mostOfTable).map(({ one }) => one))
  return own.filter((one) => kept.has(one))
}

/** A btree entry fits a third of a page, and no more than 32 columns; expressions of parameters are none. */
function canExist({ keys, include }: IndexCandidate): boolean {
  return keys.length > 0 && keys.length + include.length <= 32 && !keys.some(({ column, expression }) => expression && column.includes('$'))
}

export function sameTable(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
