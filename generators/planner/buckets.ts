import type { BucketPlan, PolicyPlan } from '../design/plan.ts'
import { type Spec, verbs } from '../design/spec.ts'
import type { PolicyHelpers } from '../patterns/define-pattern.ts'
import { objectPredicate } from '../patterns/object-predicate.ts'
import { composedName } from '../sql/identifier.ts'

/** One permissive policy for each verb and bucket. Its name carries the design: policies of all buckets stand on one table. */
export function planBuckets(spec: Spec, helpers: PolicyHelpers): BucketPlan[] {
  return spec.files.flatMap((file): BucketPlan[] => {
    const { objects } = file
    if (!objects) return []
    const policies = verbs.flatMap((verb): PolicyPlan[] => {
      const rule = objectPredicate(verb, { file, tenancy: spec.tenancy, helpers })
      if (!rule) return []
      const [using, check] = [verb === 'insert' ? null : rule.sql, verb === 'insert' || verb === 'update' ? rule.sql : null]
      return [{ name: composedName([spec.design, file.name], verb), command: verb, permissive: true, roles: rule.roles, using, check, says: rule.says }]
    })
    return [{ file, objects, policies }]
  })
}
