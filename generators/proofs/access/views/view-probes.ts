/** What every caller asks of a view: its rows, and whether they are those of its text; and writes, which nobody may send. */
import type { ViewSpec } from '../../../design/view-spec.ts'
import { ident, qualified } from '../../../sql/identifier.ts'
import type { Identity } from '../identity.ts'
import { type Judgement, type Probe, brokenBy, refused, wholeTable } from '../probe.ts'
import type { Outcome } from '../runner.ts'
import type { SubjectRow } from '../subject.ts'
import type { ViewAnswers } from './expected-rows.ts'

export interface ViewSubject {
  view: ViewSpec
  answers: ViewAnswers
  /** The rows that a caller may see, and all others. */
  seen: SubjectRow
  hidden: SubjectRow
}

export function viewProbes(subject: ViewSubject, identities: readonly Identity[]): Probe[] {
  return identities.flatMap((identity) => [...readProbes(subject, identity), ...writeProbes(subject, identity)])
}

function readProbes(subject: ViewSubject, identity: Identity): Probe[] {
  const { view, answers, seen } = subject
  const name = qualified(view)
  const expected = answers.of.get(identity) ?? null
  const base = { identity, verb: 'select', readsState: 'never' } as const
  // Compared as text: not every type can be compared.
  const rowsOf = (from: string) => `select to_jsonb(v)::text from ${from} as v`
  const text = `(\n${view.sql}\n)`
  return [
    { ...base, shape: 'all rows', sql: `select * from ${name}`, keys: view.columns.map((column) => column.name), judge: (outcome) => judgeRows(subject, identity, outcome) },
    ...(expected === null
      ? []
      : [
          {
            ...base, shape: 'the same as its text', keys: ['differs'],
            sql: `select count(*) as differs from ((${rowsOf(name)} except all ${rowsOf(text)}) union all (${rowsOf(text)} except all ${rowsOf(name)})) as d`,
            judge: (outcome: Outcome): Judgement[] => {
              const differs = Number(outcome.keys[0] ?? 0)
              const complaint = brokenBy(outcome, identity) ?? (differs > 0 ? `${name} gives ${identity.title} other rows than its own text does` : undefined)
              return complaint === undefined ? [] : [{ row: seen, expected: true, observed: false, complaint }]
            },
          },
        ]),
    {
      ...base, verb: 'update', shape: 'for update', sql: `select * from ${name} for update`, keys: null,
      judge: (outcome) => judgeWrite(view, identity, outcome, 'lock rows of'),
    },
  ]
}

function judgeRows({ view, answers, seen, hidden }: ViewSubject, identity: Identity, outcome: Outcome): Judgement[] {
  const expected = answers.of.get(identity) ?? null
  const broken = brokenBy(outcome, identity)
  if (expected === null) {
    const complaint = broken ?? (outcome.code === refused ? undefined : `${identity.title} may select from ${qualified(view)}`)
    return [{ row: hidden, expected: false, observed: outcome.code === null, ...(complaint === undefined ? {} : { complaint }) }]
  }
  const given = outcome.keys.map((key) => key ?? '').toSorted()
  const isRefused = outcome.code === refused ? `${identity.title} may not select from ${qualified(view)}` : undefined
  const complaint = broken ?? isRefused
  const missing = surplus(expected, given)
  return [
    ...(expected.length > 0 || complaint !== undefined ? [{ row: seen, expected: expected.length > 0, observed: missing.length === 0 && outcome.code === null, ...(complaint === undefined ? {} : { complaint }) }] : []),
    { row: hidden, expected: false, observed: surplus(given, expected).length > 0 },
  ]
}

/** What is in the first list more often than in the second. */
function surplus(left: readonly string[], right: readonly string[]): string[] {
  const rest = [...right]
  return left.filter((item) => {
    const place = rest.indexOf(item)
    if (place !== -1) rest.splice(place, 1)
    return place === -1
  })
}

/** The forms that could change a row below the view. */
function writeProbes({ view }: ViewSubject, identity: Identity): Probe[] {
  const name = qualified(view)
  const column = ident(view.columns[0]?.name ?? '')
  const probe = (verb: 'insert' | 'update' | 'delete', shape: string, sql: string): Probe => ({ identity, verb, shape, sql, keys: null, readsState: 'never', judge: (outcome) => judgeWrite(view, identity, outcome, verb === 'insert' ? 'insert into' : verb === 'update' ? 'update' : 'delete from') })
  return [
    probe('insert', 'plain', `insert into ${name} default values`),
    probe('update', 'blind', `update ${name} set ${column} = ${column}`),
    probe('delete', 'blind', `delete from ${name}`),
  ]
}

/** A select over several tables or groups cannot be written at all, and says so before it looks at rights. */
const notUpdatable = new Set(['55000', '0A000', '428C9'])

function judgeWrite(view: ViewSpec, identity: Identity, outcome: Outcome, what: string): Judgement[] {
  const isClosed = outcome.code === refused || (view.table === null && notUpdatable.has(outcome.code ?? ''))
  const complaint = isClosed ? undefined : `${identity.title} may ${what} ${qualified(view)}${outcome.code === null ? '' : ` (${outcome.code}: ${outcome.message})`}`
  return [{ row: wholeTable, expected: false, observed: outcome.code === null, ...(complaint === undefined ? {} : { complaint }) }]
}
