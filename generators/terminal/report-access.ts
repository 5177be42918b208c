/** What was observed of a table's access, for a person. */
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
    ...Object.fromEntries(verbs.map((verb) => [verb, summary(cells.filter((cell) => cell.identity === identity && cell.verb === verb))])),
  }))
  const failed = cells.filter(({ outcome }) => outcome === 'error')
  const errors = failed.filter((cell) => failed.find(({ verb, code }) => verb === cell.verb && code === cell.code) === cell)
  return [
    style.bold(`Who may do what with ${table}, as the database answers`),
    formatRows(rows).replace(/\n\(\d+ rows?\)$/, ''),
    ...errors.map(({ identity, verb, code, message, request }) => wrap(`${style.red(`${verb} by ${identity} fails: ${code} ${message}`)}\n  ${request}`, width, 2)),
  ].join('\n')
}

function summary(cells: readonly AccessCellView[]): string {
  if (cells.length === 0) return ''
  const of = (outcome: AccessCellView['outcome']) => cells.filter((cell) => cell.outcome === outcome)
  const failed = of('error')[0]
  const done = of('done')
  if (failed) return `error ${failed.code}`
  if (done.length === cells.length) return 'every row'
  if (done.length > 0) return rowsOf(done, cells)
  return of('refused').length > 0 ? 'refused' : 'nothing'
}

/** A row stands for its variants where all of them are answered alike. */
function rowsOf(done: readonly AccessCellView[], cells: readonly AccessCellView[]): string {
  const head = (row: string) => row.replace(/^new, /, '').replace(/, (where|[^,]+ to) .*$/s, '')
  return [...new Set(done.map(({ row }) => head(row)))]
    .flatMap((kind) => {
      const mine = done.filter(({ row }) => head(row) === kind)
      return mine.length === cells.filter(({ row }) => head(row) === kind).length ? [kind] : mine.map(({ row }) => row.replace(/^new, /, ''))
    })
    .join('; ')
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
