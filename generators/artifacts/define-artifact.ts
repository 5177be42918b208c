import type { Catalog } from '../design/catalog.ts'
import type { SchemaDocsState } from '../design/documented-table.ts'
import type { Evidence } from '../design/evidence.ts'
import type { NumberedPhase, Plan } from '../design/plan.ts'
import type { PlannedFile } from '../design/planned-file.ts'
import type { AccessScenario } from '../design/scenario.ts'

/** What every artifact is made from. */
export interface ArtifactInput {
  plan: Plan
  /** In the order in which they are applied. */
  phases: NumberedPhase[]
  /** Before the design. */
  catalog: Catalog
  /** Path of the spec, for the reader of a generated file. */
  specPath: string
  /** The spec as text, as it lies in the repository. */
  specText: string
}

/** Tests act the access of the spec out, in a world that was tried before. */
export interface TestInput extends ArtifactInput {
  /** Null when people or rows could not be found. */
  scenario: AccessScenario | null
}

/** Documents are made from evidence: they say only what was seen. */
export interface DocumentInput extends ArtifactInput {
  evidence: Evidence
  /** The SQL files that the evidence is about. */
  sql: PlannedFile[]
  /** Where the repository keeps schema docs: its tables without the design and with it. */
  schemaDocs?: SchemaDocsState | null
}

/** Something that is generated. `sql` and `test` artifacts come before the proofs, `document` artifacts after them. */
export type Artifact =
  | { id: string; title: string; stage: 'sql'; render(input: ArtifactInput): Promise<PlannedFile[]> }
  | { id: string; title: string; stage: 'test'; render(input: TestInput): Promise<PlannedFile[]> }
  | { id: string; title: string; stage: 'document'; render(input: DocumentInput): Promise<PlannedFile[]> }

/** Types the object literal of an artifact's file. */
export function defineArtifact<Definition extends Artifact>(definition: Definition): Definition {
  return definition
}
