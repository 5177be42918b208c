/** Which faults a helper is given: each is a slip that somebody has made. That they are noticed, the designs show. */
import { beforeAll, expect, test } from 'vitest'
import type { AppliedFunction } from '../../../generators/proofs/mutation/applied.ts'
import { functionMutants } from '../../../generators/proofs/mutation/function-mutants.ts'
import { loadParser } from '../../../generators/sql/parser.ts'
import { organization } from '../../support/specs.ts'

beforeAll(() => loadParser())

const body = `
  select membership.org_id
  from core.members as membership
  where membership.user_id = (select auth.uid())
    and array_position(array['viewer', 'editor', 'admin'], membership.role::text) >= array_position(array['viewer', 'editor', 'admin'], min_role)
    and status = 'active'
`
const helper: AppliedFunction = {
  signature: 'private.org_ids(text)',
  definition: `CREATE OR REPLACE FUNCTION private.org_ids(min_role text)\n RETURNS SETOF uuid\n LANGUAGE sql\n STABLE SECURITY DEFINER\n SET search_path TO ''\nAS $function$${body}$function$\n`,
  body, definer: true, pinned: true, volatile: false, executableBy: ['authenticated'],
  reads: [{ table: 'core.members', name: 'org_id', type: 'uuid', notNull: true }, { table: 'core.members', name: 'user_id', type: 'uuid', notNull: true }, { table: 'core.members', name: 'role', type: 'text', notNull: true }],
}
const of = (called: AppliedFunction, asked: string[] = ['viewer', 'editor']) => functionMutants(called, organization, asked)
const sqlOf = (called: AppliedFunction, says: RegExp) => of(called).filter((mutant) => says.test(mutant.says)).map(({ sql }) => sql).join('\n')

test('the caller, the role and the state of the membership are forgotten, one after another', () => {
  expect(sqlOf(helper, /where without "membership\.user_id = /)).not.toContain('auth.uid()')
  expect(sqlOf(helper, /where without "array_position/)).not.toContain('min_role\n')
  expect(sqlOf(helper, /where without "status = 'active'"/)).not.toContain("'active'")
  expect(sqlOf(helper, /any signed-in caller/)).toContain('(select auth.uid()) is not null')
})

test('another column, two roles in the wrong order, null taken for equal', () => {
  expect(sqlOf(helper, /where org_id instead of user_id/)).toContain('membership.org_id = (select auth.uid())')
  expect(sqlOf(helper, /'viewer' ranks above 'editor'/).split("array['editor', 'viewer', 'admin']")).toHaveLength(3)
  const equal = (called: AppliedFunction) => of(called).find(({ says }) => says.includes('null equal to null'))?.equivalent
  expect(equal(helper)).toBe('user_id is never null')
  expect(equal({ ...helper, reads: helper.reads.map((one) => ({ ...one, notNull: false })) })).toBeNull()
})

test('an order that nobody asks for cannot be told', () => {
  const order = (asked: string[]) => of(helper, asked).filter(({ says }) => says.includes('ranks above')).map(({ equivalent, effect }) => [effect, equivalent !== null])
  expect(order(['viewer'])).toEqual([['restricting', false], ['restricting', true]])
  expect(order(['editor'])).toEqual([['weakening', false], ['restricting', false]])
})

test('whose rights, which path, when it is called, who may call it', () => {
  const statements = of(helper).map(({ sql }) => sql)
  for (const clause of ['security invoker', 'reset search_path', 'set search_path = public, pg_temp', 'immutable', 'volatile']) expect(statements).toContain(`alter function private.org_ids(text) ${clause}`)
  for (const role of ['anon', 'public']) expect(statements).toContain(`grant execute on function private.org_ids(text) to ${role}`)
  expect(statements).toContain('revoke execute on function private.org_ids(text) from authenticated')
  expect(of({ ...helper, definer: false }).map(({ sql }) => sql)).toContain('alter function private.org_ids(text) security definer')
  expect(of({ ...helper, volatile: true }).map(({ sql }) => sql)).toContain('alter function private.org_ids(text) stable')
})
