import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Catalog } from '../../generators/design/catalog.ts'
import { planHelpers } from '../../generators/planner/helpers.ts'
import { planSoftDelete } from '../../generators/planner/soft-delete.ts'
import { composedName } from '../../generators/sql/identifier.ts'
import { column, deleted, design, id, owner, table } from '../proofs/access/designs.ts'

const catalog = { functions: [], tables: [] } as unknown as Catalog

test('alternatives stay together behind the key: a call reaches one row', () => {
  const shares = { table: { schema: 'app', name: 'note_shares' }, row: 'note_id', user: 'user_id', level: null, levels: [], deleted: null } as never
  // Anonymous sign-ins count, so that nothing but the alternatives is left of the rule.
  const notes = table('notes', [id, owner(), column('title', 'text'), deleted], { shares, anonymous: true, delete: { own: 'signed_in', any: { shared: '' } } as never }, { softDelete: 'rpc' })
  const { plan } = design('', { model: 'none' }, [{ table: notes }], { tables: '', rls: '' })
  const { functions } = planSoftDelete(notes, plan.spec, catalog, planHelpers(plan.spec, catalog).names)
  const body = functions.find(({ name }) => name.schema === 'private' && name.name === 'delete_notes')?.definition ?? ''
  expect(body.replaceAll(/\s+/g, ' ')).toContain("where id = $1 and deleted_at is null and (owner_id = (select auth.uid()) or id = any (array(select private.notes_shared_keys())))")
})

test('composed names fit, however long the table is called, and begin with what they are', () => {
  const long = 'a_table_whose_name_is_sixty_bytes_long_to_see_what_happens_x'
  expect([composedName(['delete'], long), composedName(['undelete'], long)]).toEqual([expect.stringMatching(/^delete_a_table_.*_[0-9a-f]{6}$/), expect.stringMatching(/^undelete_a_table_.*_[0-9a-f]{6}$/)])
  const words = fc.string({ unit: fc.constantFrom('a', 'b', '_', 'ö', '字'), minLength: 1, maxLength: 70 })
  fc.assert(fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), words, (parts, suffix) => Buffer.byteLength(composedName(parts, suffix)) <= 63))
})
