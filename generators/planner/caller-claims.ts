/** A token of somebody. Generic plans do not look at its values, only expressions over it must not fail. */
import type { Plan } from '../design/plan.ts'

const somebody = '5bcd8a3e-0000-4000-8000-000000000001'

export function callerClaims({ spec: { tenancy } }: Plan): Record<string, unknown> {
  const claims: Record<string, unknown> = { sub: somebody, aal: 'aal2' }
  if (tenancy.model !== 'tenant_column') return claims
  const value = /^(big|small)?int|numeric/.test(tenancy.type) ? 1 : somebody
  const nested = tenancy.claim.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
  return { ...claims, ...(nested as Record<string, unknown>) }
}
