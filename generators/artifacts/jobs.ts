import type { JobPlan } from '../design/plan.ts'
import { renderTemplate } from '../render/template.ts'
import { ident, identList, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { defineArtifact } from './define-artifact.ts'
import { phaseOf, sqlHead } from './sql-file-head.ts'

/** A role for each background job, with its grants and policies; on tables of the repository nothing else is touched. */
export const jobs = defineArtifact({
  id: 'jobs',
  title: 'Roles of background jobs',
  stage: 'sql',
  render: async (input) => {
    if (input.plan.jobs.length === 0) return []
    const phase = phaseOf(input, 'jobs')
    const view = { jobs: input.plan.jobs.map(jobView) }
    return [
      { path: phase.migration, kind: 'migration', text: await renderTemplate('jobs/migration.sql.ejs', { ...view, head: sqlHead(input, phase, 'roles of background jobs') }) },
      { path: phase.rollback, kind: 'rollback', text: await renderTemplate('jobs/rollback.sql.ejs', { ...view, migration: phase.migration }) },
    ]
  },
})

function jobView({ job, schemas, tables }: JobPlan) {
  return {
    role: ident(job.role),
    roleName: job.role,
    about: job.about.replaceAll(/\s+/g, ' '),
    create: createRole(job.role),
    exists: job.exists,
    grantTo: job.grantTo.map(ident),
    schemas: schemas.map((schema) => ({ name: ident(schema), literal: literal(ident(schema)) })),
    tables: tables.map(({ access, policies }) => ({
      name: qualified(access.table),
      rights: access.rights.map(({ verb, columns }) => (columns === null ? verb : `${verb} (${identList(columns)})`)).join(', '),
      policies: policies.map((policy) => ({ ...policy, name: ident(policy.name), says: `${policy.command}: ${policy.says}` })),
    })),
  }
}

/**
 * A role belongs to the whole cluster, so it may be there: from another design, another database, the run before. It is taken up
 * when it is no more than a job's.
 */
export function createRole(role: string): string {
  return [
    'do $$',
    'begin',
    `  if exists (select from pg_catalog.pg_roles where rolname = ${literal(role)} and (rolsuper or rolbypassrls or rolcreaterole)) then`,
    `    raise exception 'role % exists and is more than a job', ${literal(role)};`,
    '  end if;',
    `  if not exists (select from pg_catalog.pg_roles where rolname = ${literal(role)}) then`,
    `    create role ${ident(role)} nologin noinherit;`,
    '  end if;',
    'exception when duplicate_object or unique_violation then',
    '  null; -- made at the same moment by somebody else',
    'end',
    '$$',
  ].join('\n')
}
