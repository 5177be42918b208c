import { beforeAll, describe, expect, it } from 'vitest'
import { relaxedPolicies } from '../../generators/planner/relaxed-policies.ts'
import { loadParser } from '../../generators/sql/parser.ts'
import { sampleServer } from '../support/sample-server.ts'

const table = { schema: 'core', name: 'orders' }
const member = "org_id = any (array(select private.org_ids('viewer')))"
const select = { name: 'orders_select', command: 'select', permissive: true, roles: ['authenticated'], using: `${member}\nand deleted_at is null` }
const floor = { name: 'orders_floor', command: 'all', permissive: false, roles: ['authenticated'], using: member }

describe('relaxedPolicies', () => {
  beforeAll(loadParser)
  const relaxed = (policies: (typeof select)[], columns: string[], role = 'authenticated') => Object.fromEntries(relaxedPolicies(table, policies, role, columns).map(({ name, using }) => [name, using]))

  it('leaves out what the query asks', () => {
    expect(relaxed([select, floor], ['org_id', 'show_id'])).toEqual({ orders_select: '(deleted_at is null)', orders_floor: 'true' })
    expect(relaxed([{ ...select, using: '(owner_id = (select auth.uid()))' }], ['owner_id'])).toEqual({ orders_select: 'true' })
    // As the server prints it.
    expect(relaxed([{ ...select, roles: ['public'], using: "((org_id = ANY (ARRAY( SELECT private.org_ids('viewer'::text) AS org_ids))) AND (deleted_at IS NULL))" }], ['org_id'])).toEqual({ orders_select: '(deleted_at IS NULL)' })
  })

  it('leaves out what another policy asks', () => {
    expect(relaxed([select, floor], ['show_id'])).toEqual({ orders_floor: 'true' })
  })

  it('leaves alone what nobody else asks, and what some rows pass without', () => {
    expect(relaxed([select], ['show_id'])).toEqual({})
    expect(relaxed([{ ...select, using: `is_public or (${member})` }], ['org_id'])).toEqual({})
    expect(relaxed([select, { ...select, name: 'everybody', using: 'is_public' }], ['org_id'])).toEqual({})
    expect(relaxed([select], ['org_id'], 'service_role')).toEqual({})
    expect(relaxed([{ ...select, command: 'update' }], ['org_id'])).toEqual({})
    expect(relaxed([{ ...select, using: "status = 'open' and org_id > 3" }], ['org_id', 'status'])).toEqual({})
  })
})

describe('what a repeated tenant costs', () => {
  const sample = sampleServer()

  it('is one descent into the index when it runs, whatever the planner counts', async () => {
    const database = await sample().server.createDatabase()
    try {
      await using session = await database.connect({ user: 'supabase_admin' })
      await session.query(`create table public.notes (id bigint generated always as identity, org_id int not null, slug text not null);
        insert into public.notes (org_id, slug) select i % 900, 'note ' || i from generate_series(1, 90000) i;
        create unique index notes_key on public.notes (org_id, slug)`)
      await session.query('vacuum analyze public.notes')
      const buffers = async (repeats: string) => {
        const { rows } = await session.query<{ 'QUERY PLAN': { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; 'Total Cost': number; 'Index Name': string } }[] }>(`explain (analyze, buffers, format json) select id from public.notes where org_id = 7 and slug = 'note 7'${repeats}`)
        const { 'Shared Hit Blocks': hit, 'Shared Read Blocks': read, 'Total Cost': cost, 'Index Name': name } = rows[0]?.['QUERY PLAN'][0]?.Plan ?? ({} as never)
        return { blocks: hit + read, cost, name }
      }
      const lists = ' and org_id = any (array(select generate_series(1, 10))) and org_id = any (array(select generate_series(5, 15)))'
      const [once, thrice] = [await buffers(''), await buffers(lists)]
      expect([once.name, thrice.name]).toEqual(['notes_key', 'notes_key'])
      expect(thrice.cost).toBeGreaterThan(5 * once.cost)
      expect(thrice.blocks).toBeLessThanOrEqual(once.blocks + 1)
    } finally {
      await database.drop()
    }
  })
})
