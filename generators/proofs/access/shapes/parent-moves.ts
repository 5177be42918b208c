import { ident, qualified } from '../../../sql/identifier.ts'
import { type Probe, effects, perRow } from '../probe.ts'
import { keyCondition, valueOf } from '../subject.ts'
import type { ShapeContext } from './context.ts'

/** An UPDATE of the column that names the parent: a row may go only where the caller may have it. */
export function parentMoveProbes(context: ShapeContext): Probe[] {
  const { table, moves } = context.subject
  const via = table.access.via?.column ?? ''
  return [...moves].flatMap(([identity, list]) =>
    list.map(({ row, parent, becomes }): Probe => ({
      identity, verb: 'update', shape: `to another ${via}`, keys: null, readsState: 'affected',
      sql: `update ${qualified(table)} set ${ident(via)} = ${valueOf(table, via, parent.given[via] ?? null)} where ${keyCondition(context.subject, row)}`,
      judge: (outcome) => {
        const isAllowed = [row.facts, becomes].every((facts) => context.allows('update', identity, facts) && context.allows('select', identity, facts))
        const [judgement] = perRow([row], outcome, identity, () => isAllowed, () => effects(outcome, context.before).changed.has(row.key))
        if (!judgement || judgement.expected === judgement.observed) return judgement ? [judgement] : []
        const { expected, observed } = judgement
        return [{ ...judgement, complaint: `${identity.title} ${observed ? 'can' : 'cannot'} move ${row.title} of ${table.schema}.${table.name} below ${parent.title}, which the spec ${expected ? 'allows' : 'does not allow'}` }]
      },
    })),
  )
}
