/** What the proofs observed. Plain data without clocks and OIDs, so that documents made from it are the same every time. */
import type { Verb } from './spec.ts'

export type ProofId = 'replay' | 'rollback' | 'access' | 'plans' | 'pgtap'

export interface Evidence {
  /** Server that was used, for example `17.10`. */
  server: string
  replay: ReplayEvidence
  rollback: RollbackEvidence
  access: AccessEvidence
  plans: PlansEvidence
  pgtap: PgtapEvidence
}

/** `open`: could not be settled, with the reason. Never counted as proved. */
export interface Verdict {
  status: 'proved' | 'failed' | 'open'
  /** One sentence for each thing that went wrong or stayed open. */
  findings: string[]
}

export interface ReplayEvidence extends Verdict {
  historyFiles: number
  files: string[]
  modes: { mode: 'transaction' | 'pipeline' | 'serial'; outcome: 'applied' | 'failed' }[]
  /** The same files again: an error without effect, or the same catalog. */
  again: { file: string; outcome: 'refused without effect' | 'same catalog' | 'changed the catalog' }[]
  /** Died after each statement, run again. */
  interrupted: { file: string; statements: number; outcome: 'converges' | 'refused without effect' | 'differs' }[]
}

export interface RollbackEvidence extends Verdict {
  /** Lines of the catalog's fingerprint that were compared. */
  compared: number
  downRestores: boolean
  upAgainEquals: boolean
}

export interface AccessEvidence extends Verdict {
  tables: AccessTableEvidence[]
  /** Requests that were sent, denied ones included. */
  probes: number
  /** The default privileges under which all of it was run. */
  worlds: ('legacy' | 'explicit')[]
  /** After which generated files the probes ran: access was never wider than intended. */
  afterFiles: string[]
}

export interface AccessTableEvidence {
  schema: string
  table: string
  identities: { id: string; title: string }[]
  rows: { id: string; title: string }[]
  cells: AccessCell[]
}

/** One identity, one verb, one row: what the spec says and what every request of that kind gave. */
export interface AccessCell {
  identity: string
  verb: Verb
  row: string
  expected: 'allowed' | 'denied'
  observed: 'allowed' | 'denied'
  /** Shapes of the request that were sent: `by id`, `returning`, `blind`, … */
  shapes: string[]
  /** The request that disagreed, ready to run again. */
  witness: string | null
}

export interface PlansEvidence extends Verdict {
  queries: {
    name: string
    as: string
    sql: string
    /** `EXPLAIN (costs off)` as that role. */
    plan: string[]
    /** Indexes that the plan reads, in order. */
    indexes: string[]
    sequentialScans: string[]
    subPlans: number
    /** Rows that were in each table when it was planned. */
    rows: Record<string, number>
  }[]
}

export interface PgtapEvidence extends Verdict {
  file: string
  assertions: number
}

/** True when nothing failed. Open points do not fail; they stay open in the review. */
export function isGreen(evidence: Evidence): boolean {
  return [evidence.replay, evidence.rollback, evidence.access, evidence.plans, evidence.pgtap].every((part) => part.status !== 'failed')
}
