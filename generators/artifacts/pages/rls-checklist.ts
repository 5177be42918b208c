/** The checklist of row level security: each point ticked by what was observed, or open with what is missing. */
import type { AccessCell, AccessEvidence } from '../../design/evidence.ts'
import type { TablePlan } from '../../design/plan.ts'
import { writableColumns } from '../../design/spec.ts'
import { ident } from '../../sql/identifier.ts'
import type { DocumentInput } from '../define-artifact.ts'
import type { Claim } from './claim.ts'
import { code, codes, counted, listed } from './markdown.ts'
import { type MigrationFacts, grantedPrivileges, rowSecurityFile } from './migration-facts.ts'
import { shapesOf } from './request-shapes.ts'
import { type TableIndex, nameOf, tableIndexes } from '../../planner/table-indexes.ts'
import { probedPhases } from './probed-phases.ts'
import { viewClaim } from './views-section.ts'

export function rlsChecklist(input: DocumentInput, migrations: readonly MigrationFacts[]): Claim[] {
  const { access } = input.evidence
  const { tenancy } = input.plan.spec
  const tables = input.plan.tables
  const softDeleted = tables.filter((table) => table.table.softDelete !== 'none')
  const members = tenancy.model === 'organization' && tables.some((table) => table.table.tenantColumn !== null)
  return [
    rowSecurity(input, migrations),
    privileges(input, migrations),
    ...(tables.some((table) => table.policies.length > 0) ? [withCheck(input), initPlans(input), leadingColumns(input)] : []),
    anonymous(access),
    ...(softDeleted.length > 0 ? [observed(access, 'Deleted rows stay hidden', byRow(/\bdeleted\b/i, /organi[sz]ation/i), 'row')] : []),
    ...(members ? [observed(access, 'A removed member is out at once', byIdentity(/removed|former|inactive/i), 'identity')] : []),
    ...(members && tenancy.organizationDeleted ? [observed(access, 'Rows of a deleted organisation are closed', byRow(/deleted/i, null, /organi[sz]ation/i), 'row')] : []),
    observed(access, 'Anonymous sign-ins get no more than the spec says', byIdentity(/anonymous/i), 'identity'),
    ...(tables.some((table) => table.table.access.mfa.length > 0) ? [observed(access, 'Without a second factor nothing that asks for one', byIdentity(/_aal1|_no_aal/), 'identity')] : []),
    observed(access, 'Forged `user_metadata` opens nothing', byIdentity(/forged|metadata/i), 'identity'),
    worlds(access),
    afterEachFile(input),
    protectedColumns(input),
    blindWrites(access),
    ...(tables.some((table) => table.table.floor) ? [tenantFloor(input)] : []),
    ...(tables.some((table) => table.foreignKeys.some((key) => key.tenantScoped)) ? [foreignReferences(access)] : []),
    ...(input.plan.views.length > 0 ? [viewClaim(input.plan, access)] : []),
  ]
}

function rowSecurity({ plan, evidence }: DocumentInput, migrations: readonly MigrationFacts[]): Claim {
  const title = 'Row level security is on'
  const files = plan.tables.map((table) => rowSecurityFile(migrations, table.table))
  const without = plan.tables.filter((_table, place) => files[place] === null).map((table) => nameOf(table.table))
  if (without.length > 0) return { title, state: 'failed', because: [`No file switches it on for ${codes(without)}.`] }
  const because = [`Switched on for ${counted(plan.tables.length, 'table')} in ${codes([...new Set(files.filter((file) => file !== null))])}, the file that creates ${plan.tables.length === 1 ? 'it' : 'them'}.`]
  return evidence.replay.status === 'proved' ? { title, state: 'proved', because } : { title, state: 'open', because: [...because, 'Applying the files was not proved.'] }
}

function privileges({ plan, evidence }: DocumentInput, migrations: readonly MigrationFacts[]): Claim {
  const title = 'No privilege beyond the spec'
  const granted = grantedPrivileges(migrations)
  const excess = granted.filter((privilege) => !['select', 'insert', 'update', 'delete'].includes(privilege))
  if (excess.length > 0) return { title, state: 'failed', because: [`The files grant ${codes(excess)}.`] }
  const anon = plan.tables.filter((table) => table.grants.some((grant) => grant.role === 'anon' && grant.privileges.length > 0))
  const because = [
    `The files grant ${codes(granted)} and nothing else: no TRUNCATE, REFERENCES or TRIGGER, nothing to PUBLIC.`,
    anon.length > 0 ? `${code('anon')} is granted something on ${codes(anon.map((table) => nameOf(table.table)))}.` : `${code('anon')} is granted nothing.`,
  ]
  return evidence.access.status === 'proved' ? { title, state: 'proved', because } : { title, state: evidence.access.status, because: [...because, 'The access matrix is not proved.'] }
}

function withCheck({ plan }: DocumentInput): Claim {
  const title = 'Every written row is checked'
  const writing = plan.tables.flatMap((table) => table.policies).filter((policy) => policy.command === 'insert' || policy.command === 'update' || policy.command === 'all')
  if (writing.length === 0) return { title, state: 'not applicable', because: ['no policy lets a client insert or update.'] }
  const without = writing.filter((policy) => policy.check === null)
  if (without.length > 0) return { title, state: 'open', because: [`No WITH CHECK in ${codes(without.map((policy) => policy.name))}.`] }
  return { title, state: 'proved', because: [`WITH CHECK stands in ${counted(writing.length, 'policy', 'policies')} for insert and update.`] }
}

/** A SubPlan would run once for each row. */
function initPlans({ evidence }: DocumentInput): Claim {
  const title = 'Policies run once for a query, not once for a row'
  const underRls = evidence.plans.queries.filter((query) => query.as === 'anon' || query.as === 'authenticated')
  if (underRls.length === 0) return { title, state: 'open', because: ['No declared query runs as `anon` or `authenticated`, so no plan under a policy was seen.'] }
  const slow = underRls.filter((query) => query.subPlans > 0)
  if (slow.length > 0) return { title, state: 'failed', because: [`A SubPlan stands in the plan of ${codes(slow.map((query) => query.name))}.`] }
  return { title, state: 'proved', because: [`No SubPlan in the plans of ${codes(underRls.map((query) => query.name))}.`] }
}

function leadingColumns({ plan }: DocumentInput): Claim {
  const title = 'The column of each policy leads an index'
  const scoped = plan.tables.flatMap((table) => policyColumns(table).map((column) => ({ table, column, index: leadingIndex(plan, table, column) })))
  if (scoped.length === 0) return { title, state: 'not applicable', because: ['no policy compares a column with the caller.'] }
  const without = scoped.filter(({ index }) => index === undefined)
  if (without.length > 0) return { title, state: 'open', because: [`No index begins with ${listed(without.map(({ table, column }) => code(`${table.table.name}.${column}`)))}.`] }
  return { title, state: 'proved', because: [`${listed(scoped.map(({ table, column, index }) => `${code(`${table.table.name}.${column}`)} leads ${code(index?.name ?? '')}`))}.`] }
}

/** One over all rows, if there is one. */
function leadingIndex(plan: DocumentInput['plan'], table: TablePlan, column: string): TableIndex | undefined {
  const leading = tableIndexes(plan, table).filter((index) => index.columns[0] === column)
  return leading.find((index) => index.where === null) ?? leading[0]
}

function policyColumns(table: TablePlan): string[] {
  const text = table.policies.map((policy) => `${policy.using ?? ''} ${policy.check ?? ''}`).join(' ')
  const { tenantColumn, ownerColumn, tenantVia, access } = table.table
  const columns = [tenantColumn, ownerColumn, tenantVia?.column ?? null, access.via?.column ?? null]
  return [...new Set(columns)].filter((column) => column !== null).filter((column) => text.includes(`${ident(column)} = `))
}

function anonymous(access: AccessEvidence): Claim {
  return observed(access, 'Without a token nothing opens but what is public', byIdentity(/^anon[ _]/), 'identity')
}

/** Row level security has no columns: what a client may write is a matter of grants. */
function protectedColumns({ plan, evidence }: DocumentInput): Claim {
  const title = 'Columns that are not for clients refuse to be written'
  const { columns } = shapesOf(evidence.access)
  if (columns.length === 0) return { title, state: 'open', because: ['No request named such a column.'] }
  const fixed = new Set(plan.tables.flatMap(({ table }) => table.columns.filter((column) => column.generated === null && !writableColumns(table, 'update').includes(column.name)).map((column) => column.name)))
  const missing = [...fixed].filter((column) => !columns.includes(column))
  if (missing.length > 0) return { title, state: 'open', because: [`Not tried: ${codes(missing)}.`] }
  return { title, state: evidence.access.status, because: [`Tried with the rights of every client role: ${codes(columns)}.`] }
}

/** Policies for SELECT do not stand in the way of an UPDATE that reads no column. */
function blindWrites(access: AccessEvidence): Claim {
  const title = 'Writes without a condition, and TRUNCATE, reach no further'
  const { forms } = shapesOf(access)
  const missing = ['blind', 'truncate'].filter((form) => !forms.includes(form))
  if (missing.length > 0) return { title, state: 'open', because: [`Not tried: ${missing.join(', ')}.`] }
  return { title, state: access.status, because: ['`update` and `delete` without `where`, and `truncate`, were sent as every identity.'] }
}

/** Tried by adding the mistake, not by reading the policy. */
function tenantFloor({ plan, evidence }: DocumentInput): Claim {
  const title = 'A policy that lets everybody through stays within the tenant'
  const { forms } = shapesOf(evidence.access)
  const bare = plan.tables.filter(({ table }) => table.tenantColumn !== null && !table.floor)
  const without = bare.filter(({ table }) => table.kind !== 'invitations').map(({ table }) => nameOf(table))
  const invited = bare.filter(({ table }) => table.kind === 'invitations').map(({ table }) => nameOf(table))
  const behind = plan.tables.filter(({ table }) => table.tenantColumn === null && table.tenantVia !== null).map(({ table }) => nameOf(table))
  const because = [`Such a policy was added, with every right, to each table that has the floor${without.length > 0 ? `; ${codes(without)} ${without.length === 1 ? 'has' : 'have'} none, as the spec says` : ''}${invited.length > 0 ? `; ${codes(invited)} has none, because whom an invitation addresses is no member yet` : ''}${behind.length > 0 ? `; the tenant of ${codes(behind)} stands on another table, so a floor there is not generated` : ''}.`]
  if (!forms.includes('past a policy for everybody')) return { title, state: 'open', because: ['Not tried.'] }
  return { title, state: evidence.access.status, because }
}

/** A foreign key sees every row: without the tenant in it, its answer tells whether a row of somebody else exists. */
function foreignReferences(access: AccessEvidence): Claim {
  const title = 'A reference into another tenant is refused like one to nothing'
  const { forms } = shapesOf(access)
  const missing = ['a reference pointing elsewhere', 'a reference pointing nowhere'].filter((form) => !forms.includes(form))
  if (missing.length > 0) return { title, state: 'open', because: [`Not tried: ${listed(missing)}.`] }
  return { title, state: access.status, because: ['Both were sent for the foreign keys that hold the tenant.'] }
}

type Pick = (cell: AccessCell, titles: { identity: string; row: string }) => boolean

function byIdentity(words: RegExp): Pick {
  return (_cell, { identity }) => words.test(identity)
}

function byRow(words: RegExp, unless: RegExp | null, also: RegExp | null = null): Pick {
  return (_cell, { row }) => words.test(row) && !unless?.test(row) && (also?.test(row) ?? true)
}

/** The cells of one identity or one kind of row: proved when there are some and all came out as the spec says. */
function observed(access: AccessEvidence, title: string, pick: Pick, kind: 'identity' | 'row'): Claim {
  const cells = access.tables.flatMap((table) => {
    return table.cells.filter((cell) => pick(cell, { identity: idAndTitle(table.identities, cell.identity), row: idAndTitle(table.rows, cell.row) }))
  })
  if (cells.length === 0) return { title, state: 'open', because: [`No ${kind} of that kind was among the requests.`] }
  const wrong = cells.filter((cell) => cell.expected !== cell.observed).length
  if (wrong > 0) return { title, state: 'failed', because: [`${counted(wrong, 'case')} of ${cells.length} came out differently.`] }
  return { title, state: 'proved', because: [`${counted(cells.length, 'case')} observed, all as the spec says.`] }
}

function idAndTitle(list: readonly { id: string; title: string }[], id: string): string {
  return `${id} ${list.find((item) => item.id === id)?.title ?? ''}`
}

function worlds(access: AccessEvidence): Claim {
  const title = 'The same under both default privileges of Supabase'
  const names = { legacy: 'the old ones (new tables open to clients)', explicit: 'the new ones (new tables closed)' }
  const missing = (['legacy', 'explicit'] as const).filter((world) => !access.worlds.includes(world))
  if (missing.length > 0) return { title, state: 'open', because: [`Not run under ${listed(missing.map((world) => names[world]))}.`] }
  const [short] = access.shortIn ?? []
  if (short === undefined) return { title, state: access.status, because: [`All requests were sent under ${names.legacy} and under ${names.explicit}.`] }
  const full = short === 'legacy' ? 'explicit' : 'legacy'
  return { title, state: access.status, because: [`All requests were sent under ${names[full]}. Under ${names[short]}, rights, policies and functions were the same line by line after each file, and a short set was sent.`] }
}

function afterEachFile(input: DocumentInput): Claim {
  const { evidence } = input
  const title = 'Never wider than the spec between two files'
  const phases = probedPhases(input)
  const missing = phases.map((phase) => phase.migration).filter((file) => !evidence.access.afterFiles.includes(file))
  if (missing.length > 0) return { title, state: 'open', because: [`The requests were not sent after ${codes(missing)}.`] }
  return { title, state: evidence.access.status, because: [`Requests were sent after each of the ${counted(phases.length, 'file')} after which the tables exist; a short set where a file changed no right, policy, function, key or trigger.`] }
}
