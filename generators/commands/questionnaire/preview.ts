/** What a section led to, shown before the next one begins. */
import type { SpecInput } from '../../design/input.ts'
import { readSpec } from '../../design/read-spec.ts'
import type { SpecContext } from '../../design/read-spec.ts'
import type { Plan } from '../../design/plan.ts'
import { TrrError } from '../../errors.ts'
import { planDesign } from '../../planner/plan-design.ts'
import { estimateTable } from '../../planner/size-model.ts'
import { specText } from '../../questions/spec-text.ts'
import type { Section } from '../../questions/question.ts'
import { previewReads, sizeWords } from '../../terminal/preview/preview-reads.ts'
import { previewAccess, previewRelations, previewTables } from '../../terminal/preview/preview-tables.ts'
import type { Terminal } from '../../terminal/terminal.ts'

type Look = Pick<Terminal, 'style' | 'width'>

/** Empty while the draft does not hold, and after sections that add nothing to look at. */
export async function preview(section: Section['id'], draft: SpecInput, context: SpecContext, look: Look): Promise<string> {
  const plan = await planOf(specText(draft), context)
  if (!plan) return ''
  const part = (title: string, text: string) => (text === '' ? [] : [`${look.style.bold(title)}\n${text}`])
  switch (section) {
    case 'tables':
      return [...part('Tables so far', previewTables(plan, look)), ...part('What they point to', previewRelations(plan, look)), ...part('Who may do what', previewAccess(plan, look))].join('\n')
    case 'queries':
    case 'scale':
      return part('What it costs so far', previewReads(plan, context.catalog, look)).join('\n')
    default:
      return ''
  }
}

/** One line on the size of a table; null while the draft does not hold. */
export async function growthOf(text: string, table: string, context: SpecContext): Promise<string | null> {
  const plan = await planOf(text, context)
  const planned = plan?.tables.find((one) => one.table.name === table)
  return plan && planned ? `${table}: ${sizeWords(estimateTable(plan, planned, context.catalog), plan)}` : null
}

async function planOf(text: string, context: SpecContext): Promise<Plan | null> {
  try {
    return planDesign(await readSpec({ text, file: 'draft' }, context), context.catalog)
  } catch (error) {
    if (error instanceof TrrError) return null
    throw error
  }
}
