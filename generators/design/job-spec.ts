/** Background jobs after normalisation: a role each, and what it may do. */
import type { QualifiedName } from '../sql/identifier.ts'

export interface JobSpec {
  /** Name of the database role. */
  role: string
  about: string
  /** Roles that may become the job. */
  grantTo: string[]
  /** An earlier migration of the repository made the role: it is reused. */
  exists: boolean
  tables: JobTableSpec[]
}

export interface JobTableSpec {
  table: QualifiedName
  /** A table of this design; the others are the repository's, and stay as they are. */
  isNew: boolean
  rights: JobRight[]
  /** Rows that the job reaches, before and after it writes; null = all. */
  where: string | null
}

export interface JobRight {
  verb: 'select' | 'insert' | 'update' | 'delete'
  /** Null = the whole row. */
  columns: string[] | null
}

/** What the job may do with the table; null when nothing. */
export function jobOnTable(job: JobSpec, table: QualifiedName): JobTableSpec | null {
  return job.tables.find((one) => one.table.schema === table.schema && one.table.name === table.name) ?? null
}

/** May the job do this to a row that meets its condition, or does not? Nothing but the spec is asked. */
export function mayJob(verb: JobRight['verb'], access: Pick<JobTableSpec, 'rights' | 'where'> | null, matches: boolean): boolean {
  return access !== null && access.rights.some((right) => right.verb === verb) && (access.where === null || matches)
}
