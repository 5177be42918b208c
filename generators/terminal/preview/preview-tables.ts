/** The tables so far: what they hold, what they point to, who may do what. */
import type { ForeignKeyPlan, Plan, TablePlan } from '../../design/plan.ts'
import { verbs } from '../../design/spec.ts'
import type { Verb } from '../../design/spec.ts'
import type { Terminal } from '../terminal.ts'
import { padEnd, visibleWidth, wrap } from '../wrap.ts'
import { ruleWords } from './audience-words.ts'

type Look = Pick<Terminal, 'style' | 'width'>

/** Names, keys and columns. */
export function previewTables(plan: Plan, { style, width }: Look): string {
  return plan.tables
    .map(({ table, columns, uniques }) => {
      const key = table.primaryKey.join(', ')
      const others = columns.filter(({ name }) => key !== name)
      const unique = uniques.filter(({ forChildren }) => !forChildren).map((one) => `(${one.columns.join(', ')})`)
      return [
        wrap(`  ${style.bold(`${table.schema}.${table.name}`)}  ${style.dim(table.about)}`, width, 2),
        wrap(`    ${style.dim('key')} ${key}${unique.length > 0 ? `  ${style.dim('unique')} ${unique.join(', ')}` : ''}`, width, 4),
        wrap(`    ${others.map(({ name, type, nullable }) => `${name} ${style.dim(`${type}${nullable ? '?' : ''}`)}`).join(', ')}`, width),
      ].join('\n')
    })
    .join('\n')
}

/** Each table with its arrows. */
export function previewRelations(plan: Plan, look: Look): string {
  return plan.tables
    .filter(({ foreignKeys }) => foreignKeys.length > 0)
    .map(({ table, foreignKeys }) => [`  ${table.name}`, ...arrows(foreignKeys, plan, look)].join('\n'))
    .join('\n')
}

/** What the deletion of the target does to the row. */
const fates = { cascade: 'deleted with it', restrict: 'blocks its deletion', 'no action': 'blocks its deletion', 'set null': 'becomes empty' } as const

function arrows(keys: readonly ForeignKeyPlan[], plan: Plan, { style, width }: Look): string[] {
  const rows = keys.map(({ columns, references, onDelete }) => ({
    from: columns.join(', '),
    to: references.table.schema === plan.spec.schema ? references.table.name : `${references.table.schema}.${references.table.name}`,
    fate: fates[onDelete],
  }))
  const [from, to] = [Math.max(...rows.map((row) => row.from.length)), Math.max(...rows.map((row) => row.to.length))]
  return rows.map((row, index) => {
    const branch = index === rows.length - 1 ? '└─' : '├─'
    const line = `  ${branch} ${padEnd(row.from, from)} ─▶ ${padEnd(row.to, to)}`
    const whole = `${line}  ${style.dim(row.fate)}`
    return visibleWidth(whole) <= width ? whole : line.trimEnd()
  })
}

const does: Record<Verb, string> = { select: 'see', insert: 'add', update: 'change', delete: 'delete' }

/** One line for all verbs with the same rule. */
export function previewAccess(plan: Plan, { style, width }: Look): string {
  return plan.tables.map(({ table }) => [`  ${table.name}`, ...accessLines({ table }, plan).map(({ verb, who }) => wrap(`    ${style.dim(padEnd(verb, 8))} ${who}`, width, 9))].join('\n')).join('\n')
}

function accessLines({ table }: Pick<TablePlan, 'table'>, { spec }: Plan): { verb: string; who: string }[] {
  const lines = new Map<string, string[]>()
  for (const verb of verbs) {
    const rows = verb === 'select' && table.access.where.any ? `, rows where ${table.access.where.any}` : ''
    const who = `${ruleWords(table.access[verb], verb, spec.tenancy)}${rows}`
    lines.set(who, [...(lines.get(who) ?? []), does[verb]])
  }
  return [...lines].map(([who, words]) => ({ verb: words.length === verbs.length ? 'do all' : words.join(', '), who }))
}
