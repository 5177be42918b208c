/** What an index adds to the insert of a row. */
import type { FigureKind, InsertCost, InsertFigures } from '../design/insert-figures.ts'
import type { IndexPlan } from '../design/plan.ts'
import { fixedBytes } from './scale/column-width.ts'

/** Measured in tables of 1M rows, one index each, without fsync: for comparison, not for capacity. `plan --calibrate` measures them anew. */
export const shippedFigures: InsertFigures = {
  from: 'shipped with trr-db',
  insert: {
    btree_uuid: { microseconds: 5.8, walBytes: 100 },
    btree_number: { microseconds: 5.8, walBytes: 100 },
    btree_time: { microseconds: 5.8, walBytes: 100 },
    btree_text: { microseconds: 14.2, walBytes: 504 },
    btree_keys: { microseconds: 9, walBytes: 288 },
    btree_text_key: { microseconds: 2, walBytes: 100 },
    btree_include: { microseconds: 9, walBytes: 288 },
    hash: { microseconds: 2.3, walBytes: 179 },
    brin: { microseconds: 0.14, walBytes: 0 },
    gin_jsonb_path: { microseconds: 3.1, walBytes: 264 },
    gin_jsonb: { microseconds: 10.1, walBytes: 333 },
    gin_array: { microseconds: 3.7, walBytes: 205 },
    gin_trigram: { microseconds: 24.5, walBytes: 1285 },
    gist: { microseconds: 20, walBytes: 172 },
  },
}

type PricedIndex = Pick<IndexPlan, 'method' | 'keys' | 'include'>

/** `share`: of the rows that a partial index holds. `types` are those of the keys and of what is included. */
export function insertCost(index: PricedIndex, types: readonly string[], share = 1, figures: InsertFigures = shippedFigures): InsertCost {
  const { insert } = figures
  const texts = types.filter((type) => fixedBytes(type) === null).length
  const kind = figureKind(index, types, texts)
  const more = kind === 'btree_keys' || kind === 'btree_include' ? texts : 0
  const add = (pick: (cost: InsertCost) => number) => (pick(insert[kind]) + more * pick(insert.btree_text_key)) * share
  return { microseconds: add(({ microseconds }) => microseconds), walBytes: Math.round(add(({ walBytes }) => walBytes)) }
}

function figureKind({ method, keys, include }: PricedIndex, types: readonly string[], texts: number): FigureKind {
  const [type = ''] = types
  if (method === 'brin' || method === 'hash') return method
  if (method === 'gist' || method === 'spgist') return 'gist'
  if (method === 'gin') return ginKind(keys[0]?.operatorClass ?? '', type)
  if (include.length > 0) return 'btree_include'
  if (keys.length > 1) return 'btree_keys'
  if (texts > 0) return 'btree_text'
  return type.startsWith('uuid') ? 'btree_uuid' : /^(timestamp|date)/.test(type) ? 'btree_time' : 'btree_number'
}

function ginKind(operatorClass: string, type: string): FigureKind {
  if (operatorClass.includes('trgm')) return 'gin_trigram'
  if (operatorClass === 'jsonb_path_ops') return 'gin_jsonb_path'
  return type === 'jsonb' ? 'gin_jsonb' : 'gin_array'
}
