/** In which forms requests were sent: the same verb may pass in one form and be refused in another. */
import type { AccessEvidence } from '../../design/evidence.ts'
import { codes } from './markdown.ts'

/** Empty when nothing was sent. */
export function requestShapes(access: AccessEvidence): string {
  const { forms, columns } = shapesOf(access)
  if (forms.length === 0) return ''
  return `Forms of the requests: ${forms.join(' · ')}${columns.length > 0 ? ` · writes to the columns that are not for clients (${codes(columns)})` : ''}.`
}

/** `set title, by id` is a write to one column. */
export function shapesOf(access: AccessEvidence): { forms: string[]; columns: string[] } {
  const shapes = access.tables.filter(({ of }) => of === undefined).flatMap((table) => table.cells.flatMap((cell) => cell.shapes)).map(formOf)
  return {
    forms: [...new Set(shapes.filter((shape) => columnIn(shape) === undefined))].toSorted(),
    columns: [...new Set(shapes.flatMap((shape) => columnIn(shape) ?? []))].toSorted(),
  }
}

/** Without what it was narrowed by, and without the names of the columns of a reference. */
function formOf(shape: string): string {
  return shape.replace(/(, (by id|blind|refused|with the right to))+$/, '').replace(/^.* pointing (elsewhere|nowhere)$/, 'a reference pointing $1')
}

function columnIn(shape: string): string | undefined {
  return /^set (.+)$/.exec(shape)?.[1]
}
