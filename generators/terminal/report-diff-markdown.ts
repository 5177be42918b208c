/** The same as a comment for a pull request: no clock, the same commits give the same bytes. */
import { bullets, code, codes, fence, prose, table } from '../artifacts/pages/markdown.ts'
import type { AccessDiff, AppearedRelation, Difference } from '../design/access-diff.ts'
import { type PlanDiff, costThreshold } from '../design/plan-diff.ts'
import { changesOf, comparedSentence, isEmpty, nothingSentence, revision, whatOf, whoOf } from './diff-words.ts'

export function diffMarkdown(diff: AccessDiff, plans: PlanDiff): string {
  const head = '### Who can newly do what'
  if (isEmpty(diff, plans)) return [head, prose(nothingSentence(diff))].join('\n\n')
  const section = (title: string, ...parts: string[]) => (parts.every((part) => part === '') ? [] : [`#### ${title}`, ...parts.filter((part) => part !== '')])
  return [
    head,
    prose(`${revision(diff.base)} → ${revision(diff.head)}. ${comparedSentence(diff)}`),
    ...section('Newly allowed', differenceTable(diff.gained), requests(diff.gained, 'now succeeds')),
    ...section('Newly denied', differenceTable(diff.lost), requests(diff.lost, 'succeeded before')),
    ...section('Newly failing', differenceTable(diff.otherwise), requests(diff.otherwise, 'fails now')),
    ...section('New tables and views', ...diff.appeared.flatMap(appeared)),
    ...section('Gone', bullets(diff.gone.map(code))),
    ...section('Not observed', bullets(diff.unobserved.map(({ object, why, changes }) => `${code(object)}: ${prose(why)} (${prose(changesOf(changes))})`))),
    ...section('Changed, and everybody asked got the same answers', bullets(diff.unchanged.map(({ object, changes }) => `${code(object)}: ${prose(changesOf(changes))}`))),
    ...section('Newly callable', bullets(diff.callable.map(({ object, roles, definer }) => `${code(object)} by ${codes(roles)}${definer ? ', `SECURITY DEFINER` in a schema that the Data API does not serve' : ', with the rights of the caller'}`))),
    ...section('Plans that changed', ...planParts(plans)),
    ...section('Notes', bullets([...diff.notes, ...plans.notes].map(prose))),
  ].join('\n\n')
}

function differenceTable(list: readonly Difference[]): string {
  return table(['Object', 'Who', 'What', 'Before', 'Now', 'Because'], list.map((one) => [code(one.object), prose(whoOf(one)), prose(whatOf(one)), prose(one.before), prose(one.after), prose(changesOf(one.because))]))
}

/** A request that is no SQL stands in the list, not in a block that somebody would run. */
function requests(list: readonly Difference[], says: string): string {
  if (list.length === 0) return ''
  const shown = list.map((one) => (one.witness.script === null ? `${code(one.object)}: ${code(one.witness.sql)} as ${code(one.witness.role)}` : `${code(one.object)}, ${prose(whoOf(one))}, ${prose(one.action)}:\n\n${fence('sql', `${one.witness.script}\nrollback;`)}`))
  return [`<details><summary>The request of each line that ${says}, for psql after <code>supabase db reset</code>, or <code>trr-db shell</code></summary>`, ...shown, '</details>'].join('\n\n')
}

function appeared({ object, kind, rowSecurity, may, witnesses, publications, notes }: AppearedRelation): string[] {
  const facts = [kind === 'view' ? 'a view' : rowSecurity ? 'row level security is on' : '**row level security is off**', ...(publications.length > 0 ? [`in the publication ${codes(publications)}`] : [])]
  return [
    `${code(object)}: ${facts.join(', ')}`,
    table(['Who', 'select', 'insert', 'update', 'delete'], may.map(({ who, select, insert, update, delete: remove }) => [who, select, insert, update, remove].map(prose))),
    bullets(notes.map(prose)),
    requests(witnesses, 'now succeeds'),
  ]
}

function planParts({ differences, added, removed }: PlanDiff): string[] {
  return [
    differences.length === 0 ? '' : `Another shape, another index, or a cost ${costThreshold} times as high or low, at the declared number of rows, as the role that runs it.`,
    ...differences.flatMap(({ design, query, as, at, changes, before, after }) => [
      `${code(`${design}.${query}`)} as ${code(as)}, at the ${at}: ${prose(changes.join(', '))}`,
      `<details><summary>Both plans</summary>\n\nBefore:\n\n${fence('', before.plan.join('\n'))}\n\nNow:\n\n${fence('', after.plan.join('\n'))}\n\n</details>`,
    ]),
    bullets([...(added.length > 0 ? [`new queries: ${codes(added)}`] : []), ...(removed.length > 0 ? [`queries that are gone: ${codes(removed)}`] : [])]),
  ]
}
