/** The sides of the conditions that guards look at: a row for each. */
import type { TableShape } from '../fixtures/shapes.ts'
import { type RowCondition, plainCondition } from './hints.ts'
import { type Family, isRelevant, singleKeys } from './parents.ts'

export interface Variant {
  says: string
  must: { sql: string; holds: 'true' | 'not true' }[]
  /** What its parent in that table is like. */
  parent?: { at: string; must: { sql: string; holds: 'true' | 'not true' }[] }
}

const most = { own: 4, ofParent: 2 }

/** All conditions true, each alone true, each alone not: a policy that gains or loses one of them answers differently for one of the rows. */
export function variantsOf(family: Family, shape: TableShape, fixed: readonly string[]): Variant[] {
  const own = conditionsOf(family, shape, fixed).slice(0, most.own)
  const sides = distinct([own.map(() => true), ...own.flatMap((_one, place) => [own.map((_other, at) => at === place), own.map((_other, at) => at !== place)])]).filter((side) => side.length > 0)
  const mixes = sides.map((side): Variant => {
    const terms = own.map((condition, place) => ({ condition, holds: side[place] === true }))
    return { says: terms.map(sayOf).join(' and '), must: terms.map(mustOf) }
  })
  const allTrue = own.map((condition) => mustOf({ condition, holds: true }))
  const parents = singleKeys(shape).flatMap(({ references }) => {
    const parent = family.making.fixtures.shape(references)
    if (!isRelevant(family, parent)) return []
    return conditionsOf(family, parent, []).slice(0, most.ofParent).flatMap((condition) =>
      [true, false].map((holds): Variant => ({ says: `${references.schema}.${references.name} has ${sayOf({ condition, holds })}`, must: allTrue, parent: { at: `${references.schema}.${references.name}`, must: [mustOf({ condition, holds })] } })),
    )
  })
  return [...mixes, ...parents]
}

/** Keys say whose a row is, not what it is like. */
function conditionsOf({ hints }: Family, shape: TableShape, fixed: readonly string[]): RowCondition[] {
  const keys = new Set([...fixed, ...shape.primaryKey, ...shape.foreignKeys.flatMap(({ columns }) => columns)])
  return hints.conditions.filter(({ column }) => !keys.has(column) && shape.columns.some(({ name }) => name === column))
}

interface Term {
  condition: RowCondition
  holds: boolean
}

function sayOf({ condition, holds }: Term): string {
  const says = plainCondition(condition.sql)
  return holds ? says : `not ${/\s/.test(says) ? `(${says})` : says}`
}

function mustOf({ condition, holds }: Term): { sql: string; holds: 'true' | 'not true' } {
  return { sql: condition.sql, holds: holds ? 'true' : 'not true' }
}

function distinct(sides: readonly boolean[][]): boolean[][] {
  return sides.filter((side, place) => sides.findIndex((other) => other.join() === side.join()) === place)
}
