import { type JobSpec, jobOnTable } from '../../job-spec.ts'
import type { QuerySpec } from '../../spec.ts'
import type { Reading } from '../reading.ts'

/** A query runs as a job only over tables, and columns, that the job may read. Selects in SQL are settled by the planner of the server. */
export function checkJobQueries({ issues }: Reading, queries: readonly QuerySpec[], jobs: readonly JobSpec[]): void {
  for (const { name, as, table, select } of queries) {
    const job = jobs.find(({ role }) => role === as)
    if (!job || !table) continue
    const path = ['queries', name, 'as']
    const right = jobOnTable(job, table)?.rights.find(({ verb }) => verb === 'select')
    const hidden = right?.columns ? (select ?? []).filter((column) => !right.columns?.includes(column)) : []
    if (!right) issues.add({ code: 'SPEC_CONFLICT', path, message: `"${as}" may not read "${table.schema}.${table.name}".`, remedy: `Add to its tables: ${table.schema}.${table.name}: [select]` })
    else if (right.columns && select === null) issues.add({ code: 'SPEC_CONFLICT', path, message: `"${as}" may read some columns of "${table.schema}.${table.name}", and the query asks for all.`, remedy: `Add: select: [${right.columns.join(', ')}]` })
    else if (hidden.length > 0) issues.add({ code: 'SPEC_CONFLICT', path, message: `"${as}" may not read "${hidden[0]}" of "${table.schema}.${table.name}".`, remedy: `Remove ${hidden.join(', ')} from select, or add it to the select of the job.` })
  }
}
