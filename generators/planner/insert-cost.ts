/** What an index adds to the insert of a row. Measured in tables of 1M rows, one index each, without fsync: for comparison, not for capacity. */
import type { IndexPlan } from '../design/plan.ts'
import { fixedBytes } from './scale/column-width.ts'

export interface InsertCost {
  microseconds: number
  walBytes: number
}

/** `share`: of the rows that a partial index holds. `types` are those of the keys and of what is included. */
export function insertCost(index: Pick<IndexPlan, 'method' | 'keys' | 'include'>, types: readonly string[], share = 1): InsertCost {
  const full = wholeCost(index, types)
  return { microseconds: full.microseconds * share, walBytes: Math.round(full.walBytes * share) }
}

function wholeCost({ method, keys, include }: Pick<IndexPlan, 'method' | 'keys' | 'include'>, types: readonly string[]): InsertCost {
  if (method === 'brin') return { microseconds: 0.14, walBytes: 0 }
  if (method === 'hash') return { microseconds: 2.3, walBytes: 179 }
  if (method === 'gin') return ginCost(keys[0]?.operatorClass ?? '', types[0] ?? '')
  const texts = types.filter((type) => fixedBytes(type) === null).length
  if (keys.length + include.length === 1) return texts > 0 ? { microseconds: 14.2, walBytes: 504 } : { microseconds: 5.8, walBytes: 100 }
  return { microseconds: 9 + 2 * texts, walBytes: 288 + 100 * texts }
}

function ginCost(operatorClass: string, type: string): InsertCost {
  if (operatorClass.includes('trgm')) return { microseconds: 24.5, walBytes: 1285 }
  if (operatorClass === 'jsonb_path_ops') return { microseconds: 3.1, walBytes: 264 }
  return type === 'jsonb' ? { microseconds: 10.1, walBytes: 333 } : { microseconds: 3.7, walBytes: 205 }
}
