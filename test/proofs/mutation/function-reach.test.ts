import { expect, it } from 'vitest'
import type { AppliedFunction, AppliedTable } from '../../../generators/proofs/mutation/applied.ts'
import { tablesReached } from '../../../generators/proofs/mutation/function-reach.ts'

const table = (name: string, using = 'true') => ({ name: { schema: 'core', name }, policies: [{ using, check: null }] }) as unknown as AppliedTable
const make = (signature: string, definition: string) => ({ signature, definition }) as unknown as AppliedFunction

const tables = [table('orders', 'org_id = ANY (ARRAY( SELECT private.org_ids()))'), table('orders_archive')]
const helper = make('private.org_ids()', 'select org_id from core.members')
const does = make('private.delete_orders_archive(uuid)', 'update core.orders_archive set deleted_at = now() where id = $1')
const exposed = make('core.delete_orders_archive(uuid)', 'SELECT private.delete_orders_archive(target_id)')
const similar = make('private.delete_orders(uuid)', 'update core.orders set deleted_at = now() where id = $1')
const all = [helper, does, exposed, similar]

it.each([
  ['a helper: where policies call it', helper, ['core.orders']],
  ['what it writes, and no table with a name that begins alike', does, ['core.orders_archive']],
  ['what the function writes that it calls', exposed, ['core.orders_archive']],
  ['a name that another one begins with', similar, ['core.orders']],
  ['nothing is known: every table', make('core.now_here()', 'select now()'), null],
] as const)('%s', (_what, called, reached) => {
  expect(tablesReached(called, all, tables)).toEqual(reached)
})
