/** Only the rows that the statement's constants let through. */
import { type CandidateContext, type IndexCandidate, candidate, orderKey, plainKey } from './candidate.ts'
import type { Comparison } from './comparison.ts'
import { bytesOf } from './covering.ts'
import { scanKeys } from './scan-keys.ts'
import { scaleOfColumn } from '../scale/table-scale.ts'

/** More different constants are a parameter that somebody wrote out: one index by that column serves them all. */
const mostConstants = 2
const fewValues = 100
/** Bytes of what is held beside the keys. */
const mostIncluded = 64

export function partial(context: CandidateContext): IndexCandidate[] {
  const literals = context.scan.comparisons.filter((one) => isState(one, context))
  if (literals.length === 0) return []
  const nulls = literals.filter(({ literal }) => literal?.endsWith(' null'))
  const choices = nulls.length > 0 && nulls.length < literals.length ? [literals, nulls] : [literals]
  return choices.flatMap((chosen) => whereSaid(chosen, context))
}

function whereSaid(literals: readonly Comparison[], context: CandidateContext): IndexCandidate[] {
  const { scan, table } = context
  const said = new Set(literals.map(({ key }) => key.text))
  const { equal, joined, lists, ranges } = scanKeys(context)
  const open = (keys: typeof equal) => keys.filter(({ text }) => !said.has(text))
  const lead = open(equal).map((key) => plainKey(key))
  const tails = [
    ...scan.orders.map((wanted) => wanted.filter(({ key }) => !said.has(key.text) && !equal.some(({ text }) => text === key.text)).map(orderKey)),
    ...open([...ranges, ...lists, ...joined]).map((key) => [plainKey(key)]),
    [],
  ]
  const where = [...new Set(literals.map(({ literal }) => literal))].toSorted().join(' and ')
  const keys = tails.map((tail) => [...lead, ...tail]).filter(({ length }) => length > 0)
  const only = literals[0] && keys.length === 0 ? [[plainKey(literals[0].key)]] : []
  const plain = [...keys, ...only].map((list) => candidate(context, 'partial', list.slice(0, 5), { where }))
  const needed = scan.columns.filter((name) => !said.has(name) && table.columns.some((column) => column.name === name))
  return plain.flatMap((one) => {
    const include = needed.filter((name) => !one.keys.some(({ column }) => column === name)).toSorted()
    return include.length > 0 && scan.columns.length < table.columns.length && bytesOf(include, context) <= mostIncluded ? [one, { ...one, include }] : [one]
  })
}

/** A state of the row: a null, a flag, one value of a few. A range of time moves on, and a predicate does not. */
function isState({ literal, weak, kind, key }: Comparison, { table, constants }: CandidateContext): boolean {
  if (literal === null || weak || key.isExpression || kind === 'range' || kind === 'prefix' || kind === 'special') return false
  const column = table.columns.find(({ name }) => name === key.text)
  if (literal.endsWith(' null')) return column?.nullable ?? false
  if (column?.type === 'boolean') return true
  const distinct = (table.scale ? scaleOfColumn(table.scale, key.text)?.distinct : undefined) ?? Infinity
  return distinct <= fewValues && constants(key.text) <= mostConstants
}
