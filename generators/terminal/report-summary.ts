/** The end of a session: what is there now, what was proved, what stays open, what comes next. Readable in ten seconds. */
import type { Evidence, Verdict } from '../design/evidence.ts'
import type { FileLine } from './report-files.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

export interface Summary {
  design: string
  specPath: string
  files: readonly FileLine[]
  evidence: Evidence
  /** The review page, with its boxes. */
  review: string
}

/** Four lines, a few more when something stays open. */
export function formatSummary({ design, specPath, files, evidence, review }: Summary, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const verdicts = Object.entries(evidence).filter((entry): entry is [string, Verdict] => typeof entry[1] === 'object' && entry[1] !== null && 'status' in entry[1])
  const named = (status: Verdict['status']) => verdicts.filter(([, verdict]) => verdict.status === status).map(([name]) => name)
  const unsettled = verdicts.filter(([, { status }]) => status !== 'proved').flatMap(([name, { findings }]) => findings.slice(0, 2).map((finding) => `${name}: ${finding}`))
  const points = [...review.matchAll(/^- \[ \] \*\*(.+?)\.?\*\*/gm)].map(([, title]) => `review ${title}.`)
  const open = [...unsettled, ...points].join(' ')
  const lines: [string, string][] = [
    ['Written', filesInWords(files, design)],
    ['Proved', `${named('proved').join(', ') || 'nothing'}, on Postgres ${evidence.server}`],
    ...(named('failed').length > 0 ? [['Failed', named('failed').join(', ')] as [string, string]] : []),
    ['Open', open || 'nothing'],
    ['Next', `read docs/db/${design}/review.md, then: git add supabase docs`],
    ['Later', `edit ${specPath}, then: npx trr-db generate ${design}`],
  ]
  const paint: Record<string, (text: string) => string> = { Written: style.green, Proved: style.green, Failed: style.red, Open: open === '' ? style.dim : style.yellow }
  return lines.map(([head, text]) => wrap(`${(paint[head] ?? style.bold)(head.padEnd(8))} ${text}`, width, 9)).join('\n')
}

/** `18 files: 3 migrations (0018 to 0020), 3 rollbacks, 1 test, 6 pages in docs/db/notes, and the spec`. */
function filesInWords(files: readonly FileLine[], design: string): string {
  const moved = files.filter(({ action }) => action === 'create' || action === 'update')
  const removed = files.filter(({ action }) => action === 'remove').length
  const inFolder = (folder: string) => moved.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path.slice(folder.length))
  const migrations = inFolder('supabase/migrations/')
  const numbers = migrations.map((name) => name.split('_')[0] ?? '')
  const [first, last] = [numbers[0], numbers.at(-1)]
  const parts = [
    ...counted(migrations.length, 'migration', first === undefined ? '' : first === last ? ` (${first})` : ` (${first} to ${last})`),
    ...counted(inFolder('supabase/rollbacks/').length, 'rollback'),
    ...counted(inFolder('supabase/tests/').length, 'test'),
    ...counted(inFolder(`docs/db/${design}/`).length, 'page', ` in docs/db/${design}`),
    ...counted(inFolder('supabase/schema_docs/').length, 'schema doc'),
    ...counted(inFolder('supabase/designs/').length, 'spec file'),
  ]
  return [`${moved.length} ${moved.length === 1 ? 'file' : 'files'}: ${parts.join(', ')}`, ...counted(removed, 'file', ' removed')].join('; ')
}

function counted(amount: number, one: string, more = ''): string[] {
  return amount === 0 ? [] : [`${amount} ${one}${amount === 1 ? '' : 's'}${more}`]
}
