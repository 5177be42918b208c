/** What was observed of a table's access, for a person. */
import { accessWords } from '../design/access-words.ts'
import { formatRows } from './rows-table.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

type View = Pick<Terminal, 'style' | 'width'>

export interface AccessCellView {
  identity: string
  verb: string
  row: string
  outcome: 'done' | 'nothing' | 'refused' | 'error'
  code: string | null
  message: string | null
  request: string
}

const verbs = ['select', 'insert', 'update', 'delete']

/** Identity × verb, and below it each error of a verb once, with the first request that meets it. */
export function formatAccess(table: string, cells: readonly AccessCellView[], { style, width }: View): string {
  const identities = [...new Set(cells.map(({ identity }) => identity))]
  const rows = identities.map((identity) => ({
    who: identity,
    ...Object.fromEntries(verbs.map((verb) => [verb, accessWords(cells.filter((cell) => cell.identity === identity && cell.verb === verb))])),
  }))
  const failed = cells.filter(({ outcome }) => outcome === 'error')
  const errors = failed.filter((cell) => failed.find(({ verb, code }) => verb === cell.verb && code === cell.code) === cell)
  return [
    style.bold(`Who may do what with ${table}, as the database answers`),
    formatRows(rows).replace(/\n\(\d+ rows?\)$/, ''),
    ...errors.map(({ identity, verb, code, message, request }) => wrap(`${style.red(`${verb} by ${identity} fails: ${code} ${message}`)}\n  ${request}`, width, 2)),
  ].join('\n')
}

export interface ExplainedTableView {
  table: string
  verb: string
  rowSecurity: boolean
  view: 'owner' | 'caller' | null
  right: 'table' | 'columns' | 'none'
  columns: string[]
  policies: { name: string; permissive: boolean; side: string; expression: string; passing: number | null; rows: number; error: string | null }[]
  recursion: string[]
}

/** Right by right and policy by policy, why a request was answered so. */
export function formatExplanation(tables: readonly ExplainedTableView[], role: string, { style, width }: View): string {
  return tables
    .flatMap(({ table, verb, rowSecurity, view, right, columns, policies, recursion }) => [
      style.bold(`${verb} on ${table}`),
      right === 'none' ? style.red(`  ✗ ${role} has no right to ${verb}`) : `  ✓ ${role} has the right to ${verb}${right === 'columns' ? `, of ${columns.join(', ')} only` : ''}`,
      ...(view === null ? [] : [view === 'owner' ? '  ✓ the view reads its tables with the rights of its owner: their policies do not hold the caller' : '  ✓ the view reads its tables with the rights of the caller']),
      ...(rowSecurity || view !== null ? [] : ['  ✓ row level security is off: every row passes']),
      ...(rowSecurity && policies.length === 0 ? [role === 'service_role' || role === 'postgres' ? `  ✓ ${role} passes row level security` : style.red(`  ✗ no policy lets ${role} ${verb}: no row passes`)] : []),
      ...policies.map(({ name, permissive, side, expression, passing, rows, error }) =>
        wrap(`  ${mark(passing, error, style)} ${permissive ? '' : 'restrictive '}${name}: ${side} ${expression.split(/\s+/).join(' ')} ${error === null ? `passes ${passing} of ${rows} rows` : `fails: ${error}`}`, width, 6),
      ),
      ...(recursion.length > 0 ? [style.red(wrap(`  ✗ infinite recursion (42P17): ${recursion.join(' → ')} reads what it is a policy of. Read it in a SECURITY DEFINER function instead.`, width, 6))] : []),
    ])
    .join('\n')
}

function mark(passing: number | null, error: string | null, style: View['style']): string {
  return error !== null || passing === 0 ? style.red('✗') : '✓'
}
