/** Tokens with and without a second factor, for designs that ask for one. */
import type { Caller } from '../../design/access.ts'
import type { Identity } from './identity.ts'

interface People {
  identities: Identity[]
  owners: { identity: Identity; tenant: string | null }[]
}

/**
 * Everybody has a second factor, so that all else is asked as before. One person sends the same requests without it, and with a
 * token that does not say; whoever forges `user_metadata` claims it there.
 */
export function withSecondFactor<World extends People>(world: World, personId: string): World {
  const people = new Map(world.identities.map((identity) => [identity, identity.caller.role === 'authenticated' ? (identity.id === 'forged' ? forged(identity) : withToken(identity, 'aal2')) : identity]))
  const person = world.identities.find(({ id }) => id === personId)
  const twins = person
    ? [
        { ...withToken(person, 'aal1'), id: `${person.id}_aal1`, title: `${person.title}, without a second factor` },
        { ...withToken(person, null), id: `${person.id}_no_aal`, title: `${person.title}, whose token says nothing of a second factor` },
      ]
    : []
  return {
    ...world,
    identities: world.identities.flatMap((identity) => [people.get(identity) ?? identity, ...(identity === person ? twins : [])]),
    owners: world.owners.map((owner) => ({ ...owner, identity: people.get(owner.identity) ?? owner.identity })),
  }
}

function withToken(identity: Identity, aal: Caller['aal']): Identity {
  const { aal: _before, ...token } = JSON.parse(identity.claims ?? '{}') as Record<string, unknown>
  return { ...identity, caller: { ...identity.caller, aal }, claims: JSON.stringify({ ...token, ...(aal === null ? {} : { aal }) }) }
}

function forged(identity: Identity): Identity {
  const { user_metadata: wishes, ...token } = JSON.parse(identity.claims ?? '{}') as { user_metadata?: Record<string, unknown> }
  return withToken({ ...identity, claims: JSON.stringify({ ...token, user_metadata: { ...wishes, aal: 'aal2' } }) }, 'aal1')
}
