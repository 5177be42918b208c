import type { ForeignKeyPlan } from '../../../design/plan.ts'
import { type Identity, isClient } from '../identity.ts'
import { type Probe, lacksRight, refused, speakers } from '../probe.ts'
import type { ShapeContext } from './context.ts'
import { insertSql, namedColumns } from './insert.ts'

/** A parent of another tenant, and one that does not exist. */
export interface Strangers {
  key: ForeignKeyPlan
  /** The tenant of the parent elsewhere. */
  tenant: string
  /** Values of the referenced columns other than the tenant's, by column of the child. */
  elsewhere: Record<string, string | null>
  nowhere: Record<string, string | null>
}

/** Pointing at a row of another tenant must fail exactly as pointing at nothing: otherwise an error tells what exists. */
export function oracleProbes(context: ShapeContext, strangers: readonly Strangers[]): Probe[] {
  const { subject } = context
  const draftOf = (identity: Identity, elsewhere: string) => subject.drafts.get(identity)?.find(({ facts }) => facts.tenant !== elsewhere && context.allows('insert', identity, facts))
  return strangers.flatMap(({ key, tenant, elsewhere, nowhere }) => {
    const isFollowed = key.columns.some((column) => [subject.table.access.via, subject.table.tenantVia].some((via) => via?.column === column))
    return senders(subject.world.identities, isFollowed, (identity) => draftOf(identity, tenant) !== undefined).flatMap((identity) => {
      const row = draftOf(identity, tenant)
      if (!row) return []
      const named = namedColumns(subject.table, identity, row).filter((name) => row.columns[name] !== null)
      return [['elsewhere', elsewhere] as const, ['nowhere', nowhere] as const].map(([place, values]): Probe => ({
        identity, verb: 'insert', shape: `${key.columns.join(', ')} pointing ${place}`, keys: null, readsState: 'never',
        sql: insertSql(subject.table, [...new Set([...named, ...Object.keys(values)])], [{ ...row, columns: { ...row.columns, ...values } }]),
        judge: (outcome) => {
          // The rule of a followed parent refuses both before the key is asked.
          const isRefused = isFollowed && outcome.code === refused && !lacksRight(outcome)
          if (outcome.code === '23503' || isRefused) return [{ row, expected: false, observed: false }]
          const complaint = `an INSERT by ${identity.title} with ${key.columns.join(', ')} pointing ${place === 'elsewhere' ? 'into another tenant' : 'at nothing'} ended with ${outcome.code ?? 'success'} instead of 23503, so it tells what exists`
          return [{ row, expected: false, observed: outcome.code === null, complaint }]
        },
      }))
    })
  })
}

/** Where no client writes, or a rule refuses clients first, the service may still link across tenants by mistake. */
function senders(identities: readonly Identity[], isFollowed: boolean, passes: (identity: Identity) => boolean): Identity[] {
  const clients = speakers(identities, passes).filter(passes)
  return clients.length > 0 && !isFollowed ? clients : [...clients, ...identities.filter((identity) => !isClient(identity) && passes(identity))]
}
