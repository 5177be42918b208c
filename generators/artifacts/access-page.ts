import type { AccessEvidence } from '../design/evidence.ts'
import type { Plan, TablePlan } from '../design/plan.ts'
import { verbs } from '../design/spec.ts'
import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { matrixView } from './pages/access-matrix.ts'
import { bucketSections } from './pages/buckets-section.ts'
import { claimList } from './pages/claim.ts'
import { emptyListSteps } from './pages/empty-list.ts'
import { jobMatrices, jobViews } from './pages/jobs-section.ts'
import { bullets, code, codes, counted, listed, prose, table } from './pages/markdown.ts'
import { requestShapes } from './pages/request-shapes.ts'
import { bootstrap, existingMemberships, functionList, functionRules, guardRule, observedActions, triedBeside } from './pages/membership-functions.ts'
import { type MigrationFacts, readMigrations } from './pages/migration-facts.ts'
import { mutationScore } from './pages/mutation-score.ts'
import { renderPage } from './pages/page.ts'
import { functionViews, grantsTable, policyBlock, protectedColumns } from './pages/policy-view.ts'
import { rlsChecklist } from './pages/rls-checklist.ts'
import { isForSignedIn, isServiceOnly, ruleInWords } from './pages/rule-words.ts'
import { viewSections } from './pages/views-section.ts'
import { softDeleteFunction } from '../design/soft-delete-function.ts'
import { nameOf } from '../planner/table-indexes.ts'

/** Who may do what, as it was observed, and what makes it so. */
export const accessPage = defineArtifact({
  id: 'access-page',
  title: 'Who may do what, and the policies',
  stage: 'document',
  render: async (input) => renderPage('access-page', 'access', input, accessView(input, await readMigrations(input))),
})

function accessView(input: DocumentInput, migrations: readonly MigrationFacts[]) {
  const { plan, evidence } = input
  return {
    summary: summary(evidence.access, evidence.server),
    score: mutationScore(evidence.mutations, plan.spec.design),
    shapes: requestShapes(evidence.access),
    findings: bullets(evidence.access.findings.map(prose)),
    tables: plan.tables.map((planned) => tableView(planned, plan, evidence.access)),
    views: viewSections(plan, evidence.access),
    buckets: bucketSections(plan, evidence.access),
    memberships: membershipsView(plan, evidence.access),
    jobs: jobViews(plan),
    jobMatrices: jobMatrices(evidence.access),
    jobsRefused: evidence.access.status === 'proved' ? 'Everything else was asked for as well and refused for want of the right itself: the other verbs, the other columns, TRUNCATE, and every other table of the design.' : '',
    functions: functionViews(plan.functions),
    checklist: claimList(rlsChecklist(input, migrations)),
    steps: emptyListSteps(plan),
  }
}

function membershipsView(plan: Plan, access: AccessEvidence) {
  const rules = [...functionRules(plan), ...guardRule(plan), ...existingMemberships(plan, access.promotions)]
  if (rules.length === 0) return null
  const observed = observedActions(plan, access.acting)
  return { list: functionList(plan), rules: bullets(rules), observed: observed?.table ?? '', footnotes: observed?.footnotes.join('\n') ?? '', beside: triedBeside(access.acting), bootstrap: bootstrap(plan).join(' ') }
}

function summary(access: AccessEvidence, server: string): string {
  const verdict = { proved: 'every answer was the one that the spec gives', failed: '**some answers were not those of the spec**', open: 'not every point could be settled' }[access.status]
  const worlds = access.worlds.length > 0 ? `, under ${counted(access.worlds.length, 'set')} of default privileges` : ''
  return `${counted(access.probes, 'request')} on Postgres ${server}${worlds}, after ${counted(access.afterFiles.length, 'generated file')}: ${verdict}. What is expected comes from the spec alone, by code that sees no SQL.`
}

function tableView(planned: TablePlan, plan: Plan, access: AccessEvidence) {
  const { table: target, policies } = planned
  const observed = access.tables.find((one) => one.of === undefined && one.schema === target.schema && one.table === target.name)
  const matrix = observed && observed.cells.length > 0 ? matrixView(observed) : null
  return {
    name: nameOf(target),
    rules: table(['verb', 'who'], verbs.map((verb) => [verb, ruleOf(planned, verb, plan)])),
    conditions: [conditions(planned), ...searchFunctions(planned, plan)].filter(Boolean).join(' '),
    matrix: matrix?.table ?? '',
    footnotes: (matrix?.footnotes ?? []).map((sentence, place) => `${place + 1}. ${sentence}`).join('\n'),
    policies: policies.map((policy) => ({ title: `${code(policy.name)}: ${prose(policy.says)}`, block: policyBlock(policy, target) })),
    withoutPolicy: verbs.filter((verb) => !policies.some((policy) => policy.command === verb)).join(', '),
    grants: grantsTable(planned),
    protected: protectedColumns(planned),
  }
}

function searchFunctions({ table: target }: TablePlan, { queries }: Plan): string[] {
  const names = queries.flatMap(({ query, search }) => (search && query.table?.schema === target.schema && query.table.name === target.name ? [`${search.name.schema}.${search.name.name}`] : []))
  return names.length === 0 ? [] : [`Searched through ${codes(names)}: with its owner's rights, past the policies, so the rule of SELECT stands among its conditions; every client called it with values that match rows of each tenant and owner, with values that match none, and from positions in between, and got the rows of the matrix that match.`]
}

/** `service_role` is not among the audiences: it passes every verb but those that nobody may do. */
function ruleOf({ table: target }: TablePlan, verb: (typeof verbs)[number], plan: Plan): string {
  const rule = target.access[verb]
  const words = ruleInWords(target, plan.spec.tenancy, verb)
  if (isServiceOnly(rule)) return words
  return verb === 'delete' && target.softDelete === 'rpc' ? `${words}; by calling ${code(nameOf(softDeleteFunction('delete', target)))}, which answers ${code('false')} where a DELETE would reach no row; DELETE itself is refused` : words
}

function conditions({ table: { access, floor, primaryKey, realtime, softDelete } }: TablePlan): string {
  const sides = access.where.own === access.where.any ? [['', access.where.any]] : [['their own rows', access.where.own], ['rows of others', access.where.any]]
  return [
    ...sides.flatMap(([who, where]) => (where ? [`Clients see ${who ? `${who} ` : 'rows '}where ${code(where)}.`] : [])),
    ...(softDelete === 'none' ? [] : [`Rows with ${code('deleted_at')} are seen by the service only.`]),
    ...(verbs.some((verb) => isForSignedIn(access[verb])) ? [access.anonymous ? 'Anonymous sign-ins count as signed in.' : 'Anonymous sign-ins do not count as signed in.'] : []),
    ...(floor ? ['Below every other policy stands the floor: nobody outside the tenant of a row reaches it, also when a policy is added that lets everybody through.'] : []),
    ...(access.mfa.length > 0 ? [`To ${listed(access.mfa)}, the token must have a second factor (${code('aal')} is ${code('aal2')}); the service is not asked.`] : []),
    ...(realtime ? [`Realtime streams its changes: for an insert or update the service of Supabase asks the policy of SELECT for each subscriber, with the row as it is then; a row that nobody may see any more, such as a deleted one, is not sent. A DELETE reaches every subscriber, with ${code(primaryKey.join(', '))} alone. That is what Supabase documents; proved here are the policy, the key, the replica identity and the publication.`] : []),
    ...(access.because === null ? [] : [`Because ${prose(access.because).replace(/\.$/, '')}.`]),
  ].join(' ')
}
