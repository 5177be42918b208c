/** Background jobs: for each table and verb one permissive policy for the job's role alone, and grants of exactly its columns. */
import { type Catalog, type CatalogTable, findTable } from '../design/catalog.ts'
import { existingTable } from '../design/existing-table.ts'
import type { JobSpec, JobTableSpec } from '../design/job-spec.ts'
import type { JobPlan, PolicyPlan } from '../design/plan.ts'
import type { Spec, TableSpec } from '../design/spec.ts'
import { type QualifiedName, composedName } from '../sql/identifier.ts'

export function planJobs({ jobs, tables }: Spec, catalog: Catalog): JobPlan[] {
  const tableOf = ({ table: { schema, name } }: JobTableSpec) => {
    const planned = tables.find((table) => table.schema === schema && table.name === name)
    const existing = findTable(catalog, schema, name)
    if (!planned && !existing) throw new Error(`No table ${schema}.${name}.`)
    return planned ?? existingTable(existing as CatalogTable)
  }
  return jobs.map((job) => ({
    job,
    schemas: [...new Set(job.tables.map(({ table }) => table.schema))],
    tables: job.tables.map((access) => ({ access, table: tableOf(access), policies: hasRowSecurity(access, catalog) ? access.rights.map(({ verb }) => policy(job, access, verb)) : [] })),
  }))
}

/** Tables of the repository that jobs reach, each once. */
export function existingJobTables(jobs: readonly JobPlan[]): TableSpec[] {
  const tables = jobs.flatMap((job) => job.tables.filter(({ access }) => !access.isNew).map(({ table }) => table))
  return tables.filter((table, index) => tables.findIndex((other) => other.schema === table.schema && other.name === table.name) === index)
}

/** Policies of jobs on a table. */
export function jobPoliciesOn(jobs: readonly JobPlan[], { schema, name }: QualifiedName): PolicyPlan[] {
  return jobs.flatMap((job) => job.tables.filter(({ table }) => table.schema === schema && table.name === name).flatMap(({ policies }) => policies))
}

/** Where the repository left it off, a policy would be dead text: the grants decide. */
function hasRowSecurity({ table, isNew }: JobTableSpec, catalog: Catalog): boolean {
  return isNew || findTable(catalog, table.schema, table.name)?.rowSecurity === true
}

function policy({ role }: JobSpec, { table, where }: JobTableSpec, verb: PolicyPlan['command']): PolicyPlan {
  const predicate = where ?? 'true'
  return {
    name: composedName([table.name, role], verb),
    command: verb,
    permissive: true,
    roles: [role],
    using: verb === 'insert' ? null : predicate,
    check: verb === 'insert' || verb === 'update' ? predicate : null,
    says: `the job ${role}${where === null ? '' : ', rows of its condition'}`,
  }
}
