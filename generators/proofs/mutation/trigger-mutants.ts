import type { Plan } from '../../design/plan.ts'
import { verbs } from '../../design/spec.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { whereClauses } from '../../sql/where-clauses.ts'
import type { Mutant } from './mutant.ts'
import { mutatePredicate } from './predicate-mutants.ts'

/** What triggers keep, kept by halves: a column that is left as it came, an actor who is nobody, another row that is marked. Guards of memberships have faults of their own; what was there before is the repository's. */
export async function readTriggerMutants(session: Session, { functions, tables }: Plan): Promise<Mutant[]> {
  const guards = tables.filter(({ table }) => table.kind === 'memberships').flatMap(({ triggers }) => triggers.map(({ function: called }) => qualified(called)))
  const named = functions.filter(({ name, kind, exists }) => kind === 'trigger' && !exists && !guards.includes(qualified(name)))
  const signatures = named.map(({ name, argumentTypes }) => `${qualified(name)}(${argumentTypes})`)
  const { rows } = await session.query<AppliedTrigger>('select signature, pg_get_functiondef(p.oid) as definition, prosrc as body, prosecdef as definer from unnest($1::text[]) as signature join pg_proc p on p.oid = signature::regprocedure order by 1', [signatures])
  return rows.flatMap((applied) => {
    const kept = tables.filter(({ triggers }) => triggers.some(({ function: called }) => applied.signature.startsWith(`${qualified(called)}(`))).map(({ table }) => table)
    const isUpdated = kept.some(({ access: { update } }) => update.own !== 'nobody' || update.any !== 'nobody')
    const at = kept.map((table) => qualified(table))
    return faultsOf(applied).map(({ says, effect = 'weakening', sql, asked = verbs, ofUpdate = false }): Mutant => ({ says: `${applied.signature}: ${says}`, effect, sql, table: null, verbs: asked, hint: shapeOf(applied.signature), equivalent: ofUpdate && !isUpdated ? `nobody updates a row of ${at.join(', ')}` : null, at }))
  })
}

/** What is asked of it first, or its name. */
function shapeOf(signature: string): string {
  const [, name = ''] = /\.(.+)\(/.exec(signature) ?? []
  return ['updated_at', 'actors'].find((shape) => name.endsWith(shape)) ?? name
}

interface AppliedTrigger {
  signature: string
  definition: string
  body: string
  definer: boolean
}

interface Fault {
  says: string
  sql: string
  effect?: Mutant['effect']
  /** Left out: of every verb. */
  asked?: Mutant['verbs']
  /** Nothing but an UPDATE comes there. */
  ofUpdate?: boolean
}

function faultsOf({ signature, definition, body, definer }: AppliedTrigger): Fault[] {
  const fault = (says: string, start: number, end: number, becomes: string): Fault => ({ says, sql: definition.replace(body, () => `${body.slice(0, start)}${becomes}${body.slice(end)}`) })
  const sets = [...body.matchAll(/new\.("[^"]+"|\w+) := ([^;]+);/g)].flatMap((match) => {
    const [start, end] = [match.index, match.index + match[0].length]
    const ofUpdate = match[2]?.startsWith('old.') === true
    return [{ ...fault(`leaves ${match[1]} as it came`, start, end, 'null;'), ofUpdate }, ...(/uid\(\)/.test(match[2] ?? '') ? [fault(`${match[1]} is nobody`, start, end, `new.${match[1]} := null;`)] : [])]
  })
  const wheres = whereClauses(body).flatMap(({ start, end, predicate }) => mutatePredicate(predicate).map((mutated): Fault => ({ ...fault(`where ${mutated.says}`, start, end, ` ${mutated.predicate} `), effect: mutated.effect })))
  const ifs = [...body.matchAll(/\bif (.+) then/g)].map((match) => fault(`"${match[1]}" negated`, match.index, match.index + match[0].length, `if not (${match[1]}) then`))
  const rights: Fault = definer ? { says: 'with the rights of the caller', effect: 'restricting', sql: `alter function ${signature} security invoker` } : { says: 'with the rights of its owner', asked: [], sql: `alter function ${signature} security definer` }
  return [...sets, ...wheres, ...ifs, rights]
}
