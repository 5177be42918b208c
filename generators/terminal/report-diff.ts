/** What two states of a repository allow, for a person: what is newly allowed first. */
import type { AccessDiff, AppearedRelation, Difference } from '../design/access-diff.ts'
import { type PlanDiff, costThreshold } from '../design/plan-diff.ts'
import { byObject, changesOf, commandOf, comparedSentence, isEmpty, nothingSentence, revision, whatOf, whoOf } from './diff-words.ts'
import { formatRows } from './rows-table.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

type View = Pick<Terminal, 'style' | 'width'>

export function formatDiff(diff: AccessDiff, plans: PlanDiff, view: View): string {
  const { style, width } = view
  if (isEmpty(diff, plans)) return style.green(wrap(nothingSentence(diff), width))
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', style.bold(title), ...lines])
  const lists = (items: readonly string[]) => items.map((item) => wrap(`  ${item}`, width, 2))
  return [
    style.bold(`${revision(diff.base)} → ${revision(diff.head)}`),
    wrap(comparedSentence(diff), width),
    ...section('Newly allowed', differences(diff.gained, view, style.red)),
    ...section('Newly denied', differences(diff.lost, view, style.yellow)),
    ...section('Newly failing', differences(diff.otherwise, view, style.yellow)),
    ...section('New tables and views', diff.appeared.flatMap((one) => appeared(one, view))),
    ...section('Gone', lists(diff.gone)),
    ...section('Not observed', diff.unobserved.flatMap(({ object, why, changes }) => [style.red(wrap(`  ${object}: ${why}`, width, 4)), style.dim(wrap(`    ${changesOf(changes)}`, width, 2))])),
    ...section('Changed, and everybody asked got the same answers', diff.unchanged.map(({ object, changes }) => wrap(`  ${object}: ${changesOf(changes)}`, width, 4))),
    ...section('Newly callable, by policies or with the caller\'s own rights', diff.callable.map(({ object, roles, definer }) => wrap(`  ${object} by ${roles.join(', ')}${definer ? ', SECURITY DEFINER in a schema that the Data API does not serve' : ''}`, width, 4))),
    ...planLines(plans, view),
    ...section('Notes', lists([...diff.notes, ...plans.notes])),
    ...(diff.gained.length + diff.appeared.length + diff.lost.length > 0 ? ['', style.dim(wrap('Each command runs in a checkout of the side where it succeeds: the head for what is newly allowed, the base for what is newly denied.', width))] : []),
  ].join('\n')
}

function differences(list: readonly Difference[], { style, width }: View, paint: (text: string) => string): string[] {
  return byObject(list).flatMap(([object, ones]) => [
    `  ${style.bold(object)}`,
    ...ones.flatMap((one) => [
      paint(wrap(`    ${whoOf(one)}: ${whatOf(one)}`, width, 4)),
      wrap(`      before ${one.before}, now ${one.after}`, width, 2),
      `      ${style.dim(commandOf(one.witness))}`,
    ]),
    ...[...new Set(ones.flatMap(({ because }) => because))].slice(0, 1).length === 0 ? [] : [style.dim(wrap(`    because: ${changesOf([...new Set(ones.flatMap(({ because }) => because))])}`, width, 2))],
  ])
}

function appeared({ object, kind, rowSecurity, may, witnesses, publications, notes }: AppearedRelation, { style, width }: View): string[] {
  const open = kind === 'table' && !rowSecurity
  return [
    `  ${style.bold(object)}${kind === 'view' ? ' (view)' : ''}${open ? style.red(' row level security is off') : ''}${publications.length > 0 ? `, in the publication ${publications.join(', ')}` : ''}`,
    ...(may.length === 0 ? [] : formatRows(may.map(({ who, select, insert, update, delete: remove }) => ({ who, select, insert, update, delete: remove }))).replace(/\n\(\d+ rows?\)$/, '').split('\n').map((line) => `   ${line}`)),
    ...notes.map((note) => style.yellow(wrap(`    ${note}`, width, 2))),
    ...witnesses.map((one) => `      ${style.dim(commandOf(one.witness))}`),
  ]
}

function planLines(plans: PlanDiff, { style, width }: View): string[] {
  if (plans.differences.length + plans.added.length + plans.removed.length === 0) return plans.planned.length === 0 ? [] : ['', wrap(`Plans: ${plans.planned.map(({ design, queries }) => `${queries} of ${design}`).join(', ')} planned on both sides, all alike.`, width)]
  return [
    '',
    style.bold(`Plans that changed: another shape, another index, or a cost ${costThreshold} times as high or low`),
    ...plans.differences.flatMap(({ design, query, as, at, changes, before, after }) => [
      wrap(`  ${design}.${query} as ${as}, at the ${at}: ${changes.join(', ')}`, width, 4),
      '    before:', ...before.plan.map((line) => style.dim(`      ${line}`)), '    now:', ...after.plan.map((line) => style.dim(`      ${line}`)),
    ]),
    ...(plans.added.length > 0 ? [wrap(`  new queries: ${plans.added.join(', ')}`, width, 4)] : []),
    ...(plans.removed.length > 0 ? [wrap(`  queries that are gone: ${plans.removed.join(', ')}`, width, 4)] : []),
  ]
}
