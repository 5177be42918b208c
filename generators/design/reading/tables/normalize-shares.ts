/** `access.shares`: with whom a row is shared, in a table that the design declares or that is generated. */
import { plainColumn, timestampColumns } from './added-columns.ts'
import { type Catalog, findTable } from '../../catalog.ts'
import { typeOfText } from './column-types.ts'
import type { SharesInput } from '../../input-access.ts'
import { suggestion } from '../../issues.ts'
import { type Reading, readName, readQualifiedName } from '../reading.ts'
import { singular } from '../../singular.ts'
import type { Path } from '../../source.ts'
import { baseAudience, isParent, isRole } from '../../audience-kinds.ts'
import type { SharesSpec } from '../../followed.ts'
import { type TableSpec, type Tenancy, scopeColumn } from '../../spec.ts'
import { type TableDraft, columnNames, emptyTable, findColumn } from '../table-draft.ts'
import type { QualifiedName } from '../../../sql/identifier.ts'

/** The drafts, with a table of shares behind each table that needs one. */
export function withShares(reading: Reading, drafts: readonly TableDraft[], tenancy: Tenancy): TableDraft[] {
  return drafts.flatMap((draft) => {
    const input = writtenShares(draft)
    const read = input && readShares(reading, draft, input)
    if (!read) return [draft]
    const declared = drafts.find(({ spec }) => isSame(spec, read.table))
    draft.spec.access.shares = { ...read, deleted: declared && declared.spec.softDelete !== 'none' ? 'deleted_at' : null }
    if (declared) {
      checkDeclared(reading, draft, declared, read)
      return [draft]
    }
    return isFree(reading, draft, read.table) ? [draft, generated(reading.catalog, draft, read, tenancy)] : [draft]
  })
}

function writtenShares({ input }: TableDraft): SharesInput | null {
  if (!input) return null
  if (typeof input.access === 'string') return input.access === 'shared_with' ? {} : null
  return input.access.shares ?? (input.access.pattern === 'shared_with' ? {} : null)
}

function placeOf(draft: TableDraft): Path {
  const isLong = typeof draft.input?.access === 'object' && draft.input.access.shares !== undefined
  return [...draft.path, 'access', ...(isLong ? ['shares'] : [])]
}

function readShares(reading: Reading, draft: TableDraft, input: SharesInput): Omit<SharesSpec, 'deleted'> | null {
  const { spec } = draft
  const path = placeOf(draft)
  const stem = singular(spec.name)
  const levels = input.levels ?? ['viewer', 'editor']
  const table = input.table === undefined ? { schema: spec.schema, name: `${stem}_shares` } : readQualifiedName(reading, [...path, 'table'], input.table)
  const row = readName(reading, [...path, 'row'], input.row ?? `${stem}_id`)
  const user = readName(reading, [...path, 'user'], input.user ?? 'user_id')
  const level = input.level === undefined && levels.length < 2 ? null : readName(reading, [...path, 'level'], input.level ?? 'level')
  if (spec.primaryKey.length !== 1 || spec.ownerColumn === null) {
    const lacks = spec.ownerColumn === null ? 'no owner, who would share them' : 'a key of several columns, and a share names one'
    reading.issues.add({
      code: 'SPEC_CONFLICT', path, key: true,
      message: `Rows of "${spec.name}" cannot be shared: they have ${lacks}.`,
      remedy: spec.ownerColumn === null ? 'Add for example: columns: { owner_id: { type: uuid, default: { sql: auth.uid() }, references: auth.users, on_delete: cascade, because: … } }' : 'Leave primary_key out: the table then has an id.',
    })
    return null
  }
  if (!checkLevels(reading, path, levels) || !table || row === null || user === null) return null
  return { table, row, user, level, levels }
}

function checkLevels({ issues }: Reading, path: Path, levels: string[]): boolean {
  const odd = levels.find((level, index) => level.trim() === '' || levels.indexOf(level) < index)
  if (levels.length > 0 && odd === undefined) return true
  issues.add({
    code: 'SPEC_VALUE', path: [...path, 'levels'],
    message: odd === undefined ? 'There is no level.' : `"${odd}" is no level of its own.`,
    remedy: 'Write them weakest first: levels: [viewer, editor]',
  })
  return false
}

function isFree({ issues, catalog }: Reading, draft: TableDraft, { schema, name }: QualifiedName): boolean {
  const existing = findTable(catalog, schema, name)
  if (!existing) return true
  issues.add({
    code: 'SPEC_CONFLICT', path: placeOf(draft), key: true,
    message: `A ${existing.kind} "${schema}.${name}" exists already, and who may write it is not in this design.`,
    remedy: `Name another table, which is then generated: shares: { table: ${name}_of_${draft.spec.name} }`,
  })
  return false
}

/** Whoever is listed must not list themselves: a share is given by the owner of the row, by a role or by the service. */
function checkDeclared(reading: Reading, draft: TableDraft, declared: TableDraft, { table, row, user, level, levels }: Omit<SharesSpec, 'deleted'>): void {
  const { issues } = reading
  const path = placeOf(draft)
  for (const [key, name] of Object.entries({ row, user, level })) {
    if (name !== null && findColumn(declared, name) === undefined)
      issues.unknown({ path: [...path, key], what: `column of "${table.schema}.${table.name}" called`, name, known: columnNames(declared) })
  }
  const allowed = level === null ? null : findColumn(declared, level)?.oneOf
  for (const [index, one] of levels.entries())
    if (allowed && !allowed.includes(one)) issues.add({ code: 'SPEC_VALUE', path: [...path, 'levels', index], message: `No share can have the level "${one}".`, remedy: suggestion(one, allowed) })
  const isType = (name: string, type: string) => declared.types.get(name)?.id === typeOfText(type, reading.catalog).id
  const key = draft.spec.columns.find(({ name }) => name === draft.spec.primaryKey[0])
  const wrong = [...(isType(user, 'uuid') ? [] : [user]), ...(key && isType(row, key.type) ? [] : [row])].filter((name) => findColumn(declared, name))
  for (const name of wrong) issues.add({ code: 'SPEC_CONFLICT', path, key: true, message: `"${name}" of "${table.name}" has another type than what it names.`, remedy: `Give ${name} the type of the key that it holds.` })
}

/** Needs the access of the declared table of shares. */
export function checkSharesAccess(reading: Reading, draft: TableDraft, drafts: readonly TableDraft[]): void {
  const { shares } = draft.spec.access
  const declared = shares && drafts.find(({ spec, input }) => input !== null && isSame(spec, shares.table))
  if (!shares || !declared) return
  const { access, ownerColumn } = declared.spec
  for (const verb of ['insert', 'update'] as const) {
    const { own, any } = access[verb]
    const isGiven = any === 'service' || any === 'nobody' || isParent(any) || isRole(any)
    const isOwn = ownerColumn === shares.user && own !== 'service' && own !== 'nobody' && JSON.stringify(own) !== JSON.stringify(any)
    if (isGiven && !isOwn) continue
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: [...declared.path, 'access'], key: true,
      message: `Whoever may ${verb} rows of "${declared.spec.name}" gives themselves access to rows of "${draft.spec.name}".`,
      remedy: `Write: access: { pattern: parent, via: ${shares.row}, ${verb}: { parent: owner } }`,
    })
  }
}

/** The owner of the row manages its shares; whom it is shared with sees their own share and may leave. */
function generated(catalog: Catalog, { path, spec, types }: TableDraft, { table, row, user, level, levels }: Omit<SharesSpec, 'deleted'>, tenancy: Tenancy): TableDraft {
  const key = spec.primaryKey[0] ?? ''
  const keyType = types.get(key)?.sql ?? 'uuid'
  const byOwner = { parent: 'owner' } as const
  const tenant = tenancy.model !== 'none' && spec.tenantColumn !== null ? [plainColumn(tenancy.column, tenancy.type, 'tenant')] : []
  const own = baseAudience(tenancy, { isScoped: scopeColumn(spec) !== null })
  const parent = { schema: spec.schema, name: spec.name }
  const via = { column: row, references: parent, key, existing: null }
  const empty = emptyTable(table.schema, table.name)
  const shares: TableSpec = {
    ...empty,
    about: `With whom a row of ${spec.name} is shared${level === null ? '' : `, from ${levels[0]} up`}.`,
    columns: [
      ...tenant,
      plainColumn(row, keyType, 'declared'),
      plainColumn(user, 'uuid', 'owner'),
      ...(level === null ? [] : [plainColumn(level, 'text', 'declared', { oneOf: levels })]),
      ...timestampColumns(),
    ],
    primaryKey: [row, user],
    foreignKeys: [
      { columns: [row], references: { table: parent, columns: [key] }, onDelete: 'cascade', because: 'a share means nothing without its row', deferrable: false },
      { columns: [user], references: { table: { schema: 'auth', name: 'users' }, columns: ['id'] }, onDelete: 'cascade', because: 'a share means nothing without its user', deferrable: false },
    ],
    tenantColumn: tenant[0]?.name ?? null,
    tenantVia: tenant.length === 0 && scopeColumn(spec) !== null ? via : null,
    ownerColumn: user,
    timestamps: true,
    access: {
      ...empty.access,
      pattern: 'parent',
      via,
      select: { own, any: byOwner },
      insert: { own: 'service', any: byOwner },
      update: { own: 'service', any: byOwner },
      delete: { own, any: byOwner },
    },
  }
  return { path, input: null, spec: shares, types: new Map(shares.columns.map((column) => [column.name, typeOfText(column.type, catalog)])), columnPaths: new Map() }
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
