/** What came of weakening a design on purpose: the test of its access proof. Plain data. */

export interface MutationEvidence {
  weakening: MutationScore
  /** Faults that take something away from somebody. */
  restricting: MutationScore
  /** Noticed by rights that were read from the catalog, before a request showed them or where another line of defence holds. */
  byCatalog: number
  /** Nobody noticed, not even when every row was asked for by itself. */
  survivors: { fault: string; effect: 'weakening' | 'restricting' }[]
  /** Nobody can notice, and why. */
  equivalent: { fault: string; because: string }[]
  /** The database refuses the fault itself. */
  refused: { fault: string; because: string }[]
  /** Why nothing was tried; null when it was. */
  open: string | null
}

/** Without the equivalent ones and those that the database refused. */
export interface MutationScore {
  total: number
  noticed: number
}
