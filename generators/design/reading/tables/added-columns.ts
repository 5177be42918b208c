/** Columns that nobody declares: keys, owner, audit, timestamps, soft delete. */
import type { ForeignKeySpec } from '../../key-spec.ts'
import type { ColumnOrigin, ColumnSpec } from '../../spec.ts'

/** A column with nothing special about it. */
export function plainColumn(name: string, type: string, origin: ColumnOrigin, rest: Partial<ColumnSpec> = {}): ColumnSpec {
  return {
    name,
    type,
    nullable: false,
    default: null,
    identity: false,
    generated: null,
    check: null,
    oneOf: null,
    pii: null,
    erase: null,
    immutable: false,
    serverOnly: false,
    comment: null,
    origin,
    ...rest,
  }
}

export function idColumn(type: 'uuid' | 'bigint'): ColumnSpec {
  return type === 'uuid' ? plainColumn('id', 'uuid', 'id', { default: 'gen_random_uuid()' }) : plainColumn('id', 'bigint', 'id', { identity: true })
}

export function ownerColumn(kind: 'required' | 'optional'): ColumnSpec {
  return plainColumn('owner_id', 'uuid', 'owner', { nullable: kind === 'optional', default: 'auth.uid()' })
}

export function timestampColumns(): ColumnSpec[] {
  return ['created_at', 'updated_at'].map((name) => plainColumn(name, 'timestamptz', 'timestamp', { default: 'now()' }))
}

export function auditColumns(): ColumnSpec[] {
  return ['created_by', 'updated_by'].map((name) => plainColumn(name, 'uuid', 'audit', { nullable: true, default: 'auth.uid()' }))
}

export function deletedAtColumn(): ColumnSpec {
  return plainColumn('deleted_at', 'timestamptz', 'soft_delete', { nullable: true })
}

/** `owner_id`, `created_by`, `updated_by` → `auth.users(id)`. */
export function userReference(column: ColumnSpec): ForeignKeySpec {
  const cascades = column.origin === 'owner' && !column.nullable
  return {
    columns: [column.name],
    references: { table: { schema: 'auth', name: 'users' }, columns: ['id'] },
    onDelete: cascades ? 'cascade' : 'set null',
    because: cascades ? 'rows of an account go with the account' : 'the row outlives the account',
    deferrable: false,
  }
}
