/** What the spec says of an object in Supabase Storage, from its key alone. No SQL and no policy is seen here. */
import { type Caller, type RowFacts, mayDo } from './access.ts'
import { emptyTable } from './reading/table-draft.ts'
import type { FileSpec, TableSpec, Tenancy, Verb } from './spec.ts'

/** An object as the storage server knows it. */
export interface StoredObject {
  bucket: string
  name: string
  /** `owner_id`: who uploaded it, as text. */
  owner: string | null
}

export interface ObjectFacts extends RowFacts {
  /** It lies in the bucket of the file. */
  inBucket: boolean
  /** Its key has the folders of the file, and no other way of writing them. */
  inLayout: boolean
}

export function objectFacts({ bucket, name, owner }: StoredObject, file: FileSpec, deletedTenants: ReadonlySet<string>): ObjectFacts {
  const segments = name.split('/')
  // Without a folder there is nobody whose it is.
  const first = segments.length > 1 ? (segments[0] ?? '') : null
  const scope = file.objects?.scope ?? 'row'
  const folders = file.objects?.folders ?? []
  const tenant = scope === 'tenant' ? first : null
  return {
    owner: scope === 'owner' ? first : owner,
    tenant,
    organizationDeleted: tenant !== null && deletedTenants.has(tenant),
    deleted: false,
    where: { own: true, any: true },
    parent: null,
    shares: [],
    inBucket: bucket === file.bucket,
    inLayout: segments.length > folders.length && folders.every((folder, place) => new RegExp(`^${folder}$`).test(segments[place] ?? '')) && segments.every((segment) => !['', '.', '..'].includes(segment)),
  }
}

/** May the caller do this to the object? For the new key of an update, ask again. Only keys of the layout are written. */
export function mayTouch(verb: Verb, caller: Caller, facts: ObjectFacts, file: FileSpec, tenancy: Tenancy): boolean {
  if (caller.role === 'service_role') return true
  if (!facts.inBucket || ((verb === 'insert' || verb === 'update') && !facts.inLayout)) return false
  return mayDo(verb, caller, facts, objectsTable(file), tenancy)
}

/** The objects of a file as a table with its access. */
export function objectsTable({ objects }: FileSpec): TableSpec {
  const table = emptyTable('storage', 'objects')
  return objects ? { ...table, access: { ...table.access, ...objects.access, anonymous: objects.anonymous } } : table
}
