/** What every generated SQL file begins with. */
import type { NumberedPhase } from '../design/plan.ts'
import type { ArtifactInput } from './define-artifact.ts'

export interface SqlHead {
  /** `-- show_submissions, file 2 of 3: policies, helpers, grants.` */
  title: string
  specPath: string
}

export function sqlHead(input: ArtifactInput, phase: NumberedPhase, what: string): SqlHead {
  const place = input.phases.findIndex((one) => one.id === phase.id) + 1
  return { title: `${input.plan.spec.design}, file ${place} of ${input.phases.length}: ${what}`, specPath: input.specPath }
}

/** The phase of that id. Throws when the plan has none: a bug. */
export function phaseOf(input: ArtifactInput, id: string): NumberedPhase {
  const phase = input.phases.find((candidate) => candidate.id === id)
  if (!phase) throw new Error(`No phase ${id}.`)
  return phase
}
