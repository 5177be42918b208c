/** For which verbs of a table a second factor is asked. */
import type { Reading } from '../reading.ts'
import type { Path } from '../../source.ts'
import { type TableSpec, type Verb, type VerbRule, verbs } from '../../spec.ts'

/** The rules are read already. Refused where nobody could be asked: the service has no token of a person, and `anyone` needs none. */
export function readMfa({ issues }: Reading, path: Path, { name, access }: TableSpec, written: boolean | readonly Verb[]): Verb[] {
  if (written === false) return []
  const clients = verbs.filter((verb) => hasClient(access[verb]))
  const asked = written === true ? clients : verbs.filter((verb) => written.includes(verb))
  const refuse = (message: string, remedy: string) => issues.add({ code: 'SPEC_CONFLICT', path, message, remedy })
  const closed = asked.filter((verb) => !clients.includes(verb))
  if (written === true && clients.length === 0) refuse(`No client has a verb on "${name}", and the service is not asked for a second factor.`, 'Remove mfa.')
  if (closed.length > 0) refuse(`No client may ${closed.join(' or ')} rows of "${name}", and the service is not asked for a second factor.`, clients.length > 0 ? `Write: mfa: [${clients.join(', ')}]` : 'Remove mfa.')
  const open = asked.filter((verb) => access[verb].any === 'anyone' || access[verb].own === 'anyone')
  const rest = asked.filter((verb) => !open.includes(verb) && clients.includes(verb))
  if (open.length > 0) refuse(`Anyone may ${open.join(' and ')} rows of "${name}", also without a token, and the second factor is a claim of the token.`, rest.length > 0 ? `Write: mfa: [${rest.join(', ')}]` : `Remove mfa, or let signed_in ${open[0]}.`)
  return asked
}

function hasClient({ own, any }: VerbRule): boolean {
  return [own, any].some((audience) => audience !== 'service' && audience !== 'nobody')
}
