/** Policies, grants and helpers of the plan, as a reader of the access page sees them. */
import type { FunctionPlan, PolicyPlan, TablePlan } from '../../design/plan.ts'
import { writableColumns } from '../../design/spec.ts'
import { type QualifiedName, ident } from '../../sql/identifier.ts'
import { code, codes, fence, prose, table } from './markdown.ts'
import { nameOf } from '../../planner/table-indexes.ts'

/** As the database holds it: shown, not to be run again. */
export function policyBlock(policy: PolicyPlan, target: QualifiedName): string {
  const lines = [
    `create policy ${ident(policy.name)}`,
    `on ${nameOf(target)}`,
    ...(policy.permissive ? [] : ['as restrictive']),
    `for ${policy.command} to ${policy.roles.map(ident).join(', ')}`,
    ...clause('using', policy.using),
    ...clause('with check', policy.check),
  ]
  return fence('sql definition', `${lines.join('\n')};`)
}

function clause(word: string, predicate: string | null): string[] {
  return predicate === null ? [] : [`${word} (\n  ${predicate.replaceAll('\n', '\n  ')}\n)`]
}

export function grantsTable({ grants }: TablePlan): string {
  return table(
    ['role', 'whole row', 'columns'],
    grants.map(({ role, privileges }) => {
      const whole = privileges.filter(({ columns }) => columns === null).map(({ verb }) => verb)
      const some = privileges.flatMap(({ verb, columns }) => (columns === null ? [] : [`${verb}: ${codes(columns)}`]))
      return [code(role), whole.join(', '), some.join('; ')]
    }),
  )
}

/** Columns that a client can see and never write, with the reason that the spec gives. */
export function protectedColumns({ table: target, grants }: TablePlan): string {
  const writes = (['insert', 'update'] as const).filter((verb) => grants.some((grant) => grant.role !== 'service_role' && grant.privileges.some((privilege) => privilege.verb === verb)))
  return writes
    .map((verb) => {
      const writable = writableColumns(target, verb)
      const fixed = target.columns.filter((column) => !writable.includes(column.name)).map((column) => column.name)
      return fixed.length === 0 ? '' : `Not in an ${verb} by a client: ${codes(fixed)}.`
    })
    .filter(Boolean)
    .join(' ')
}

export interface FunctionView {
  heading: string
  says: string
  definition: string
}

/** Functions that policies or clients call; trigger functions stand on the table page. */
export function functionViews(functions: readonly FunctionPlan[]): FunctionView[] {
  return functions
    .filter((one) => one.kind !== 'trigger')
    .map((one) => ({
      heading: `${code(`${nameOf(one.name)}(${one.arguments})`)}${one.exists ? ', in the repository already' : ''}`,
      says: `${prose(one.comment)} ${executors(one)} ${rights(one)}`.trim(),
      definition: fence('sql definition', `${one.definition};`),
    }))
}

function executors({ executableBy, kind, definition }: FunctionPlan): string {
  const roles = executableBy.length === 0 ? 'No client role' : codes(executableBy)
  return `${roles} may execute it${kind === 'policy helper' && definition.includes('security definer') ? ', because what calls it runs with the rights of the caller' : ''}.`
}

/** What the body binds itself to: the caller, and a pinned search path. */
function rights({ definition }: FunctionPlan): string {
  const text = definition.toLowerCase()
  return [
    text.includes('security definer') ? "It runs with its owner's rights." : 'It runs with the rights of the caller.',
    ...(text.includes('auth.uid()') ? ['It is bound to `auth.uid()`.'] : []),
    ...(text.includes('auth.jwt()') ? ['It reads the token.'] : []),
    ...(text.includes("search_path = ''") ? ['Its search path is empty.'] : text.includes('begin atomic') ? ['Its names were resolved when it was created.'] : []),
  ].join(' ')
}
