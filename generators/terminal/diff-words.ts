/** Sentences about a difference, for the terminal and for Markdown alike. */
import type { AccessDiff, Difference } from '../design/access-diff.ts'
import type { PlanDiff } from '../design/plan-diff.ts'

const shownRows = 4
const shownColumns = 8
const shownChanges = 6

export function revision({ name, commit }: AccessDiff['base']): string {
  return commit === null || commit.startsWith(name) ? name : `${name} (${commit.slice(0, 10)})`
}

export function comparedSentence({ compared: { tables, views, functions }, asked }: AccessDiff): string {
  const seen = [[tables, 'table'], [views, 'view'], [functions, 'function']] as const
  return `Compared: ${seen.map(([count, noun]) => `${count} ${noun}${count === 1 ? '' : 's'}`).join(', ')}. Asked: ${asked.length === 0 ? 'none, because nothing that has a say in an answer changed' : `${asked.length}, where something that has a say in the answers changed`}.`
}

/** Nothing that anybody needs to read. */
export function isEmpty(diff: AccessDiff, plans: PlanDiff): boolean {
  const lists = [diff.gained, diff.lost, diff.otherwise, diff.appeared, diff.gone, diff.callable, diff.unobserved, diff.unchanged, diff.notes, plans.differences, plans.added, plans.removed, plans.notes]
  return lists.every((list) => list.length === 0)
}

export function nothingSentence(diff: AccessDiff): string {
  const { compared: { tables } } = diff
  return `Nobody can do more or less: between ${revision(diff.base)} and ${revision(diff.head)} ${tables === 0 ? 'no migration differs' : `nothing that has a say in an answer changed (${tables} tables compared)`}.`
}

/** `a user, another user and 3 others` */
export function whoOf({ who }: Pick<Difference, 'who'>): string {
  return who.length <= 3 ? who.join(', ') : `${who.slice(0, 2).join(', ')} and ${who.length - 2} others`
}

export function whatOf({ action, what, kind }: Difference): string {
  if (what.length === 0) return action
  // A row stands for those of its variants that are answered like it.
  const plain = what.filter((one) => !what.some((other) => one !== other && one.startsWith(`${other}, where `)))
  const more = what.length - plain.length
  const shown = kind === 'rows' ? columnsTogether(plain) : plain
  const rest = more + Math.max(0, shown.length - shownRows)
  return `${action}: ${shown.slice(0, shownRows).join(kind === 'rows' ? '; ' : ', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** `column a of row 1`, `column b of row 1` → `columns a, b of row 1`. */
function columnsTogether(what: readonly string[]): string[] {
  const found = what.map((one) => /^column (\S+) of (.*)$/s.exec(one) ?? /^(new, .*), with (\S+)$/s.exec(one))
  const of = (match: RegExpExecArray) => (match[0].startsWith('column') ? { row: match[2] ?? '', column: match[1] ?? '' } : { row: match[1] ?? '', column: match[2] ?? '' })
  const rows = new Map<string, string[]>()
  for (const match of found) if (match) rows.set(of(match).row, [...(rows.get(of(match).row) ?? []), of(match).column])
  const lists = new Map<string, string[]>()
  for (const [row, names] of rows) {
    const list = `${names.length === 1 ? 'column' : 'columns'} ${names.slice(0, shownColumns).join(', ')}${names.length > shownColumns ? ` and ${names.length - shownColumns} more` : ''}`
    lists.set(list, [...(lists.get(list) ?? []), row])
  }
  return [...what.filter((_one, place) => found[place] === null), ...[...lists].map(([list, named]) => `${list} of ${named.join(', ')}`)]
}

export function changesOf(changes: readonly string[]): string {
  return `${changes.slice(0, shownChanges).join(', ')}${changes.length > shownChanges ? ` and ${changes.length - shownChanges} more` : ''}`
}

/** In the order of their objects; each object once. */
export function byObject(differences: readonly Difference[]): [string, Difference[]][] {
  const objects = [...new Set(differences.map(({ object }) => object))]
  return objects.map((object) => [object, differences.filter((one) => one.object === object)])
}

/** A shell reads it back as it is. In the quotes that need fewer escapes; an exclamation mark is left alone between single ones only. */
export function quoted(text: string): string {
  const double = `"${text.replace(/["$`\\]/g, '\\$&')}"`
  const single = `'${text.replaceAll("'", `'\\''`)}'`
  return text.includes('!') || single.length < double.length ? single : double
}

/** How a request is sent again; on one line. */
export function commandOf({ script, sql, role, setup }: Difference['witness']): string {
  if (script === null) return `as ${role}: ${sql}`
  const isPlain = role === 'postgres' && setup.length === 0
  return `trr-db shell --sql ${quoted(isPlain ? sql : script.replaceAll(';\n', '; '))}`
}
