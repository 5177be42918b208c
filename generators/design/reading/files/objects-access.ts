/** Files in Supabase Storage: who reaches the objects of the bucket, and how their keys begin. */
import { type AudienceScope, readRule } from '../../audience.ts'
import type { VerbValue } from '../../input-access.ts'
import type { FileInput } from '../../input.ts'
import type { Reading } from '../reading.ts'
import type { Relation } from '../relations.ts'
import type { Path } from '../../source.ts'
import { type FileSpec, type Tenancy, type Verb, type VerbRule, verbs } from '../../spec.ts'
import type { ColumnType } from '../tables/column-types.ts'

/** The value of each verb. One value stands for all of them; of a list of verbs, what is left out is the service's. */
export function verbValues({ access, store }: FileInput): Record<Verb, VerbValue> {
  const isList = typeof access === 'object' && verbs.some((verb) => verb in access)
  const of = (verb: Verb): VerbValue => (isList ? ((access as Partial<Record<Verb, VerbValue>>)[verb] ?? 'service') : verb === 'select' || store === 'supabase' ? (access as VerbValue) : 'service')
  return { select: of('select'), insert: of('insert'), update: of('update'), delete: of('delete') }
}

/** Null for another store, and after an issue. */
export function readObjects(reading: Reading, path: Path, input: FileInput, relation: Relation, tenancy: Tenancy): FileSpec['objects'] {
  const { issues } = reading
  if (input.store !== 'supabase') {
    for (const key of ['public', 'because'] as const)
      if (input[key] !== undefined) issues.add({ code: 'SPEC_CONFLICT', path: [...path, key], key: true, message: `"${key}" is about a bucket of Supabase Storage, and this file is in S3.`, remedy: `Remove ${key}, or write store: supabase.` })
    if (verbs.some((verb) => typeof input.access === 'object' && verb in input.access))
      issues.add({ code: 'SPEC_CONFLICT', path: [...path, 'access'], message: 'Only the service writes to S3, so there is nothing to say of single verbs.', remedy: 'Write who may read it: access: member, or store: supabase.' })
    return null
  }
  const key = relation.columns.find((column) => column.name === relation.primaryKey[0])
  if (!key || relation.primaryKey.length !== 1) {
    issues.add({ code: 'SPEC_CONFLICT', path: [...path, 'store'], message: `The key of an object names its row, and "${relation.schema}.${relation.name}" has no primary key of one column.`, remedy: 'Give it an id.' })
    return null
  }
  const owner = relation.draft?.spec.ownerColumn ?? null
  const isScoped = relation.tenantColumn !== null && tenancy.model !== 'none'
  const scope = isScoped ? 'tenant' : owner !== null ? 'owner' : 'row'
  const values = verbValues(input)
  const access = Object.fromEntries(verbs.map((verb) => [verb, readObjectRule(reading, path, { value: values[verb], verb, relation, tenancy, isScoped, isWritten: typeof input.access === 'object' && verb in input.access })])) as Record<Verb, VerbRule>
  checkOpen(reading, path, input, access)
  const userFolder = { name: 'uuid', isArray: false }
  const folders = [...(scope === 'tenant' ? [folderOf(relation.columns.find((column) => column.name === relation.tenantColumn)?.type)] : scope === 'owner' ? [folderOf(userFolder)] : []), folderOf(key.type)]
  return { access, scope, folders, anonymous: relation.draft?.spec.access.anonymous ?? false, public: input.public ?? false, because: input.because ?? null }
}

interface VerbContext {
  value: VerbValue
  verb: Verb
  relation: Relation
  tenancy: Tenancy
  isScoped: boolean
  isWritten: boolean
}

function readObjectRule(reading: Reading, path: Path, { value, verb, relation, tenancy, isScoped, isWritten }: VerbContext): VerbRule {
  const place = [...path, 'access', ...(isWritten ? [verb] : [])]
  // Whoever uploads is the owner; only a rule that speaks of owners asks for one.
  const speaksOfOwners = value === 'owner' || (typeof value === 'object' && value.own !== undefined)
  const scope: AudienceScope = { reading, table: relation.name, tenancy, scoped: isScoped, owned: speaksOfOwners, via: null, shares: null }
  const rule = readRule(scope, place, value, verb)
  if (rule.own === 'nobody' || rule.any === 'nobody')
    reading.issues.add({ code: 'SPEC_VALUE', path: place, message: 'The service passes every policy and holds all rights on storage.objects, so nobody cannot be kept.', remedy: 'Write: service' })
  return rule
}

function checkOpen({ issues }: Reading, path: Path, input: FileInput, access: Record<Verb, VerbRule>): void {
  const isOpen = (verb: Verb) => access[verb].any === 'anyone' || access[verb].own === 'anyone'
  for (const verb of ['insert', 'update', 'delete'] as const)
    if (isOpen(verb))
      issues.add({ code: 'SPEC_CONFLICT', path: [...path, 'access'], message: `Whoever finds the key of the project could ${verb} objects without signing in.`, remedy: `Write per verb: access: { select: anyone, ${verb}: signed_in }` })
  if ((input.public || isOpen('select')) && !input.because)
    issues.add({
      code: 'SPEC_MISSING_KEY', path: input.public ? [...path, 'public'] : [...path, 'access'], key: input.public === true,
      message: input.public ? `The bucket "${input.bucket}" would serve every object without asking a policy.` : `Everybody could read the objects of "${input.bucket}".`,
      remedy: 'Say why: because: <reason>, or make it private.',
    })
}

/** What a value of the type is made of, as Postgres prints it. Never a slash: a value with one has no folder. */
function folderOf(type: Pick<ColumnType, 'name' | 'isArray'> | undefined): string {
  if (type?.name === 'uuid') return '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
  return /^(int[248]|bigint|integer|smallint)$/.test(type?.name ?? '') ? '[0-9]+' : '[^/]+'
}
