/** What the storage server asks of `storage.objects` for a caller: list, upload, overwrite, move, remove. */
import { type StoredObject, mayTouch, objectFacts } from '../../../design/object-facts.ts'
import { type FileSpec, type Tenancy, type Verb } from '../../../design/spec.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import { literal, literalList } from '../../../sql/literal.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, effects, lacksRight, oneOfEach, perRow, refused } from '../probe.ts'
import type { Outcome, RowState } from '../runner.ts'
import type { SubjectRow } from '../subject.ts'
import { type TestObject, foldersOf, newObjects, otherBucket } from './object-keys.ts'
import type { World } from '../world.ts'

export interface ObjectsContext {
  file: FileSpec
  tenancy: Tenancy
  world: World
  stored: TestObject[]
  rows: SubjectRow[]
  before: ReadonlyMap<string, RowState>
  /** Clients get something at this moment of the rollout. */
  isOpen: boolean
}

const table = 'storage.objects'
const overwrites: readonly Verb[] = ['insert', 'select', 'update']
/** The storage server says so for its own statements. */
const removal = "set local storage.allow_delete_query = 'true'"

export function objectProbes(context: ObjectsContext): Probe[] {
  return context.world.identities.flatMap((identity) => [...stored(context, identity), ...uploads(context, identity), ...moves(context, identity), ...blindMoves(context, identity)])
}

export function allowsObject({ file, tenancy, isOpen }: Pick<ObjectsContext, 'file' | 'tenancy' | 'isOpen'>, verb: Verb, identity: Identity, { facts }: Pick<TestObject, 'facts'>): boolean {
  return (isOpen || !isClient(identity)) && mayTouch(verb, identity.caller, facts, file, tenancy)
}

function stored(context: ObjectsContext, identity: Identity): Probe[] {
  const { rows, before } = context
  const may = (verb: Verb) => (row: SubjectRow) => allowsObject(context, verb, identity, objectOf(context, row))
  const judge = (outcome: Outcome, verb: 'update' | 'delete', also: Verb[]): Judgement[] => {
    const { changed, removed } = effects(outcome, before)
    const judgements = perRow(rows, outcome, identity, (row) => [verb, ...also].every((one) => may(one)(row)), ({ key }) => changed.has(key) || removed.has(key))
    return [...judgements, ...told(identity, outcome, judgements)]
  }
  const all = (verb: 'update' | 'delete', shape: string, sql: string, also: Verb[] = []): Probe => ({ identity, verb, shape, sql, keys: null, readsState: 'affected', judge: (outcome) => judge(outcome, verb, also), ...(verb === 'delete' ? { setup: removal } : {}) })
  return [
    { identity, verb: 'select', shape: 'all rows', sql: `select * from ${table}`, keys: ['id'], readsState: 'never', judge: (outcome) => perRow(rows, outcome, identity, may('select'), ({ key }) => outcome.keys.includes(key)) },
    all('update', 'blind', `update ${table} set user_metadata = '{}'`),
    all('update', 'where', `update ${table} set user_metadata = '{}' where name is not null`, ['select']),
    all('delete', 'blind', `delete from ${table}`),
    all('delete', 'where', `delete from ${table} where name is not null`, ['select']),
  ]
}

/** A plain upload, and one that takes the place of what is there: that reads and changes as well. */
function uploads(context: ObjectsContext, identity: Identity): Probe[] {
  const { file, world, stored: present } = context
  const upsert = 'on conflict (bucket_id, name) do update set user_metadata = excluded.user_metadata'
  const probe = (shape: string, object: TestObject, sql: string, verbs: readonly Verb[], key?: TestObject): Probe => ({
    identity, verb: 'insert', shape, sql, keys: null, readsState: 'never',
    judge: (outcome) => [judged(identity, outcome, { id: key?.id ?? object.id, title: key?.title ?? object.title }, verbs.every((verb) => allowsObject(context, verb, identity, object)))],
  })
  const all = newObjects(file, world, identity.caller.userId)
  const speaks = all.some((object) => allowsObject(context, 'insert', identity, object))
  // Who uploads nowhere is asked little: a key in each folder.
  const keys = speaks ? all : all.filter(({ id }) => id.startsWith('new:of') || id.startsWith('new:in'))
  return [
    ...keys.map((object) => probe('plain', object, insertOf(object), ['insert'])),
    ...keys.filter(({ id }) => speaks && (id.startsWith('new:of') || id.startsWith('new:in'))).map((object) => probe('upsert, nothing there', object, `${insertOf(object)} ${upsert}`, ['insert', 'select'])),
    ...oneOfEach(present.filter(({ facts }) => facts.inBucket), (object) => overwrites.map((verb) => allowsObject(context, verb, identity, object)).join()).map((object) => probe('upsert', object, `${insertOf(object)} ${upsert}`, overwrites, { ...object, id: `upsert:${object.id}`, title: `upload in the place of ${object.title}` })),
  ]
}

/** A key is a column like any other: the new one must be the caller's as well. */
function moves(context: ObjectsContext, identity: Identity): Probe[] {
  const { stored: present, file, world } = context
  const mine = present.find((object) => allowsObject(context, 'update', identity, object) && allowsObject(context, 'select', identity, object))
  if (!mine || !isClient(identity)) return []
  const targets = [...newObjects(file, world, mine.owner), { ...mine, id: 'move:bucket', title: 'the same key in another bucket', bucket: otherBucket }]
  return targets.map((target): Probe => {
    const object: StoredObject = { bucket: target.bucket, name: target.name, owner: mine.owner }
    const facts = objectFacts(object, file, new Set(world.tenants.filter(({ deleted }) => deleted).map(({ key }) => key)))
    const expected = allowsObject(context, 'update', identity, { facts }) && allowsObject(context, 'select', identity, { facts })
    const row = { id: target.id.replace('new:', 'move:'), title: target.title.replace('new object', 'an object moved') }
    return {
      identity, verb: 'update', shape: 'move', keys: null, readsState: 'never',
      sql: `update ${table} set bucket_id = ${literal(target.bucket)}, name = ${literal(target.name.replace(/[^/]*$/, 'moved.bin'))} where bucket_id = ${literal(mine.bucket)} and name = ${literal(mine.name)}`,
      judge: (outcome) => [judged(identity, outcome, row, expected, outcome.count > 0)],
    }
  })
}

/** Without a condition nothing is read, so nothing but the rule of UPDATE stands between the caller and each object. Those of the design's other buckets have rules of their own. */
function blindMoves(context: ObjectsContext, identity: Identity): Probe[] {
  const { stored: present, file, world } = context
  if (!isClient(identity)) return []
  const deleted = new Set(world.tenants.filter((tenant) => tenant.deleted).map(({ key }) => key))
  const reached = present.filter((object) => allowsObject(context, 'update', identity, object))
  const move = (id: string, title: string, set: string, becomes: (object: TestObject) => StoredObject): Probe => {
    const expected = reached.length > 0 && reached.every((object) => allowsObject(context, 'update', identity, { facts: objectFacts(becomes(object), file, deleted) }))
    return { identity, verb: 'update', shape: 'move, blind', sql: `update ${table} set ${set}`, setup: `${removal}; delete from ${table} where bucket_id not in (${literalList([file.bucket, otherBucket])})`, keys: null, readsState: 'never', judge: (outcome) => [judged(identity, outcome, { id: `blind:${id}`, title }, expected, outcome.count > 0)] }
  }
  const somebody = seededUuid('nobody at all')
  return [
    move('bucket', 'every object moved into another bucket', `bucket_id = ${literal(otherBucket)}`, (object) => ({ ...object, bucket: otherBucket })),
    move('owner', 'every object given to somebody else', `owner_id = ${literal(somebody)}`, (object) => ({ ...object, owner: somebody })),
    ...(reached.length > 0 ? foldersOf(file, world) : []).map(({ id, title, folder }) => move(id, `every object moved into ${title}`, `name = ${literal(`${folder}/`)} || gen_random_uuid()::text`, (object) => ({ ...object, name: `${folder}/moved` }))),
  ]
}

/** Objects out of reach are as if they were not there: an error instead of nothing tells that USING let some pass. */
function told(identity: Identity, outcome: Outcome, judgements: readonly Judgement[]): Judgement[] {
  const [first] = judgements
  if (!first || outcome.code !== refused || lacksRight(outcome) || judgements.some(({ expected }) => expected)) return []
  return [{ row: first.row, expected: false, observed: false, complaint: `USING lets ${identity.title} reach objects that only WITH CHECK refuses` }]
}

function judged(identity: Identity, outcome: Outcome, row: { id: string; title: string }, expected: boolean, observed = outcome.code === null): Judgement {
  const complaint = brokenBy(outcome, identity)
  return { row, expected, observed, ...(complaint === undefined ? {} : { complaint }) }
}

export function insertOf({ bucket, name, owner }: StoredObject): string {
  return `insert into ${table} (bucket_id, name, owner_id) values (${literal(bucket)}, ${literal(name)}, ${owner === null ? 'null' : literal(owner)})`
}

function objectOf({ stored: present }: ObjectsContext, row: SubjectRow): TestObject {
  const object = present.find(({ id }) => id === row.id)
  if (!object) throw new Error(`No object ${row.id}`)
  return object
}
