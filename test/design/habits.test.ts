import { describe, expect, test } from 'vitest'
import type { CatalogTable } from '../../generators/design/catalog.ts'
import { habitsOf } from '../../generators/design/habits.ts'
import { column, sampleCatalog, table } from './sample-catalog.ts'

const hints = { apiSchemas: ['core'] }
const withTables = (tables: CatalogTable[]) => habitsOf({ ...sampleCatalog, tables }, hints)

describe('habits', () => {
  test('the main schema has most tables; views and schemas of Supabase do not count', () => {
    expect(habitsOf(sampleCatalog, hints)).toMatchObject({ schema: 'core', idType: 'uuid', apiSchemas: ['core'] })
    expect(withTables([table('auth.users', []), table('auth.more', []), table('b.t', []), table('c.v', [], { kind: 'view' }), table('c.w', [], { kind: 'view' })]).schema).toBe('b')
  })

  test('a tie goes to the first name, an empty repository to public', () => {
    expect(withTables([table('b.t', []), table('a.t', [])]).schema).toBe('a')
    expect(withTables([]).schema).toBe('public')
  })

  test('ids follow the majority of the primary keys', () => {
    const numbered = (name: string) => table(name, [column('id', 'bigint')])
    expect(withTables([numbered('a.x'), numbered('a.y'), table('a.z', [column('id', 'uuid')])]).idType).toBe('bigint')
    expect(withTables([numbered('a.x'), table('a.z', [column('id', 'uuid')])]).idType).toBe('uuid')
  })

  test('the trigger function of updated_at is found by what it does, its triggers by how they are named', () => {
    const { updatedAt } = habitsOf(sampleCatalog, hints)
    expect(updatedAt?.function).toEqual({ schema: 'core', name: 'set_updated_at' })
    expect(updatedAt?.triggerName('notes')).toBe('notes_set_updated_at')
  })

  test('a function that does more is not equivalent', () => {
    const functions = sampleCatalog.functions.map((one) => ({ ...one, body: one.body.replace('return', 'new.version := 1; return') }))
    expect(habitsOf({ ...sampleCatalog, functions }, hints).updatedAt).toBeNull()
  })
})
