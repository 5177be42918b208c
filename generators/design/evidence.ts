/** What the proofs observed. Plain data without clocks and OIDs, so that documents made from it are the same every time. */
import type { Advice } from './advice.ts'
import type { MutationEvidence } from './mutation-evidence.ts'
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
  /** When it was asked for: whether the access proof notices faults that were made on purpose. */
  mutations?: MutationEvidence
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
  /** Of these, the ones with the rights, policies and functions of the other, line by line: there only requests were sent that notice access which is too wide. */
  shortIn?: ('legacy' | 'explicit')[]
  /** The functions on memberships, where the design has them. */
  acting?: ActingEvidence
  /** Of memberships that were there before the design. */
  promotions?: PromotionEvidence
  /** After which generated files the probes ran: access was never wider than intended. */
  afterFiles: string[]
}

/** Clients who wrote themselves a stronger membership; whatever a policy asks of members, they are. */
export interface PromotionEvidence {
  asked: number
  passed: { says: string; request: string }[]
  /** What could not be asked, and why. */
  open: string[]
}

/** Who got what done with the functions on memberships; what is not listed was refused, as it must be. */
export interface ActingEvidence {
  callers: { caller: string; action: string; asked: number; done: string[]; wrong: string[] }[]
}

export interface AccessTableEvidence {
  schema: string
  table: string
  /** Asked for by background jobs, instead of by people and the service. */
  of?: 'jobs'
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
    /** `EXPLAIN (costs off)` as that role, at the scale of the launch. */
    plan: string[]
    /** Indexes that the plan reads, in order. */
    indexes: string[]
    sequentialScans: string[]
    subPlans: number
    /** Rows that the planner took each table to have. */
    rows: Record<string, number>
    /** At launch, then at the horizon. */
    atScale: PlanAtScale[]
    /** On the way between the two. */
    growth: ({ share: number } & PlanCosts)[]
  }[]
  /** Which statements read each index of the design, keys left out: `query latest`, `foreign key …`, `policies of …`. */
  indexes: IndexAtScale[]
  /** Where another query or column would be cheaper; left out where nothing is. */
  advice?: Advice[]
  /** What the spec does not declare, and was taken as said. */
  assumptions: Assumption[]
}

/** A step of a plan in words; what it works on stands below it, deeper. */
export interface PlanLine {
  depth: number
  does: string
  /** Relations, indexes, keys or values, most telling first. */
  names: string[]
  conditions: { what: string; sql: string }[]
  /** Expected to come out of it, and the cost up to there. */
  rows: number
  cost: number
}

/** `launch`: the rows that the spec declares · `horizon`: those and the growth until then. */
export type ScalePoint = 'launch' | 'horizon'

/** A number: the share of the way from launch to horizon. */
export type ScaleMoment = ScalePoint | number

export interface IndexAtScale {
  name: string
  usedBy: Record<ScalePoint, string[]>
  /** A model's figures. */
  bytes: Record<ScalePoint, number>
}

/** The generic plan of a query in a database that its planner takes for a full one. */
export interface PlanAtScale extends PlanCosts {
  at: ScalePoint
  rows: Record<string, number>
  plan: string[]
  /** Without the indexes that the design adds to its keys. */
  planBefore: string[]
  /** The same two in words. */
  lines: PlanLine[]
  linesBefore: PlanLine[]
  indexes: string[]
  sequentialScans: string[]
  subPlans: number
  /** Of a query that clients ask through a function: the plan that they would get without it, under the policies, and both costs. A tenant that conditions and policies name twice counts once. */
  direct?: { plan: string[]; cost: CostChange }
  /** Planned for values: the middle one of each column, and the commonest where the spec declares a skew. */
  withValues: { values: 'typical' | 'hottest'; indexes: string[]; sequentialScans: string[]; cost: number }[]
}

/** In the planner's units: without the indexes that the design adds to its keys, and with them. */
export interface CostChange {
  before: number
  after: number
}

export interface PlanCosts {
  /** As Postgres says, which multiplies the shares of all conditions. */
  cost: CostChange
  /** What the query and the policies both compare counts once; null where they repeat nothing. */
  once: CostChange | null
  /** The conditions hang together as well, so that a key finds as many rows as its most telling column alone. */
  dense: CostChange
}

/** Something that the spec does not declare and that was taken as said. */
export interface Assumption {
  /** `core.shows`. */
  table: string
  columns: string[]
  says: string
}

export interface PgtapEvidence extends Verdict {
  file: string
  assertions: number
}

/** True when nothing failed. Open points do not fail; they stay open in the review. */
export function isGreen(evidence: Evidence): boolean {
  return [evidence.replay, evidence.rollback, evidence.access, evidence.plans, evidence.pgtap].every((part) => part.status !== 'failed')
}
