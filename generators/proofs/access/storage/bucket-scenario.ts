import type { ScenarioPart } from '../../../design/scenario.ts'
import type { Verb } from '../../../design/spec.ts'
import { mayTouch } from '../../../design/object-facts.ts'
import { literal } from '../../../sql/literal.ts'
import type { Identity } from '../identity.ts'
import { newObjects } from './object-keys.ts'
import { insertOf } from './object-probes.ts'
import type { PreparedBucket } from './prepare-bucket.ts'

/** Which objects each caller lists, changes and removes, and which uploads are accepted. */
export function bucketScenario({ bucket, stored, script, subject }: PreparedBucket, tenancy: Parameters<typeof mayTouch>[4]): ScenarioPart {
  const { file } = bucket
  const name = `objects in ${file.bucket}`
  const titled = `join pg_temp.titles on titles.relation = ${literal(name)} and titles.key = target.id::text`
  const listed = (from: string) => `string_agg(${from}.title, ', ' order by ${from}.title collate "C")`
  const reached = (statement: string) => `with reached as (${statement} returning titles.title) select ${listed('reached')} from reached`
  const where = `titles.relation = ${literal(name)} and titles.key = target.id::text`
  const requests = {
    select: `select ${listed('titles')} from storage.objects as target ${titled}`,
    update: reached(`update storage.objects as target set user_metadata = '{}' from pg_temp.titles where ${where}`),
    delete: reached(`delete from storage.objects as target using pg_temp.titles where ${where}`),
  }
  const may = (verb: Verb, identity: Identity, facts: (typeof stored)[number]['facts']) => mayTouch(verb, identity.caller, facts, file, tenancy)
  // A condition on the object reads it, so the rule of SELECT applies to every verb that names objects.
  const reach = (verb: keyof typeof requests, identity: Identity) => stored.filter(({ facts }) => may(verb, identity, facts) && may('select', identity, facts)).map(({ title }) => title).toSorted().join(', ')
  const rows = stored.map(({ id, title }) => `(${literal(name)}, ${literal(subject.rows.find((row) => row.id === id)?.key ?? '')}, ${literal(title)})`)
  return {
    name,
    counts: false,
    seed: [script, "set local storage.allow_delete_query = 'true'", `insert into titles values ${rows.join(', ')}`].join(';\n'),
    requests: Object.entries(requests).map(([verb, sql]) => ({ name: `${name} ${verb}`, sql })),
    expectations: subject.world.identities.flatMap((identity) => [
      ...(['select', 'update', 'delete'] as const).map((verb) => ({ caller: identity.title, request: `${name} ${verb}`, answer: reach(verb, identity), says: `${identity.title}: ${verb} of ${name} reaches exactly these` })),
      ...newObjects(file, subject.world, identity.caller.userId).map((object) => {
        const allowed = may('insert', identity, object.facts)
        return { caller: identity.title, request: insertOf(object), answer: allowed ? 'done' : null, says: `${identity.title}: upload of ${object.title} is ${allowed ? 'accepted' : 'refused'}` }
      }),
    ]),
  }
}
