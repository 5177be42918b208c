import type { ScenarioPart } from '../../../design/scenario.ts'
import { qualified } from '../../../sql/identifier.ts'
import type { PreparedView } from './prepare-view.ts'

/** How many rows of the view each caller gets, by what the spec says. */
export function viewScenario({ view, answers, script, subject }: PreparedView): ScenarioPart {
  const name = `${view.schema}.${view.name}`
  return {
    name,
    counts: true,
    seed: script,
    requests: [{ name: `${name} select`, sql: `select count(*)::text from ${qualified(view)}` }],
    expectations: subject.world.identities.map((identity) => {
      const rows = answers.of.get(identity) ?? null
      return { caller: identity.title, request: `${name} select`, answer: rows === null ? null : String(rows.length), says: `${identity.title}: ${rows === null ? `may not select from ${name}` : `sees ${rows.length} of ${answers.all.length} rows of ${name}`}` }
    }),
  }
}
