import type { ViaSpec } from '../design/followed.ts'
import { ident } from '../sql/identifier.ts'
import type { PatternContext } from './define-pattern.ts'

/** The tenant stands on the row that the column references: the keys of the rows of the caller's tenants, asked once. */
export function tenantKeys({ column }: ViaSpec, { table, helpers }: PatternContext, argument: string): string {
  return `${ident(column)} = any (array(select ${helpers.keys({ of: 'tenant', table })}(${argument})))`
}
