import type { ScenarioPart } from '../../design/scenario.ts'
import { isClient } from './identity.ts'
import type { PreparedSubject } from './requests.ts'
import { may } from './subject.ts'

/**
 * How many rows each caller gets through a search function, by what the spec says: first pages with what each tenant and
 * owner has. Where every signed-in user sees a row, those that are there already may fill the page, so it is not asked.
 */
export function searchScenario({ subject, searches = [] }: PreparedSubject): ScenarioPart[] {
  const { select } = subject.table.access
  if (searches.length === 0 || select.any === 'signed_in') return []
  const clients = subject.world.identities.filter(isClient)
  return [...new Set(searches.map(({ name }) => name))].map((name): ScenarioPart => {
    const label = `${subject.table.schema}.${name}`
    const calls = searches.filter((one) => one.name === name && !one.isFurther).map((one, place) => ({ ...one, request: `${label}, call ${place + 1}` }))
    return {
      name: label,
      counts: true,
      seed: '',
      requests: calls.map(({ request, sql }) => ({ name: request, sql: sql.replace('select *', 'select count(*)::text') })),
      expectations: calls.flatMap(({ request, matching, size }) =>
        clients.map((identity) => {
          const seen = subject.rows.filter(({ key, facts }) => matching.includes(key) && may(subject, 'select', identity, facts)).length
          const isRefused = identity.caller.role !== 'authenticated'
          return { caller: identity.title, request, answer: isRefused ? null : String(Math.min(seen, size)), says: `${identity.title}: ${isRefused ? 'may not call' : `finds ${Math.min(seen, size)} rows by`} ${request}` }
        }),
      ),
    }
  })
}
