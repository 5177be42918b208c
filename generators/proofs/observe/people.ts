/** Who is asked: nobody, two users, the service, and one user more for each thing that a policy or a helper looks at in a person. */
import type { TableShape } from '../fixtures/shapes.ts'
import { expressionFacts } from '../fixtures/expression-facts.ts'
import { type Identity, impersonal, service, signedIn } from '../access/identity.ts'
import { seededUuid } from '../fixtures/seeded.ts'
import { users } from '../access/world.ts'
import { type Hints, type RowCondition, labelConditions, plainCondition } from './hints.ts'
import { type Making, makeRow, userColumns } from './making.ts'

/** Somebody whose row in a linking table has something that policies look at. */
export interface Member {
  identity: Identity
  link: TableShape
  condition: RowCondition
  holds: boolean
}

export interface People {
  owner: Identity
  peer: Identity
  members: Member[]
  /** In the order in which they are asked: whoever has no token comes first. */
  all: Identity[]
}

const most = { claims: 4, members: 10 }

export async function makePeople(making: Making, links: readonly TableShape[], hints: Hints): Promise<People> {
  const owner = await person(making, 'owner', 'a user')
  const peer = await person(making, 'peer', 'another user')
  const anonymous = hints.anonymous ? [await person(making, 'anonymous', 'an anonymous sign-in', { is_anonymous: true })] : []
  const claimed = []
  for (const { path, value } of hints.claims.slice(0, most.claims)) {
    const name = path.join('.')
    claimed.push(await person(making, `claim:${name}=${value}`, `a user with ${name} = '${value}' in the token`, path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>))
  }
  const members: Member[] = []
  for (const wish of links.flatMap((link) => memberWishes(link, hints)).slice(0, most.members)) {
    const says = `${wish.holds ? '' : 'not '}${plainCondition(wish.condition.sql)}`
    members.push({ ...wish, identity: await person(making, `member:${wish.link.name}:${says}`, `a user with ${says} in ${wish.link.schema}.${wish.link.name}`) })
  }
  return { owner, peer, members, all: [impersonal[0] as Identity, owner, peer, ...anonymous, ...claimed, ...members.map(({ identity }) => identity), service] }
}

/** Each label of a role or status, and both sides of each condition. */
function memberWishes(link: TableShape, { conditions, callers }: Hints): Omit<Member, 'identity'>[] {
  const keys = new Set([...userColumns(link, callers).map(({ name }) => name), ...link.foreignKeys.flatMap(({ columns }) => columns), ...link.primaryKey])
  const columns = link.columns.filter(({ name, generated }) => !keys.has(name) && !generated && conditions.some(({ column }) => column === name) || (!keys.has(name) && /(^|_)(role|level|rank|tier)$/.test(name)))
  return columns.flatMap(({ name, shape }) => {
    const labels = shape.kind === 'enum' ? shape.labels : link.checks.map(expressionFacts).find((facts) => facts.columns.join() === name && facts.strings.length > 1)?.strings ?? []
    const named = labelConditions(name, labels.slice(0, 6)).map((condition) => ({ link, condition, holds: true }))
    return named.length > 0 ? named : conditions.filter(({ column }) => column === name).slice(0, 3).flatMap((condition) => [true, false].map((holds) => ({ link, condition, holds })))
  })
}

async function person(making: Making, id: string, title: string, claims: Record<string, unknown> = {}): Promise<Identity> {
  const userId = seededUuid(`person ${id}`)
  const anonymous = claims['is_anonymous'] === true
  await makeRow(making, users, { given: { id: userId, ...(anonymous ? { is_anonymous: true } : {}) } }, null)
  return signedIn({ id, title, userId, anonymous, claims })
}
