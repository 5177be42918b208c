/** Tables whose rows decide about rows of others: no circles, nothing unused, nothing that a function could ask with too many rights. */
import type { Issues } from '../issues.ts'
import { findSpec, followedTables, followsExisting, parentOf, parentRule } from '../parent-rules.ts'
import type { Path } from '../source.ts'
import { isParent, isShared } from '../audience-kinds.ts'
import { type TableSpec, type Tenancy, type Verb, verbs } from '../spec.ts'
import type { TableDraft } from './table-draft.ts'

export function checkFollowed(drafts: readonly TableDraft[], tenancy: Tenancy, issues: Issues): void {
  const tables = drafts.map(({ spec }) => spec)
  const circular = drafts.filter(({ spec }) => leadsTo(spec, spec, tables))
  const [first] = circular
  if (first)
    issues.add({
      code: 'SPEC_CYCLE', path: viaPath(first), key: true,
      message: `The access of ${circular.map(({ spec }) => spec.name).join(', ')} follows itself: no row could decide.`,
      remedy: 'One of the tables needs a rule of its own, for example owner.',
    })
  for (const draft of drafts) {
    checkUsed(draft, issues)
    if (circular.length === 0) for (const verb of verbs) checkExisting(draft, verb, tables, tenancy, issues)
  }
}

function leadsTo(from: TableSpec, goal: TableSpec, tables: readonly TableSpec[], seen: readonly TableSpec[] = []): boolean {
  return followedTables(from).some((name) => {
    const next = findSpec(tables, name)
    return next !== undefined && (next === goal || (!seen.includes(next) && leadsTo(next, goal, tables, [...seen, next])))
  })
}

function checkUsed({ spec, input, path }: TableDraft, issues: Issues): void {
  if (!input || typeof input.access === 'string') return
  const rules = verbs.flatMap((verb) => [spec.access[verb].own, spec.access[verb].any])
  const unused = [...(spec.access.via && !rules.some(isParent) ? ['via'] : []), ...(input.access.shares && spec.access.shares && !rules.some(isShared) ? ['shares'] : [])]
  for (const key of unused)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'access', key], key: true,
      message: `No verb of "${spec.name}" uses "${key}".`,
      remedy: key === 'via' ? 'Remove via, or write for example: select: { parent: select }' : 'Remove shares, or write for example: select: { own: owner, any: shared }',
    })
}

/** A function with its owner's rights sees every row of an existing parent, so only SELECT, which needs none, can end at one. */
function checkExisting(draft: TableDraft, verb: Verb, tables: readonly TableSpec[], tenancy: Tenancy, issues: Issues): void {
  const { spec, path } = draft
  const rule = spec.access[verb]
  const parent = parentOf(spec, tables)
  for (const audience of parent ? [rule.own, rule.any].filter(isParent) : []) {
    if (audience.parent === 'select' || !parent || !followsExisting(parentRule(parent, audience, tenancy), parent, tables, tenancy)) continue
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'access'], key: true,
      message: `"${verb}" of "${spec.name}" follows ${audience.parent} of "${parent.name}", which follows a table that exists already.`,
      remedy: `Follow who may see the row of "${parent.name}": ${verb}: { parent: select }`,
    })
  }
  if (verb !== 'delete' || spec.softDelete === 'none' || !followsExisting(rule, spec, tables, tenancy)) return
  issues.add({
    code: 'SPEC_CONFLICT', path: [...path, 'soft_delete'], key: true,
    message: `Deleting rows of "${spec.name}" is a function with its owner's rights, and those see every row of "${spec.access.via?.references.schema}.${spec.access.via?.references.name}".`,
    remedy: 'Add to access: delete: service. Or leave soft_delete out.',
  })
}

function viaPath({ path, input }: TableDraft): Path {
  if (typeof input?.access === 'object' && input.access.via !== undefined) return [...path, 'access', 'via']
  return typeof input?.tenancy === 'object' ? [...path, 'tenancy', 'via'] : path
}
