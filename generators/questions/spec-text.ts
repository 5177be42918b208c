/** A draft as the text of a spec, ready to be edited by hand. */
import { formatSpec } from '../design/edit-spec.ts'
import type { SpecInput } from '../design/input.ts'

/** The same draft gives the same text. What says nothing is left out. */
export function specText(draft: SpecInput): string {
  const { tenancy, queries, ...rest } = draft
  const answered: SpecInput = {
    ...rest,
    ...(tenancy && tenancy.model !== 'none' ? { tenancy } : {}),
    ...(queries && Object.keys(queries).length > 0 ? { queries } : {}),
  }
  return `# Change it by hand, then run: npx trr-db generate ${draft.design}\n${formatSpec(answered)}`
}
