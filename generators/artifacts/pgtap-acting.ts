/** The functions on memberships in the pgTAP file: who got what done, one assertion for each caller and function. */
import { type MembershipAction, actionFunction, actionsOf } from '../design/membership-actions.ts'
import type { ScenarioActing } from '../design/scenario.ts'
import type { Tenancy } from '../design/spec.ts'
import { qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'

export interface ActingView {
  seed: string
  script: string[]
  /** `(1, 'joins A', '…', '…')`: the assertion that it belongs to, what is tried, its steps, the answer. */
  cases: string[]
  /** `(1, 'an editor of A: …')` */
  assertions: string[]
}

/** Null where the design has no such functions. */
export function actingView(acting: ScenarioActing | undefined, tenancy: Tenancy): ActingView | null {
  if (!acting || tenancy.model !== 'organization') return null
  const groups = [...new Set(acting.cases.map(groupOf))]
  const title = (group: string) => {
    const cases = acting.cases.filter((one) => groupOf(one) === group)
    const [first] = cases
    if (!first) return ''
    const done = cases.filter((one) => one.done).length
    const known = actionsOf(tenancy).find((action) => action === first.action) as MembershipAction | undefined
    const what = known ? qualified(actionFunction(known, tenancy)) : first.action
    return `${first.caller}, ${what}: ${done === 0 ? 'gets nothing done' : done === cases.length ? 'does what is listed, and nothing besides' : `gets ${done} of ${cases.length} done`}`
  }
  return {
    seed: acting.seed,
    script: acting.script,
    cases: acting.cases.map((one) => `(${groups.indexOf(groupOf(one)) + 1}, ${[one.title, one.steps, one.answer].map((text) => literal(text)).join(', ')})`),
    assertions: groups.map((group, place) => `(${place + 1}, ${literal(title(group))})`),
  }
}

function groupOf({ caller, action }: ScenarioActing['cases'][number]): string {
  return `${caller}\n${action}`
}
