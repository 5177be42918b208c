/** Personal data, erasure and retention as the spec states them, and what is not built. */
import type { Plan } from '../../design/plan.ts'
import type { OnDelete } from '../../design/key-spec.ts'
import { bullets, code, codes, table } from './markdown.ts'
import { nameOf, sameTable } from '../../planner/table-indexes.ts'

/** Empty when the design holds no personal data and states no retention. */
export function privacySection(plan: Plan): string {
  const columns = personalColumns(plan)
  const sentences = [...readableSecrets(plan).map((column) => `${code(column)} is a secret, and whoever may read the row reads it: clients included.`), ...subject(plan), ...people(plan), ...retention(plan)]
  return [columns, bullets(sentences)].filter(Boolean).join('\n\n')
}

/** True when something of it is about people or about how long rows stay. */
export function hasPrivacy(plan: Plan): boolean {
  return privacySection(plan) !== ''
}

/** Secrets among the columns that a client role may select. */
export function readableSecrets({ tables }: Plan): string[] {
  return tables.flatMap((planned) => {
    const reads = planned.grants.filter((grant) => grant.role !== 'service_role').flatMap((grant) => grant.privileges.filter(({ verb }) => verb === 'select'))
    const isReadable = (name: string) => reads.some(({ columns }) => columns === null || columns.includes(name))
    return planned.columns.filter((column) => column.pii === 'secret' && isReadable(column.name)).map((column) => `${planned.table.name}.${column.name}`)
  })
}

function personalColumns(plan: Plan): string {
  return table(
    ['column', 'personal data', 'on erasure'],
    plan.tables.flatMap((planned) =>
      planned.columns.filter((column) => column.pii !== null).map((column) => [code(`${planned.table.name}.${column.name}`), column.pii ?? '', column.erase ?? 'not stated']),
    ),
  )
}

function subject({ spec }: Plan): string[] {
  if (!spec.privacy) return []
  return [`The person is a row of ${code(nameOf(spec.privacy.subject))}, to be erased within ${spec.privacy.eraseWithin}. No erasure job is generated: what the foreign keys below do not clear has to be cleared by hand.`]
}

/** What happens to rows when the user they refer to is deleted. */
function people({ spec, tables }: Plan): string[] {
  const person = spec.privacy?.subject ?? { schema: 'auth', name: 'users' }
  const referring = tables.flatMap((planned) => planned.foreignKeys.filter((key) => sameTable(key.references.table, person)).map((key) => ({ column: `${planned.table.name}.${key.columns.join(', ')}`, rule: key.onDelete })))
  const columns = (...rules: OnDelete[]) => codes(referring.filter(({ rule }) => rules.includes(rule)).map(({ column }) => column))
  const sentences: [string, string][] = [
    [columns('cascade'), 'deletes the rows that refer to the person by'],
    [columns('set null'), 'keeps the rows and clears'],
    [columns('restrict', 'no action'), 'is refused while something refers to the person by'],
  ]
  return sentences.filter(([named]) => named !== '').map(([named, says]) => `Deleting the user ${says} ${named}.`)
}

function retention({ tables }: Plan): string[] {
  return tables.flatMap(({ table: { name, retention: rule } }) => {
    if (rule === null) return []
    const hold = rule.hold === null ? '' : `, unless ${code(rule.hold)} is set`
    return [`${code(name)}: rows are to be kept ${rule.keep.text} by ${code(rule.by)}, then to ${rule.then}${hold}. No job does that: until one is written, nothing is removed.`]
  })
}
