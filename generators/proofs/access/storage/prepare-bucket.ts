/** The objects of one bucket as a subject of the access proof. */
import type { BucketPlan, Plan } from '../../../design/plan.ts'
import { mayTouch, objectsTable, type ObjectFacts } from '../../../design/object-facts.ts'
import type { TableSpec } from '../../../design/spec.ts'
import { literal } from '../../../sql/literal.ts'
import { seededUuid } from '../../fixtures/seeded.ts'
import { idColumn, plainColumn } from '../../../design/reading/tables/added-columns.ts'
import { isClient } from '../identity.ts'
import type { PreparedSubject } from '../requests.ts'
import type { RowState } from '../runner.ts'
import { type Subject, type SubjectRow, stateQuery } from '../subject.ts'
import type { World } from '../world.ts'
import { type TestObject, otherBucket, storedObjects } from './object-keys.ts'
import { objectProbes } from './object-probes.ts'

export interface PreparedBucket extends PreparedSubject {
  bucket: BucketPlan
  stored: TestObject[]
}

export function prepareBucket(plan: Plan, bucket: BucketPlan, world: World): PreparedBucket {
  const { file } = bucket
  const { tenancy } = plan.spec
  const stored = storedObjects(file, world)
  const keyOf = (object: TestObject) => seededUuid(`object ${file.name} ${object.id}`)
  const rows = stored.map((object): SubjectRow => ({ id: object.id, title: object.title, key: keyOf(object), facts: object.facts, values: { id: keyOf(object) } }))
  const subject: Subject = { plan, table: objectsOf(bucket), label: `objects in ${file.bucket}`, world, rows, drafts: new Map(), changes: { byRow: new Map(), blind: null }, parents: [], moves: new Map(), open: [] }
  return {
    subject, bucket, stored, strangers: [],
    script: [
      `insert into storage.buckets (id, name) values (${literal(file.bucket)}, ${literal(file.bucket)}), (${literal(otherBucket)}, ${literal(otherBucket)}) on conflict do nothing`,
      `insert into storage.objects (id, bucket_id, name, owner_id) values ${stored.map((object) => `(${[keyOf(object), object.bucket, object.name].map(literal).join(', ')}, ${object.owner === null ? 'null' : literal(object.owner)})`).join(', ')}`,
    ].join(';\n'),
    requests: {
      opens: '_storage.sql',
      isThere: async (session) => (await session.query<{ there: boolean }>("select to_regclass('storage.objects') is not null as there")).rows[0]?.there === true,
      ask: async (session, asked, stage) => {
        const { rows: states } = await session.query<RowState & { key: string }>(stateQuery(asked.table))
        const before = new Map(states.map(({ key, ...state }) => [key, state]))
        const isOpen = stage.access === 'open'
        const allows = (verb: Parameters<typeof mayTouch>[0], identity: World['identities'][number], facts: SubjectRow['facts']) => (isOpen || !isClient(identity)) && mayTouch(verb, identity.caller, facts as ObjectFacts, file, tenancy)
        return { context: { subject: asked, before, allows }, probes: objectProbes({ file, tenancy, world: asked.world, stored, rows, before, isOpen }) }
      },
    },
  }
}

/** Enough of the table to know its rows again. */
function objectsOf({ file }: BucketPlan): TableSpec {
  return { ...objectsTable(file), primaryKey: ['id'], ownerColumn: 'owner_id', columns: [idColumn('uuid'), plainColumn('owner_id', 'text', 'owner', { nullable: true })] }
}
