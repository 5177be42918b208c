/** What pg_stat_statements counted, exported as CSV with a header or as JSON, in the form of a workload file. */
import { TrrError } from '../../errors.ts'

interface Exported {
  query: string
  calls: number
  /** How long they were counted. */
  seconds: number | null
  role: string | null
  id: string | null
}

const day = 86_400

export interface ExportedWorkload {
  text: string
  /** `row 3`, for a line of the text. */
  atLine(line: number): string
  notes: string[]
}

export function isExport(file: string): boolean {
  return /\.(csv|json)$/i.test(file)
}

/** Columns `query` and `calls`; `seconds`, `rolname` and `queryid` where they are. Throws a TrrError. */
export function exportedWorkload(text: string, file: string): ExportedWorkload {
  const rows = /\.json$/i.test(file) ? jsonRows(text, file) : csvRows(text)
  const found = rows.flatMap(exported)
  if (found.length === 0)
    throw new TrrError({ code: 'USAGE', message: `${file} has no rows with query and calls${rows[0] ? `, only ${Object.keys(rows[0]).slice(0, 6).join(', ')}` : ''}.`, remedy: `Write it with psql: \\copy (${exportQuery}) to '${file}' csv header` })
  const parts = found.map(({ query, calls, seconds, role, id }, place) => `-- name: ${id ?? `q${place + 1}`}\n-- rate: ${((calls * day) / (seconds ?? day)).toFixed(6)}/day\n${role === null ? '' : `-- as: ${role}\n`}${query.trim().replace(/;$/, '').replaceAll(/--\s*(name|rate|as)\s*:/g, '-- ')}\n;\n`)
  const isDay = found.some(({ seconds }) => seconds === null)
  let line = 1
  const starts = parts.map((part) => {
    line += part.split('\n').length - 1
    return line - part.split('\n').length + 1
  })
  return { text: parts.join(''), atLine: (line) => `row ${starts.findLastIndex((start) => start <= line) + 1}`, notes: isDay ? [`${file} does not say how long the calls were counted: they are taken as those of one day. Give a column seconds.`] : [] }
}

/** Reads what a server of 17 and later counted; run by a test. */
export const exportQuery = 'select queryid, query, calls, extract(epoch from now() - stats_since) as seconds from pg_stat_statements'

function exported(row: Record<string, unknown>): Exported[] {
  const of = (name: string) => (row[name] === undefined || row[name] === null || row[name] === '' ? null : String(row[name]))
  const [query, calls] = [of('query'), Number(of('calls'))]
  const words = (text: string | null) => text?.replaceAll(/\s+/g, ' ') ?? null
  return query === null || !(calls > 0) ? [] : [{ query, calls, seconds: Number(of('seconds')) || null, role: words(of('rolname') ?? of('role')), id: words(of('queryid')) }]
}

function jsonRows(text: string, file: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : [value]).filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null)
  } catch (error) {
    throw new TrrError({ code: 'USAGE', message: `${file} is no JSON: ${(error as Error).message}.`, remedy: 'Write a list of objects with query and calls.' }, { cause: error })
  }
}

function csvRows(text: string): Record<string, unknown>[] {
  const [head = [], ...rows] = csvCells(text)
  const names = head.map((name) => name.trim().toLowerCase())
  return rows.map((cells) => Object.fromEntries(names.map((name, place) => [name, cells[place]])))
}

/** As `copy … csv` writes them: quotes are doubled, and line ends may stand within. */
function csvCells(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, bare = '', end = ''] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}
