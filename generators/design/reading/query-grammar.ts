/** The small grammars of a query: conditions, order and page. */
import { NameError, parseName, splitOutsideQuotes } from '../names.ts'
import type { Operator, OrderBy, QuerySpec } from '../spec.ts'
import { parseCount } from '../quantities.ts'

const operators: Record<string, Operator> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  in: 'in',
  between: 'between',
  like: 'like',
  ilike: 'ilike',
  '@>': '@>',
  '&&': '&&',
  '@@': '@@',
  'is null': 'is null',
  'is not null': 'is not null',
}

/** `show_id =`, `deleted_at is null`. Null for anything else, which then is a predicate with constants. */
export function parseCondition(text: string): { column: string; operator: Operator } | null {
  const [, written = '', rest = ''] = /^\s*("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(.*)$/su.exec(text) ?? []
  const operator = operators[rest.trim().toLowerCase().replace(/\s+/g, ' ')]
  return operator === undefined ? null : { column: parseName(written), operator }
}

/** `created_at desc, id desc nulls last`. Throws {@link NameError}. */
export function parseOrderBy(text: string): OrderBy[] {
  return splitOutsideQuotes(text, ',').map((part) => {
    const [, column = '', direction, nulls] = /^\s*("(?:[^"]|"")+"|\S+?)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*$/i.exec(part) ?? []
    if (column === '') throw new NameError(`"${part.trim()}" is not a column with a direction.`, 'Write for example: created_at desc, id desc')
    const isDescending = direction?.toLowerCase() === 'desc'
    const place = nulls?.toLowerCase() as 'first' | 'last' | undefined
    return { column: parseName(column), direction: isDescending ? 'desc' : 'asc', nulls: place ?? null }
  })
}

/** `none`, `keyset 20`, `offset 20 deepest 10k`. Null when it is none of these. */
export function parsePage(text: string): QuerySpec['page'] | null {
  const words = text.trim().split(/\s+/)
  const [kind, written = '', deepestWord, deepestText = ''] = words
  if (kind === 'none' && words.length === 1) return { kind }
  const size = parseCount(written)
  if (size === null || size < 1 || size > 10_000) return null
  if (kind === 'keyset' && words.length === 2) return { kind, size }
  const deepest = parseCount(deepestText)
  return kind === 'offset' && deepestWord === 'deepest' && words.length === 4 && deepest !== null && deepest >= size ? { kind, size, deepest } : null
}
