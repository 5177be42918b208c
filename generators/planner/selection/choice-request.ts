/** What is asked of the selection, and its answer. */
import type { Observation } from './knowledge.ts'
import type { Choice, Selection, SelectionProblem } from './problem.ts'

export interface ChoiceStatement {
  id: string
  weight: number
  isFelt: boolean
  relevant: readonly Choice[]
  /** Tables of its plan: many make planning slow, so fewer plans are asked for. */
  tables: number
}

export interface ChoiceRequest extends Omit<SelectionProblem, 'statements'> {
  statements: readonly ChoiceStatement[]
  /** The server's plan of a statement, by its place, with only these candidates in sight. `lanes` of them at a time. */
  observe(statement: number, visible: readonly Choice[], isGlance?: boolean): Promise<Observation>
  lanes: number
  /** 1 for one key, 2 for two, 3 for more or for some rows only, 4 with columns beside. */
  widthOf(choice: Choice): number
  /** So much dearer the choice may become when it needs less room; nothing where there is a budget. */
  slack: number
  /** What makes no felt statement so much dearer by its absence is no index: a share of its cost. */
  leastGain: number
}

export interface Chosen {
  selection: Selection
  /** With all costs that were seen. */
  problem: SelectionProblem
  /** Plans that the server was asked for. */
  asked: number
}
