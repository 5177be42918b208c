/** Access of one table: the pattern's defaults, what the table says otherwise, and what must not pass without a reason. */
import { accessDefaults } from '../../access-defaults.ts'
import { type AudienceScope, defaultRule, readRule } from '../../audience.ts'
import type { AccessInput } from '../../input-access.ts'
import { suggestion } from '../../issues.ts'
import { readExpression } from '../read-expression.ts'
import { type Reading, readNames } from '../reading.ts'
import { readMfa } from './read-mfa.ts'
import type { Path } from '../../source.ts'
import { type PatternId, type Tenancy, type Verb, type VerbRule, scopeColumn, verbs } from '../../spec.ts'
import { type TableDraft, columnNames, findColumn } from '../table-draft.ts'

/** Whether the rules speak of owners; `required` = a row without one makes no sense. */
export function ownerNeedOf(written: string | AccessInput): 'required' | 'optional' | null {
  const access = longForm(written)
  const values = verbs.map((verb) => access[verb])
  const need = isPattern(access.pattern) ? accessDefaults[access.pattern].needs.owner : null
  if (need === 'required') return need
  return need ?? (values.some((value) => value === 'owner' || (typeof value === 'object' && value.own !== undefined)) ? 'optional' : null)
}

export function normalizeAccess(reading: Reading, draft: TableDraft, tenancy: Tenancy): void {
  if (!draft.input) return
  const { spec, input } = draft
  const path = [...draft.path, 'access']
  const access = longForm(input.access)
  const pattern = readPattern(reading, path, input.access)
  const scope: AudienceScope = { reading, table: spec.name, tenancy, scoped: scopeColumn(spec) !== null, owned: spec.ownerColumn !== null, via: spec.access.via, shares: spec.access.shares }
  checkTenancy(scope, path, pattern)
  const rule = (verb: Verb): VerbRule => {
    const written = access[verb]
    return written === undefined ? defaultRule(scope, accessDefaults[pattern][verb], verb) : readRule(scope, [...path, verb], written, verb)
  }
  spec.access = {
    ...spec.access,
    pattern,
    select: rule('select'),
    insert: rule('insert'),
    update: rule('update'),
    delete: rule('delete'),
    where: readWhere(reading, path, draft, access),
    anonymous: access.anonymous ?? false,
    mfa: [],
    because: access.because?.trim() || null,
  }
  spec.access.mfa = readMfa(reading, [...path, 'mfa'], spec, access.mfa ?? false)
  markColumns(reading, [...path, 'immutable'], draft, access.immutable ?? [], 'immutable')
  markColumns(reading, [...path, 'server_only'], draft, access.server_only ?? [], 'serverOnly')
  if (pattern === 'parent') checkParent(scope, path, access)
  checkReasons(reading, path, draft)
}

function longForm(written: string | AccessInput): AccessInput {
  return typeof written === 'string' ? { pattern: written as PatternId } : written
}

function isPattern(pattern: string): pattern is PatternId {
  return Object.hasOwn(accessDefaults, pattern)
}

function readPattern({ issues }: Reading, path: Path, written: string | AccessInput): PatternId {
  const { pattern } = longForm(written)
  if (isPattern(pattern)) return pattern
  issues.add({
    code: 'SPEC_VALUE', path: typeof written === 'string' ? path : [...path, 'pattern'],
    message: `There is no access pattern "${String(pattern)}".`,
    remedy: suggestion(pattern, Object.keys(accessDefaults)),
  })
  return 'service_only'
}

/** Of a parent that exists already only SELECT is known, so the other verbs need a value of their own. */
function checkParent({ reading: { issues }, table, via }: AudienceScope, path: Path, access: AccessInput): void {
  if (access.via === undefined)
    return issues.add({
      code: 'SPEC_MISSING_KEY', path, key: true,
      message: `The access of "${table}" follows a parent, and needs the key "via".`,
      remedy: 'Write: access: { pattern: parent, via: <the foreign key column whose row decides> }',
    })
  if (!via || via.existing === null) return
  const parent = `${via.references.schema}.${via.references.name}`
  if (via.existing.length === 0)
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'via'],
      message: `No client role may select from "${parent}", so nobody sees the rows that follow it.`,
      remedy: `Choose another pattern, or grant first: grant select on ${parent} to authenticated`,
    })
  const open = verbs.filter((verb) => verb !== 'select' && access[verb] === undefined)
  if (open.length === 0) return
  issues.add({
    code: 'SPEC_CONFLICT', path, key: true,
    message: `"${parent}" exists already, and only who may see its rows can be followed, not who may ${open.join(', ')} them.`,
    remedy: `Add to access: ${open.map((verb) => `${verb}: service`).join(', ')}. Or, for whoever sees the parent: ${open[0]}: { parent: select }`,
  })
}

function checkTenancy({ reading, tenancy, scoped, table }: AudienceScope, path: Path, pattern: PatternId): void {
  const needed = accessDefaults[pattern].needs.tenancy
  if (needed === null || (tenancy.model === needed && scoped)) return
  const [message, remedy] =
    tenancy.model === needed
      ? [`"${table}" has no tenancy column, and the pattern ${pattern} needs one.`, 'Remove tenancy: none from the table, or choose another pattern.']
      : [`The pattern ${pattern} needs the tenancy model ${needed}, and this design has ${tenancy.model}.`, `Add: tenancy: { model: ${needed}, … }`]
  reading.issues.add({ code: 'SPEC_CONFLICT', path, key: true, message, remedy })
}

function readWhere(reading: Reading, accessPath: Path, draft: TableDraft, { where }: AccessInput): { own: string | null; any: string | null } {
  const scope = { table: draft.spec, columns: columnNames(draft) }
  const path = [...accessPath, 'where']
  const predicate = (place: Path) => readExpression(reading, place, scope)?.sql ?? null
  if (typeof where === 'object') return { own: predicate([...path, 'own']), any: predicate([...path, 'any']) }
  const both = predicate(path)
  return { own: both, any: both }
}

function markColumns(reading: Reading, path: Path, draft: TableDraft, written: string[], flag: 'immutable' | 'serverOnly'): void {
  for (const { name, path: place } of readNames(reading, path, written)) {
    const column = findColumn(draft, name)
    if (column) column[flag] = true
    else reading.issues.unknown({ path: place, what: `column of "${draft.spec.name}" called`, name, known: columnNames(draft) })
  }
}

/** Openness is allowed, but never by accident. */
function checkReasons({ issues }: Reading, path: Path, { spec }: TableDraft): void {
  const { access } = spec
  const remedy = 'Add to access: because: <why that is right>'
  const personal = spec.columns.filter((column) => column.pii !== null)
  if (access.because === null) {
    if (personal.length > 0 && isOpen(access.select)) {
      const columns = personal.map((column) => `${column.name} (${column.pii})`).join(', ')
      issues.add({
        code: 'SPEC_MISSING_KEY', path, key: true,
        message: `Anyone may read "${spec.name}", and it holds personal data: ${columns}.`,
        remedy,
      })
    }
    for (const verb of ['insert', 'update', 'delete'] as const) {
      const rule = access[verb]
      if (rule.any !== 'signed_in' && !isOpen(rule)) continue
      const who = isOpen(rule) ? 'Anyone, signed in or not,' : 'Any signed-in user'
      issues.add({ code: 'SPEC_MISSING_KEY', path, key: true, message: `${who} may ${verb} rows of "${spec.name}".`, remedy })
    }
  }
  checkInsertable(issues, path, spec)
}

function isOpen(rule: VerbRule): boolean {
  return rule.any === 'anyone' || rule.own === 'anyone'
}

/** Clients that may insert must be able to give every value that a row needs. */
function checkInsertable(issues: Reading['issues'], path: Path, spec: TableDraft['spec']): void {
  const { own, any } = spec.access.insert
  if ([own, any].every((audience) => audience === 'service' || audience === 'nobody')) return
  const stuck = spec.columns.filter((column) => column.serverOnly && !column.nullable && column.default === null && column.generated === null && !column.identity)
  for (const column of stuck)
    issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `Clients may insert into "${spec.name}", and only the service may write "${column.name}", which has no default.`,
      remedy: `Give "${column.name}" a default, make it nullable, or let the service insert.`,
    })
}
