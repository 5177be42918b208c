/** Views of the design: who may select, what they show, and what was seen through them. */
import type { AccessEvidence, AccessTableEvidence } from '../../design/evidence.ts'
import type { Plan, ViewPlan } from '../../design/plan.ts'
import { nameOf } from '../../planner/table-indexes.ts'
import type { Claim } from './claim.ts'
import { code, codes, counted, fence, listed, prose, table } from './markdown.ts'

export interface ViewSection {
  name: string
  about: string
  says: string
  observed: string
  writes: string
  definition: string
}

export function viewSections({ views }: Plan, access: AccessEvidence): ViewSection[] {
  return views.map((planned) => {
    const { view, definition } = planned
    const seen = access.tables.find((one) => one.schema === view.schema && one.table === view.name)
    return {
      name: nameOf(view),
      about: prose(view.about),
      says: viewInWords(planned),
      observed: seen ? observedRows(seen) : 'Not observed.',
      writes: seen ? observedWrites(seen) : '',
      definition: fence('sql definition', `${definition};`),
    }
  })
}

/** Also on the page with the tables. */
export function viewInWords({ view }: ViewPlan): string {
  const rows = view.where === null ? '' : ` where ${code(view.where)}`
  const what = view.table === null ? `Reads ${codes(view.reads.map(nameOf))}` : `Shows ${codes(view.columns.map((column) => column.name))} of ${code(nameOf(view.table))}${rows}`
  return `${what}, as the caller: rights and policies of what it reads hold for whoever asks. ${codes(view.roles)} may select; nobody writes through it.`
}

function observedRows({ identities, cells }: AccessTableEvidence): string {
  const reads = cells.filter((cell) => cell.verb === 'select')
  const rows = identities.map(({ id, title }) => {
    const own = reads.filter((cell) => cell.identity === id)
    const wrong = own.find((cell) => cell.expected !== cell.observed || cell.witness !== null)
    const saw = own.some((cell) => cell.row === 'seen' && cell.observed === 'allowed')
    return [prose(title), wrong ? `✗ not as the spec says${wrong.witness === null ? '' : `: ${code(wrong.witness)}`}` : saw ? '✓ the rows that they may see, and no other' : '–']
  })
  return table(['who', 'sees'], rows)
}

function observedWrites({ identities, cells }: AccessTableEvidence): string {
  const writes = cells.filter((cell) => cell.verb !== 'select')
  const through = writes.filter((cell) => cell.observed === 'allowed' || cell.witness !== null)
  if (writes.length === 0) return 'No write was tried.'
  if (through.length > 0) return `**Not refused:** ${listed(through.map((cell) => `${cell.verb} by ${prose(identities.find(({ id }) => id === cell.identity)?.title ?? cell.identity)}`))}.`
  return '`insert`, `update`, `delete` and `for update` through the view were refused for every one of them.'
}

/** For the checklist of row level security. */
export function viewClaim({ views }: Plan, access: AccessEvidence): Claim {
  const title = 'Views read with the rights of their caller'
  const missing = views.filter(({ view }) => !access.tables.some((one) => one.schema === view.schema && one.table === view.name))
  if (missing.length > 0) return { title, state: 'open', because: [`Not asked: ${codes(missing.map(({ view }) => nameOf(view)))}.`] }
  return { title, state: access.status, because: [`\`security_invoker\` was read back from the catalog for ${counted(views.length, 'view')} after each file, and every caller got the rows that the view's text gives over the rows which the spec lets them see.`] }
}
