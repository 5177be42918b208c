import { describe, expect, test } from 'vitest'
import type { Audience, TableSpec, VerbRule } from '../../generators/design/spec.ts'
import { rulePredicate } from '../../generators/patterns/rule-predicate.ts'
import { organization, rule, table } from '../support/specs.ts'

const helpers = { organizationIds: 'private.org_ids', tenantId: 'private.tenant_id', keys: () => 'private.keys' }
const permanent = "(select ((select auth.jwt()) ->> 'is_anonymous') is distinct from 'true')"
const inOrg = (role: string) => `org_id = any (array(select private.org_ids('${role}')))`
const isOwner = 'owner_id = (select auth.uid())'

const plain = table('clips')
const owned = table('clips', { ownerColumn: 'owner_id' })
const inOrganization = table('clips', { tenantColumn: 'org_id', ownerColumn: 'owner_id' })
const role = (name: string): Audience => ({ role: name })

function predicate(verb: VerbRule, of: TableSpec, more: { where?: string; live?: boolean; mfa?: boolean } = {}) {
  const where = more.where ?? null
  return rulePredicate(verb, { where: { own: where, any: where }, live: more.live ?? false, mfa: more.mfa ?? false }, { table: of, tables: [], tenancy: organization, helpers })
}

describe('one audience for all rows', () => {
  test.each<[string, VerbRule, TableSpec, string[], string | null]>([
    ['anyone: no condition, both roles', rule('anyone'), plain, ['anon', 'authenticated'], null],
    ['signed in: a user, and a permanent one', rule('signed_in'), plain, ['authenticated'], `(select auth.uid()) is not null\nand ${permanent}`],
    ['a role: an index condition on the tenancy column', rule(role('editor')), inOrganization, ['authenticated'], `${inOrg('editor')}\nand ${permanent}`],
  ])('%s', (_title, verb, of, roles, sql) => {
    expect(predicate(verb, of)).toMatchObject({ roles, sql })
  })

  test('service and nobody have no policy at all', () => {
    expect(predicate(rule('service'), plain)).toBeNull()
    expect(predicate(rule('nobody'), plain)).toBeNull()
  })
})

describe('own rows and all rows', () => {
  test('the owner alone', () => {
    expect(predicate(rule('service', 'signed_in'), owned)?.sql).toBe(`${isOwner}\nand ${permanent}`)
  })

  test('the owner within the organisation: the tenancy leads', () => {
    expect(predicate(rule('service', role('viewer')), inOrganization)?.sql).toBe(`${inOrg('viewer')}\nand ${isOwner}\nand ${permanent}`)
  })

  test('a stronger role for all rows: the weaker condition stands in front, so that it stays an index condition', () => {
    expect(predicate(rule(role('admin'), role('editor')), inOrganization)?.sql).toBe(`${inOrg('editor')}\nand (${isOwner} or ${inOrg('admin')})\nand ${permanent}`)
  })

  test('an owner who needs more than everybody else adds nothing', () => {
    expect(predicate(rule(role('editor'), role('admin')), inOrganization)?.sql).toBe(`${inOrg('editor')}\nand ${permanent}`)
  })

  test('own rows of the signed in, all rows of a role', () => {
    expect(predicate(rule(role('admin'), 'signed_in'), inOrganization)?.sql).toBe(`(${isOwner} or ${inOrg('admin')})\nand ${permanent}`)
  })
})

describe('rows that are left out', () => {
  test('a condition with or is bracketed', () => {
    expect(predicate(rule('anyone'), plain, { where: "status = 'a' or status = 'b'" })?.sql).toBe("status = 'a' or status = 'b'")
    expect(predicate(rule('signed_in'), plain, { where: "status = 'a' or status = 'b'" })?.sql).toContain("and (status = 'a' or status = 'b')")
  })

  test('deleted rows, only where the table marks them', () => {
    expect(predicate(rule('anyone'), plain, { live: true })?.sql).toBeNull()
    expect(predicate(rule('anyone'), table('clips', { softDelete: 'rpc' }), { live: true })?.sql).toBe('deleted_at is null')
  })

  test('different conditions for own rows and for all', () => {
    const verb = rule('anyone', 'signed_in')
    const sql = rulePredicate(verb, { where: { own: null, any: "status = 'published'" }, live: false, mfa: false }, { table: owned, tables: [], tenancy: organization, helpers })?.sql
    expect(sql).toBe(`(${isOwner} and ${permanent}) or status = 'published'`)
  })

  test('whoever owns is a permanent user, also where anyone may see the rest', () => {
    const sql = rulePredicate(rule('anyone'), { where: { own: null, any: "status = 'published'" }, live: false, mfa: false }, { table: owned, tables: [], tenancy: organization, helpers })?.sql
    expect(sql).toBe(`(${isOwner} and ${permanent}) or status = 'published'`)
  })
})

test('a second factor is one condition beside both sides', () => {
  const aal2 = "(select ((select auth.jwt()) ->> 'aal') = 'aal2')"
  expect(predicate({ own: role('editor'), any: role('admin') }, inOrganization, { mfa: true, live: true })).toMatchObject({
    sql: `${inOrg('editor')}\nand (${isOwner} or ${inOrg('admin')})\nand ${permanent}\nand ${aal2}`, says: expect.stringMatching(/, with a second factor$/),
  })
  expect(predicate(rule('service'), plain, { mfa: true })).toBeNull()
})

test('anonymous sign-ins count where the table says so', () => {
  const open = table('clips', { access: { ...plain.access, anonymous: true } })
  expect(predicate(rule('signed_in'), open)?.sql).toBe('(select auth.uid()) is not null')
})
