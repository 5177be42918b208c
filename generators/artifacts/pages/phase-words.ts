/** What a phase does, in a line. */
import type { Phase, Plan } from '../../design/plan.ts'
import { newTableIndexes } from '../../planner/phases.ts'
import { code, codes, counted, listed } from './markdown.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export function phaseInWords(phase: Phase, plan: Plan): string {
  const [what = '', object = ''] = phase.id.split(/:(.*)/s)
  switch (what) {
    case 'tables':
      return `creates ${codes(plan.tables.map((table) => nameOf(table.table)))} with keys, checks and triggers; row level security on, closed to every client`
    case 'rls':
      return rlsWords(plan)
    case 'views':
      return `creates the ${plan.views.length === 1 ? 'view' : 'views'} ${codes(plan.views.map(({ view }) => nameOf(view)))} with the rights of the caller, and lets them be read`
    case 'jobs':
      return `the roles of ${codes(plan.jobs.map(({ job }) => job.role))} with their policies and grants`
    case 'storage':
      return `creates the ${plan.buckets.length === 1 ? 'bucket' : 'buckets'} ${codes(plan.buckets.map(({ file }) => file.bucket))} and ${counted(plan.buckets.reduce((sum, { policies }) => sum + policies.length, 0), 'policy', 'policies')} on \`storage.objects\``
    case 'indexes':
      return `creates ${counted(newTableIndexes(plan).length, 'index', 'indexes')} on the new tables`
    case 'index':
      return `builds ${code(object)} concurrently`
    case 'indexes-valid':
      return 'stops when a concurrent build was left invalid'
    case 'tenant-key':
      return `builds the unique index of ${code(object)} over tenant and key, concurrently`
    default:
      return phase.slug
  }
}

function rlsWords(plan: Plan): string {
  const policies = plan.tables.reduce((sum, table) => sum + table.policies.length, 0)
  if (policies === 0) return 'the grants of the service; no policy, so that no client passes'
  const functions = plan.functions.filter((one) => one.file === 'rls' && !one.exists).length
  const published = plan.tables.filter(({ table }) => table.realtime).map(({ table }) => nameOf(table))
  const parts = [...(functions > 0 ? [counted(functions, 'function')] : []), counted(policies, 'policy', 'policies'), 'the grants', ...(published.length > 0 ? [`${codes(published)} in the publication of Realtime`] : [])]
  return `${listed(parts)}: from here on clients reach what the spec gives them`
}
