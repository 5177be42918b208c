/** Claim: these are the requests that one state answers and the other does not. Both are asked; nothing is read out of a policy. */
import type { AccessDiff } from '../../design/access-diff.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { loadParser } from '../../sql/parser.ts'
import { type Observation, observe } from '../observe/observe.ts'
import type { NamedColumns } from '../observe/observe-table.ts'
import { type AccessState, changesBetween, reach } from '../observe/reach.ts'
import { surroundingsOf } from '../observe/surroundings.ts'
import { refusalOf, stopIfAborted } from '../proof-error.ts'
import { appearedRelation } from './appeared.ts'
import { compareCells, differenceOf } from './compare-cells.ts'
import { compareFunctions } from './compare-functions.ts'
import { compareGuards } from './compare-guards.ts'
import { compareRights } from './compare-rights.ts'
import type { Side } from './side.ts'

export type AccessPart = Omit<AccessDiff, 'base' | 'head'>

interface Comparing {
  base: Side
  head: Side
  progress: (says: string) => void
  signal?: AbortSignal
}

export async function compareAccess({ base, head, progress, signal }: Comparing): Promise<AccessPart> {
  await loadParser()
  const found: AccessPart = { compared: { tables: 0, views: 0, functions: 0 }, asked: [], gained: [], lost: [], otherwise: [], appeared: [], gone: [], callable: [], unobserved: [], unchanged: [], notes: [] }
  const relations = relationsOf(base.state, head.state)
  for (const { key, name, kind, there } of relations) {
    stopIfAborted(signal)
    const object = `${name.schema}.${name.name}`
    if (there === 'base') found.gone.push(object)
    if (there === 'head') {
      progress(`asking ${object}`)
      found.appeared.push(await appearedRelation(head, name, kind))
    }
    if (there !== 'both') continue
    found.compared[kind === 'view' ? 'views' : 'tables'] += 1
    const changes = changesBetween(base.state, head.state, new Set([...reach(base.state, [key]), ...reach(head.state, [key])]))
    if (changes.length === 0) continue
    progress(`asking ${object}`)
    found.asked.push(object)
    await compareRelation({ base, head, found }, name, changes)
  }
  const both = new Set(relations.flatMap(({ there, name }) => (there === 'both' ? [`${name.schema}.${name.name}`] : [])))
  const functions = await compareFunctions(base, head)
  for (const { gained, lost } of [await compareGuards(base, head, both), await compareRights(base, head, both), functions]) {
    found.gained.push(...gained)
    found.lost.push(...lost)
  }
  found.callable = functions.callable
  found.unobserved.push(...functions.unobserved)
  found.compared.functions = functions.functions
  const named = new Set([...found.gained, ...found.lost, ...found.otherwise].map(({ object }) => object).concat(found.unobserved.map(({ object }) => object)))
  found.unchanged = found.unchanged.filter(({ object }) => !named.has(object))
  return found
}

interface Relation {
  key: string
  name: QualifiedName
  kind: 'table' | 'view'
  there: 'both' | 'base' | 'head'
}

function relationsOf(base: AccessState, head: AccessState): Relation[] {
  const keys = [...new Set([...base.objects.keys(), ...head.objects.keys()])].filter((key) => key.startsWith('table ')).toSorted()
  return keys.flatMap((key) => {
    const [before, after] = [base.objects.get(key), head.objects.get(key)]
    const object = after ?? before
    if (!object) return []
    const kind = object.kind === 'view' ? 'view' : 'table'
    return [{ key, kind, name: { schema: object.schema, name: object.name }, there: before && after ? 'both' : before ? 'base' : 'head' } satisfies Relation]
  })
}

async function compareRelation({ base, head, found }: { base: Side; head: Side; found: AccessPart }, name: QualifiedName, changes: string[]): Promise<void> {
  const object = `${name.schema}.${name.name}`
  const surroundings = surroundingsOf([base.state, head.state], name)
  const apart = columnsApart(base, head, name)
  const ask = (side: Side): Promise<Observation | string> => observe(side.session, name, surroundings, { apart, shapes: side.shapes }).catch(refusalOf)
  const [before, after] = await Promise.all([ask(base), ask(head)])
  const trouble = [troubleOf(before, 'base'), troubleOf(after, 'head')].filter((one) => one !== null)
  if (typeof before === 'string' || typeof after === 'string' || trouble.length > 0) return void found.unobserved.push({ object, why: trouble.join('; '), changes })
  const oneSided = differing(before, after)
  if (oneSided.length > 0) found.notes.push(`${object}: on one side only, and not compared: ${oneSided.join('; ')}`)
  found.notes.push(...new Set([...before.world.notes, ...after.world.notes]))
  const compared = compareCells(before, after)
  for (const one of compared) found[one.direction].push(await differenceOf(one, { base, head, object, because: changes, observed: { base: before, head: after } }))
  if (compared.length === 0) found.unchanged.push({ object, changes })
}

/** Null when there was a row, or a view with people before it. */
function troubleOf(observation: Observation | string, side: string): string | null {
  if (typeof observation === 'string') return `on the ${side}: ${observation}`
  const { rows, open, identities } = observation.world
  return rows.length > 0 || (identities.length > 0 && open.length === 0) ? (open.length > 0 ? `on the ${side}: ${open.join('; ')}` : null) : `on the ${side}: ${open.join('; ') || 'it reads no table'}`
}

/** Rows that could be made on one side only: the same conditions, but other columns or checks. */
function differing(before: Observation, after: Observation): string[] {
  const titles = ({ world }: Observation) => new Set(world.rows.map(({ title }) => title))
  const [old, now] = [titles(before), titles(after)]
  return [...[...old].filter((title) => !now.has(title)), ...[...now].filter((title) => !old.has(title))]
}

/** Columns that a client may name on one side and not on the other: asked one by one. */
function columnsApart(base: Side, head: Side, { schema, name }: QualifiedName): NamedColumns {
  const held = (side: Side) => [...side.rights.values()].filter((right) => right.kind === 'column' && right.role !== 'service_role' && right.schema === schema && right.name === name).map(({ role, privilege, part }) => JSON.stringify([`${role} ${privilege}`, part]))
  const [before, after] = [new Set(held(base)), new Set(held(head))]
  const apart = new Map<string, string[]>()
  for (const one of [...before, ...after].filter((right) => before.has(right) !== after.has(right))) {
    const [who = '', column = ''] = JSON.parse(one) as [string, string]
    // Where the role had nothing at all, the plain requests tell.
    const hasSome = [before, after].every((rights) => [...rights].some((right) => right.startsWith(`["${who}"`)))
    if (hasSome) apart.set(who, [...(apart.get(who) ?? []), column])
  }
  return apart
}
