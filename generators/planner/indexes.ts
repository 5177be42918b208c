/** The index plan by rule: keys first, then foreign keys, tenancy, owners and declared queries; prefixes are merged. */
import { type Catalog, type CatalogTable, findTable } from '../design/catalog.ts'
import type { SharesSpec } from '../design/followed.ts'
import { sharedTableOf } from '../design/parent-rules.ts'
import type { IndexPlan, RejectedIndex, TablePlan } from '../design/plan.ts'
import type { Spec, TableSpec } from '../design/spec.ts'
import { type QualifiedName, composedName, ident, qualified } from '../sql/identifier.ts'
import { type Candidate, btree } from './index-candidate.ts'
import { indexTarget } from './index-target.ts'
import { indexNames, relationNames } from './index-name.ts'
import { queryCandidates } from './query-index.ts'
import { scansOf } from './raw-query.ts'

/** What the rules want; which of it is made, and what else, the planner of a server decides. */
export interface IndexesPlan {
  indexes: IndexPlan[]
  /** Name of the index that is expected to serve each query. */
  served: Map<string, string>
  /** Of tables whose indexes are built by hand. */
  rejected: RejectedIndex[]
}

export function planIndexes(tables: TablePlan[], spec: Spec, catalog: Catalog): IndexesPlan {
  const read = spec.queries.flatMap((query) => scansOf(query, spec, catalog).flatMap((scan) => (scan.table ? [scan.table] : [])))
  const existing = [...new Set(read.map((name) => findTable(catalog, name.schema, name.name)))].filter((table) => table !== undefined)
  const fixed = [...tables.flatMap(keyIndexes), ...existing.flatMap(existingIndexes)]
  const wanted = [
    ...spec.queries.flatMap((query) => queryCandidates(query, spec, catalog)),
    ...tables.flatMap(declaredIndexes),
    ...tables.flatMap(foreignKeyIndexes),
    ...tables.flatMap((table) => scopeIndexes(table, spec)),
  ]
  const isNew = (name: QualifiedName) => tables.some(({ table }) => sameName(table, name))
  const isBuilt = ({ table }: Candidate) => isNew(table) || !isPartitioned(table, catalog)
  const merged = merge(wanted, fixed)
  const own = (schema: string) => tables.filter(({ table }) => table.schema === schema).flatMap(({ table, primaryKey, uniques }) => [table.name, primaryKey.name, ...uniques.map(({ name }) => name)])
  const names = indexNames(merged, (schema) => [...relationNames(catalog, schema), ...own(schema)])
  const named = merged.map((candidate, place): Fixed => ({ ...candidate, name: names[place] ?? '' }))
  const planned = ({ equal: _equal, ...index }: Fixed): IndexPlan => ({ ...index, concurrently: !isNew(index.table) })
  const kept = named.filter(isBuilt)
  const rejected = named.filter((index) => !isBuilt(index)).map((index) => ({ index: planned(index), because: byHand(planned(index)) }))
  return { indexes: kept.map(planned), served: servedQueries(spec, catalog, [...fixed, ...kept]), rejected }
}

/** Postgres builds no index of all partitions concurrently (55000), and a plain build stops their writers. */
export function isPartitioned({ schema, name }: QualifiedName, catalog: Catalog): boolean {
  return findTable(catalog, schema, name)?.kind === 'partitioned'
}

function byHand(index: IndexPlan): string {
  return `${index.table.name} has partitions and rows, and Postgres builds no index of a parent concurrently. By hand, in migrations of your own: ${byHandSql(index, ['<partition>']).join('; ')}; the last two for each partition. Then it is found here`
}

/** Where all partitions have theirs, the index of the parent becomes valid. */
export function byHandSql(index: IndexPlan, partitions: readonly string[]): string[] {
  const { name, table: { schema, name: parent } } = index
  const on = (table: string) => indexTarget(index).replace(qualified({ schema, name: parent }), () => table)
  const own = (partition: string) => (partition.startsWith('<') ? { index: `${name}_${partition}`, table: `${ident(schema)}.${partition}` } : { index: ident(composedName([name], partition)), table: qualified({ schema, name: partition }) })
  return [
    `create index ${ident(name)} on only ${indexTarget(index)}`,
    ...partitions.flatMap((partition) => [`create index concurrently ${own(partition).index} on ${on(own(partition).table)}`, `alter index ${qualified({ schema, name })} attach partition ${ident(schema)}.${own(partition).index}`]),
  ]
}

/** What exists anyway: primary keys, unique keys, and the indexes of existing tables. */
type Fixed = Candidate & { name: string }

function keyIndexes({ table, primaryKey, uniques }: TablePlan): Fixed[] {
  return [
    { ...btree(table, primaryKey.columns), name: primaryKey.name },
    ...uniques.map((unique) => ({ ...btree(table, unique.columns), name: unique.name, where: unique.where })),
  ]
}

function existingIndexes(table: CatalogTable): Fixed[] {
  return table.indexes
    .filter((index) => index.valid && index.method === 'btree' && index.columns.every((column) => column !== null))
    .map((index) => ({ ...btree(table, index.columns.filter((column) => column !== null)), name: index.name, where: index.where }))
}

function declaredIndexes({ table }: TablePlan): Candidate[] {
  return table.indexes.map((index) => ({
    ...btree(table, index.columns),
    method: index.using as IndexPlan['method'],
    where: index.where,
    include: index.include,
    reasons: [{ rule: 'declared', subject: index.columns.join(', '), says: 'declared in the spec' }],
  }))
}

/** Without it every delete or key change of a parent scans the child. */
function foreignKeyIndexes({ table, foreignKeys }: TablePlan): Candidate[] {
  return foreignKeys.map((key) => ({
    ...btree(table, key.columns),
    reasons: [{ rule: 'foreign-key', subject: key.name, says: `foreign key to ${key.references.table.schema}.${key.references.table.name}` }],
  }))
}

/** A policy's column must lead an index, or every request of a client reads the whole table. */
function scopeIndexes({ table, policies }: TablePlan, { tables }: Spec): Candidate[] {
  const found: Candidate[] = []
  if (table.kind === 'memberships') found.push(membershipIndex(table))
  if (table.tenantColumn !== null)
    found.push({ ...btree(table, [table.tenantColumn]), reasons: [{ rule: 'tenancy', subject: table.tenantColumn, says: 'the policies compare it with the tenants of the caller' }] })
  if (table.ownerColumn !== null)
    found.push({ ...btree(table, [table.ownerColumn]), reasons: [{ rule: 'owner', subject: table.ownerColumn, says: 'the policies compare it with the caller' }] })
  const followed = [...new Set([table.access.via, table.tenantVia].flatMap((via) => via?.column ?? []))]
  const isCompared = (column: string) => policies.some(({ using, check }) => `${using} ${check}`.includes(`${ident(column)} = any`))
  found.push(...followed.filter(isCompared).map((column): Candidate => ({ ...btree(table, [column]), reasons: [{ rule: 'parent', subject: column, says: 'the policies compare it with the keys of the rows that decide' }] })))
  const shares = sharedTableOf(table, tables)?.access.shares
  if (shares) found.push(sharesIndex(table, shares))
  if (table.addressee !== undefined)
    found.push({ ...btree(table, [table.addressee]), reasons: [{ rule: 'owner', subject: table.addressee, says: "the policies compare it with the caller's address" }] })
  return found
}

/** The lookup of the policies of the shared table: by user, with what it returns and compares in the index. */
function sharesIndex(table: TableSpec, { user, row, level, deleted }: SharesSpec): Candidate {
  const include = [level, deleted].filter((column) => column !== null)
  return { ...btree(table, [user, row]), include, reasons: [{ rule: 'shares', subject: user, says: 'the policy helper looks shares up by user' }] }
}

/** The lookup of every policy helper: by user, with what it returns in the index. */
function membershipIndex(table: TableSpec): Candidate {
  const [organization = '', user = ''] = table.primaryKey
  const rest = table.columns.filter((column) => column.name === 'role').map((column) => column.name)
  return { ...btree(table, [user, organization]), include: rest, reasons: [{ rule: 'membership', subject: user, says: 'the policy helper looks memberships up by user' }] }
}

/** Longest first, so that a shorter wish finds the index that begins with it. Reasons of what is dropped move to what stays. */
function merge(wanted: Candidate[], fixed: Fixed[]): Candidate[] {
  const kept: Candidate[] = []
  const byLength = wanted.map((candidate, order) => ({ candidate, order })).toSorted((a, b) => b.candidate.keys.length - a.candidate.keys.length || a.order - b.order)
  for (const { candidate } of byLength) {
    const server = kept.find((index) => serves(index, candidate))
    if (server) server.reasons.push(...candidate.reasons)
    else if (!fixed.some((index) => serves(index, candidate))) kept.push({ ...candidate, reasons: [...candidate.reasons] })
  }
  const position = (candidate: Candidate) => wanted.findIndex((one) => sameName(one.table, candidate.table) && JSON.stringify(one.keys) === JSON.stringify(candidate.keys))
  return kept.toSorted((a, b) => position(a) - position(b))
}

/** `index` does all that `wish` would do: same table and method, begins with its keys, and holds all of its rows. */
function serves(index: Candidate, wish: Candidate): boolean {
  if (!sameName(index.table, wish.table) || index.method !== wish.method || index.keys.length < wish.keys.length) return false
  if (index.where !== null && index.where !== wish.where) return false
  if (wish.include.some((column) => !index.include.includes(column) && !index.keys.some((key) => key.column === column))) return false
  // Equality does not care for direction; an order may be read backwards as a whole.
  const pairs = wish.keys.map((key, at) => [key, index.keys[at]] as const)
  if (!pairs.every(([key, other]) => key.column === other?.column && key.operatorClass === other.operatorClass)) return false
  if (!wish.reasons.some((reason) => reason.rule === 'query')) return true
  const same = ([key, other]: (typeof pairs)[number]) => key.direction === other?.direction && key.nulls === other.nulls
  const turned = ([key, other]: (typeof pairs)[number]) => key.direction !== other?.direction && key.nulls === null && other?.nulls === null
  const ordered = pairs.slice(wish.equal)
  return ordered.every(same) || ordered.every(turned)
}

/** The shortest index that begins with what the query wants; what wins in the end is for the proof to see. */
function servedQueries(spec: Spec, catalog: Catalog, indexes: Fixed[]): Map<string, string> {
  const served = new Map<string, string>()
  for (const query of spec.queries) {
    // Of a query over several tables, the first that it reads.
    const wish = queryCandidates(query, spec, catalog)[0]
    const best = wish && indexes.filter((index) => serves(index, wish)).toSorted((a, b) => a.keys.length - b.keys.length)[0]
    if (best) served.set(query.name, best.name)
  }
  return served
}

function sameName(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
