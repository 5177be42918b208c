/** The columns of a table as they would be typed. */
import type { TableInput } from '../design/input.ts'

export function columnLine({ columns }: TableInput): string {
  return Object.entries(columns)
    .map(([name, column]) => {
      if (typeof column === 'string') return `${name}:${column}`
      const type = column.references ?? column.one_of?.join('|') ?? column.type
      const fallback = typeof column.default === 'object' && column.default !== null ? String(column.default.sql) : column.default
      return `${name}:${type}${column.nullable ? ':nullable' : ''}${column.unique ? ':unique' : ''}${fallback === undefined ? '' : `=${fallback}`}`
    })
    .join(' ')
}
