/** A table or view that is new: who may do what with it. */
import type { AppearedRelation, Difference } from '../../design/access-diff.ts'
import { verbs } from '../../design/spec.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import type { Observation } from '../observe/observe.ts'
import { observe } from '../observe/observe.ts'
import type { ObservedCell } from '../observe/observe-table.ts'
import { keyOf } from '../observe/reach.ts'
import { surroundingsOf } from '../observe/surroundings.ts'
import { refusalOf } from '../proof-error.ts'
import { differenceOf, reached } from './compare-cells.ts'
import { accessWords } from '../../design/access-words.ts'
import type { Side } from './side.ts'

export async function appearedRelation(head: Side, name: QualifiedName, kind: 'table' | 'view'): Promise<AppearedRelation> {
  const object = `${name.schema}.${name.name}`
  const lines = head.state.objects.get(keyOf({ kind: 'table', ...name }))?.lines ?? []
  const found: AppearedRelation = {
    object, kind, may: [], witnesses: [], notes: [],
    rowSecurity: lines.some(({ says, text }) => says === 'row level security, options' && /\brls=t\b/.test(text)),
    publications: lines.flatMap(({ says }) => (says.startsWith('publication ') ? [says.slice('publication '.length)] : [])),
  }
  const observation = await observe(head.session, name, surroundingsOf([head.state], name), { shapes: head.shapes }).catch(refusalOf)
  if (typeof observation === 'string') return { ...found, notes: [`not observed: ${observation}`] }
  const { cells, world } = observation
  found.notes = [...world.open, ...world.notes]
  found.may = world.identities.map(({ title }) => ({ who: title, ...(Object.fromEntries(verbs.map((verb) => [verb, accessWords(cells.filter((cell) => cell.identity === title && cell.verb === verb))])) as Record<(typeof verbs)[number], string>) }))
  for (const verb of verbs) found.witnesses.push(...(await firstOf(head, object, observation, verb)))
  return found
}

/** Of the clients that may, the first; the service passes everything. */
async function firstOf(head: Side, object: string, observation: Observation, verb: ObservedCell['verb']): Promise<Difference[]> {
  const after = observation.cells.find((cell) => cell.verb === verb && cell.as.role !== 'service_role' && reached(cell) > 0)
  if (!after) return []
  const before: ObservedCell = { ...after, outcome: 'error', code: '42P01', message: `relation "${object}" does not exist`, count: 0 }
  return [await differenceOf({ direction: 'gained', pairs: [{ before, after }] }, { base: head, head, object, because: [], observed: { base: observation, head: observation } })]
}
