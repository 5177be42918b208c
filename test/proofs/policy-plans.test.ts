/** What a policy costs: nothing is run for each row, and where a scope decides, an index answers. Asked as the caller, of every example design and of the designs of `npm run bench:policies`, which have every pattern. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TableSpec } from '../../generators/design/spec.ts'
import { applyFiles } from '../../generators/postgres/replay.ts'
import { ident, qualified } from '../../generators/sql/identifier.ts'
import { examples, sampleServer } from '../support/sample-server.ts'

const sample = sampleServer()

const measured = ['organisation', 'people', 'tokens']

test.each([...examples, ...measured])('%s', async (name) => {
  const { server, planned, plannedText } = sample()
  const isMeasured = measured.includes(name)
  const { plan, sql } = await (isMeasured ? plannedText(`bench_${name}`, readFileSync(`test/bench/policies/${name}.yaml`, 'utf8').replace(/^queries:[^]*?(?=^views:|$(?![^]))/m, '')) : planned(name))
  const database = await server.createDatabase()
  await applyFiles(database, sql.migrations)
  await using session = await database.connect()
  await session.query(`begin; set local role authenticated; set local "request.jwt.claims" = '{"sub":"00000000-0000-4000-8000-000000000001","role":"authenticated","aal":"aal2"}'`)
  // An empty table is read as a whole whatever its indexes are: what is asked is whether the condition can be an index's.
  await session.query('set local enable_seqscan = off; set local jit = off')
  for (const { table, policies, grants } of plan.tables) {
    const held = grants.filter(({ role }) => role === 'authenticated').flatMap(({ privileges }) => privileges)
    for (const command of ['select', 'update', 'delete'] as const) {
      if (!policies.some((policy) => policy.command === command && policy.roles.includes('authenticated'))) continue
      const right = held.find(({ verb }) => verb === command)
      if (!right) continue
      const column = ident(right.columns?.[0] ?? table.primaryKey[0] ?? '')
      const statement = { select: `select * from ${qualified(table)}`, update: `update ${qualified(table)} set ${column} = ${column}`, delete: `delete from ${qualified(table)}` }[command]
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${statement}`)
      const text = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(text, `${statement}\n${text}`).not.toMatch(/\bSubPlan\b/)
      if (isScoped(table, command) || (isMeasured && table.access.pattern !== 'public_read')) expect(text, `${statement}\n${text}`).toMatch(/Index Cond|Recheck Cond/)
    }
  }
})

/** Nobody passes without being the owner, or of the tenant. */
function isScoped({ access, tenantColumn, ownerColumn }: TableSpec, verb: 'select' | 'update' | 'delete'): boolean {
  const { own, any } = access[verb]
  const byTenant = tenantColumn !== null && [own, any].every((audience) => audience === 'service' || audience === 'nobody' || audience === 'tenant' || (typeof audience === 'object' && 'role' in audience))
  const byOwner = ownerColumn !== null && (any === 'service' || any === 'nobody')
  return byTenant || byOwner
}
