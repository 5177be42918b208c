/** Keys that existing parents get, so that a child belongs to the tenant of its parent: run on a server, there and back. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openServer } from '../../generators/postgres/server.ts'
import { proveReplay } from '../../generators/proofs/replay.ts'
import { proveRollback } from '../../generators/proofs/rollback.ts'
import { readRepository } from '../../generators/repository/read.ts'
import { sampleRepository } from '../support/sample-repository.ts'
import { planText } from '../support/sample-server.ts'

const projects = `
create table core.projects (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references core.organizations (id),
  name text not null
);`

const text = `
design: tasks
story: Members keep the tasks of a project.
schema: core
tenancy:
  model: organization
  organizations: core.organizations
  memberships: { table: core.org_memberships, user: user_id, organization: org_id, role: role }
  roles: [viewer, editor, admin, owner]
tables:
  tasks:
    about: A task of a project.
    columns:
      title: text
      project_id: { type: uuid, references: core.projects, on_delete: cascade, because: a task is part of its project }
    access: { pattern: org_member }
`

test('a key of an existing parent is built, referenced and taken back', async () => {
  const root = sampleRepository()
  writeFileSync(join(root, 'supabase/migrations/0018_projects.sql'), projects)
  const repository = await readRepository(root)
  await using server = await openServer({ major: repository.config.major, history: repository.migrations })
  const { design, sql } = await planText({ server, repository }, 'tasks', text)
  expect(design.sql.find(({ path }) => path.endsWith('/0019_tasks_projects_tenant_key.sql'))?.text).toBe(
    '-- pg-delta: transaction=false\ncreate unique index concurrently projects_org_id_id_key on core.projects (org_id, id);\n',
  )
  expect(await proveRollback({ server, sql })).toMatchObject({ status: 'proved', findings: [] })
  expect(await proveReplay({ server, sql, historyFiles: repository.migrations.length })).toMatchObject({ status: 'proved', findings: [] })
})
