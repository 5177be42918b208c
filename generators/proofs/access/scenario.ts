/** The world of the access proof as a scenario that a test file can act out. Expected values come from the spec's evaluator. */
import { hasDirectDelete } from '../../design/access.ts'
import type { TablePlan } from '../../design/plan.ts'
import type { AccessScenario, ScenarioCaller, ScenarioTable } from '../../design/scenario.ts'
import type { Verb } from '../../design/spec.ts'
import { type Identity, isClient } from './identity.ts'
import { type Prepared, subjectsOf } from './prepare.ts'
import type { Judge } from './misreadings.ts'
import { searchScenario } from './search-scenario.ts'
import { insertAs } from './shapes/insert.ts'
import { bucketScenario } from './storage/bucket-scenario.ts'
import type { Subject, SubjectRow } from './subject.ts'
import { tellingAnswers } from './telling-answers.ts'
import { viewScenario } from './views/view-scenario.ts'

/** Null when people or rows could not be found: then the file asserts rights and shape only. */
export function scenarioOf(prepared: Prepared): AccessScenario | null {
  if (prepared.open.length > 0) return null
  const [first] = subjectsOf(prepared)
  const callers = (first?.subject.world.identities ?? []).map(({ title, caller, claims }) => ({ title, role: caller.role, claims }))
  return { people: prepared.world, schemaRights: prepared.schemaRights, writers: prepared.writers, callers, parts: [...prepared.views.map(viewScenario), ...prepared.buckets.map((bucket) => bucketScenario(bucket, bucket.subject.plan.spec.tenancy)), ...prepared.tables.flatMap(searchScenario)], tables: prepared.tables.map(({ subject, script }) => ({ ...tableOf(subject), seed: script })), ...actingOf(prepared) }
}

/** Those that stand for others of their kind: the file is read by people. */
function actingOf({ acting }: Prepared): Pick<AccessScenario, 'acting'> {
  if (!acting) return {}
  const cases = acting.cases.filter(({ telling }) => telling).map(({ caller, action, title, steps, expected, done }) => ({ caller, action, title, steps: JSON.stringify(steps), answer: expected, done }))
  return { acting: { seed: acting.seed, script: acting.script, cases } }
}

function tableOf(subject: Subject): Omit<ScenarioTable, 'seed'> {
  const plan = subject.plan.tables.find(({ table }) => table === subject.table)
  if (!plan) throw new Error(`${subject.table.name} is not in the plan.`)
  return {
    table: { schema: subject.table.schema, name: subject.table.name },
    rows: subject.rows.map(({ key, title }) => ({ key, title })),
    callers: tellingAnswers(subject, (identity, judge) => callerOf(subject, plan, identity, judge)),
  }
}

function callerOf(subject: Subject, plan: TablePlan, identity: Identity, judge: Judge): ScenarioCaller {
  const { role } = identity.caller
  const holds = (verb: Verb) => plan.grants.some((grant) => grant.role === role && grant.privileges.some((privilege) => privilege.verb === verb))
  // A condition on the row reads it, so the rule of SELECT applies to every verb that names rows.
  const reached = (verb: Verb) => subject.rows.filter(({ facts }) => judge(verb, identity, facts) && judge('select', identity, facts))
  const list = (verb: 'select' | 'update' | 'delete') => (holds(verb) && holds('select') ? titles(reached(verb)) : null)
  return {
    title: identity.title,
    role,
    claims: identity.claims,
    reaches: { select: list('select'), update: list('update'), ...deletes(subject, identity, list('delete')) },
    inserts: (subject.drafts.get(identity) ?? []).map((row) => ({ title: row.title, sql: insertAs(subject, identity, row), allowed: judge('insert', identity, row.facts) })),
  }
}

/** A DELETE that marks gives nothing back to its sender, so the file does not ask for it. */
function deletes({ table }: Subject, identity: Identity, reached: string[] | null): Pick<ScenarioCaller['reaches'], 'delete'> {
  if (table.softDelete === 'on_delete') return {}
  // One request for all rows would end at the guard of the last holders.
  if (table.kind === 'memberships' && !isClient(identity)) return {}
  return { delete: isClient(identity) && !hasDirectDelete(table) ? null : reached }
}

function titles(rows: readonly SubjectRow[]): string[] {
  return rows.map(({ title }) => title).toSorted()
}
