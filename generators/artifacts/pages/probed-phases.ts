import type { NumberedPhase } from '../../design/plan.ts'
import type { ArtifactInput } from '../define-artifact.ts'

/** The phases from the one that creates the tables on. Before it nobody can ask for a row of the design. */
export function probedPhases({ phases }: Pick<ArtifactInput, 'phases'>): NumberedPhase[] {
  return phases.slice(Math.max(0, phases.findIndex(({ id }) => id === 'tables')))
}
