/** How to go back, newest phase first, and what is lost each time. */
import type { NumberedPhase, Plan } from '../../design/plan.ts'
import { codes, listed, table } from './markdown.ts'
import { baseLink } from './page.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function rollbackTable(phases: readonly NumberedPhase[], plan: Plan): string {
  return table(
    ['undoes', 'run', 'what is lost', 'locks'],
    phases.map((phase, place) => [`phase ${place + 1}`, baseLink(phase.rollback), ...consequences(phase, plan)]).toReversed(),
  )
}

function consequences(phase: NumberedPhase, plan: Plan): [string, string] {
  const what = phase.id.split(':')[0]
  const names = codes(plan.tables.map((planned) => nameOf(planned.table)))
  switch (what) {
    case 'tables':
      return [`**every row** of ${names}`, dropLocks(plan)]
    case 'rls':
      return ['no row; clients and the service lose their access until it is applied again', `ACCESS EXCLUSIVE on ${names}, for a moment`]
    case 'views':
      return [`no row; whoever reads ${codes(plan.views.map(({ view }) => nameOf(view)))} gets an error until it is applied again`, `ACCESS EXCLUSIVE on ${codes(plan.views.map(({ view }) => nameOf(view)))}, for a moment`]
    case 'jobs':
      return [`no row; ${codes(plan.jobs.map(({ job }) => job.role))} can do nothing here until it is applied again, and goes when nothing else uses the role`, `ACCESS EXCLUSIVE on ${codes([...new Set(plan.jobs.flatMap((job) => job.tables.filter(({ policies }) => policies.length > 0).map((one) => nameOf(one.table))))])}, for a moment`]
    case 'storage':
      return [`no object; clients lose their access to ${codes(plan.buckets.map(({ file }) => file.bucket))}. A bucket that is empty goes, any other stays and a notice says so`, 'ACCESS EXCLUSIVE on `storage.objects`, for a moment']
    case 'indexes':
      return ['no row; the queries become scans', `ACCESS EXCLUSIVE on ${names}, for a moment`]
    case 'index':
      return ['no row; its queries become scans', 'SHARE UPDATE EXCLUSIVE: nobody waits']
    case 'tenant-key':
      return ['no row', 'SHARE UPDATE EXCLUSIVE: nobody waits']
    default:
      return ['nothing', 'none']
  }
}

/** Dropping a child locks its parents too: the triggers of the foreign key live on both sides. */
function dropLocks(plan: Plan): string {
  const own = plan.tables.map((planned) => nameOf(planned.table))
  const parents = [...new Set(plan.tables.flatMap((planned) => planned.foreignKeys.map((key) => nameOf(key.references.table))))].filter((name) => !own.includes(name))
  return parents.length === 0 ? `ACCESS EXCLUSIVE on ${codes(own)}` : `ACCESS EXCLUSIVE on ${codes(own)}, and on ${listed(parents.map((name) => codes([name])))}, whose foreign keys go with them`
}
