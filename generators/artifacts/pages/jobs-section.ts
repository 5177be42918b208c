/** Background jobs on the access page: what each may do, what was observed, and what makes it so. */
import type { AccessEvidence } from '../../design/evidence.ts'
import type { JobPlan, Plan } from '../../design/plan.ts'
import { verbs } from '../../design/spec.ts'
import { nameOf } from '../../planner/table-indexes.ts'
import { ident } from '../../sql/identifier.ts'
import { matrixView } from './access-matrix.ts'
import { code, codes, prose, table } from './markdown.ts'
import { policyBlock } from './policy-view.ts'

export interface JobView {
  role: string
  says: string
  rights: string
  policies: { title: string; block: string }[]
}

export function jobViews({ jobs }: Plan): JobView[] {
  return jobs.map((planned) => ({
    role: planned.job.role,
    says: `${sentence(planned.job.about)} ${becoming(planned)}`,
    rights: table(['table', ...verbs, 'rows'], planned.tables.map(({ access, table: target }) => [`${code(nameOf(target))}${access.isNew ? '' : ', of the repository'}`, ...verbs.map((verb) => rightOf(access.rights.find((right) => right.verb === verb))), access.where === null ? 'all' : code(access.where)])),
    policies: planned.tables.flatMap(({ table: target, policies }) => policies.map((policy) => ({ title: `${code(policy.name)}: ${prose(policy.says)}`, block: policyBlock(policy, target) }))),
  }))
}

/** Requests of the jobs, table by table. */
export function jobMatrices({ tables }: AccessEvidence): { name: string; matrix: string; footnotes: string }[] {
  return tables.filter(({ of, cells }) => of === 'jobs' && cells.length > 0).map((observed) => {
    const { table: matrix, footnotes } = matrixView(observed)
    return { name: nameOf({ schema: observed.schema, name: observed.table }), matrix, footnotes: footnotes.map((one, place) => `${place + 1}. ${one}`).join('\n') }
  })
}

function rightOf(right: JobPlan['job']['tables'][number]['rights'][number] | undefined): string {
  if (!right) return '–'
  return right.columns === null ? '✓' : codes(right.columns)
}

function becoming({ job: { role, grantTo, exists } }: JobPlan): string {
  const members = grantTo.length === 0 ? `No role may become it yet: grant ${code(ident(role))} to the login of the worker.` : `${codes(grantTo)} may become it${grantTo.includes('authenticator') ? `: a token whose claim ${code('role')} is ${code(role)} runs as the job` : ''}.`
  return `${exists ? 'An earlier migration made the role. ' : ''}It cannot log in, and row level security holds it. ${members}`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? prose(text) : `${prose(text)}.`
}
