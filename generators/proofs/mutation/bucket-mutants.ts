import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { literal } from '../../sql/literal.ts'
import { readObjectPolicies } from './applied.ts'
import type { Mutant } from './mutant.ts'
import { policyMutants } from './policy-mutants.ts'

/** The policies of each bucket with one fault, and a bucket that everybody reads. */
export async function readBucketMutants(session: Session, plan: Plan): Promise<Mutant[]> {
  const mutants: Mutant[] = []
  for (const { file, objects, policies } of plan.buckets) {
    const table = { schema: 'storage', name: `objects in ${file.bucket}` }
    const applied = await readObjectPolicies(session, policies.map(({ name }) => name))
    if (applied) mutants.push(...policyMutants(applied, plan).map((mutant) => ({ ...mutant, table, hint: /_update: check /.test(mutant.says) ? 'move' : null })))
    if (!objects.public) mutants.push({ says: `bucket ${file.bucket}: public`, effect: 'weakening', sql: `update storage.buckets set public = true where id = ${literal(file.bucket)}`, table, verbs: ['select'], hint: null, equivalent: null })
  }
  return mutants
}
