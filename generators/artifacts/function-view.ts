import type { FunctionPlan } from '../design/plan.ts'
import { qualified } from '../sql/identifier.ts'

/** A function for a template: its statement, its signature, who may call it. */
export interface FunctionView {
  definition: string
  /** `private.org_ids(text)`. */
  signature: string
  comment: string
  /** `anon, authenticated`, or empty. */
  executableBy: string
}

export function functionView(plan: FunctionPlan): FunctionView {
  return {
    definition: plan.definition,
    signature: `${qualified(plan.name)}(${plan.argumentTypes})`,
    comment: plan.comment,
    executableBy: plan.executableBy.join(', '),
  }
}
