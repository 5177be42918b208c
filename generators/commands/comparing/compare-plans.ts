/** The declared queries of every design on both sides, where something that they read changed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../design/catalog.ts'
import type { Plan } from '../../design/plan.ts'
import { type PlanDiff, type PlanDifference, planChanges } from '../../design/plan-diff.ts'
import { type ReplayedServer, openServer } from '../../postgres/server.ts'
import { type PlannedQueries, planQueries } from '../../proofs/compare/plan-queries.ts'
import { wordsOf } from '../../proofs/observe/reach.ts'
import { refusalOf } from '../../proofs/proof-error.ts'
import { readLock } from '../../repository/lock.ts'
import type { CommandInput } from '../command.ts'
import { historyBefore } from '../pipeline/open-history.ts'
import { readCheckedPlan } from '../pipeline/read-checked-spec.ts'
import type { RepositorySide, RepositorySides } from './open-sides.ts'

interface Servers {
  base: ReplayedServer
  head: ReplayedServer
}

/** Null servers: both sides are the same. */
export async function comparePlans(input: CommandInput, sides: RepositorySides, servers: Servers | null, progress: (says: string) => void): Promise<PlanDiff> {
  const names = [...new Set([sides.base, sides.head].flatMap(({ repository }) => repository.designs.map(({ design }) => design)))].toSorted()
  const found: PlanDiff = { designs: names.length, planned: [], differences: [], added: [], removed: [], notes: [] }
  if (servers === null) return found
  for (const design of names) {
    const [base, head] = [await textOf(sides.base, design), await textOf(sides.head, design)]
    if (base === head && base !== null && relevant(servers.base.catalog, base) === relevant(servers.head.catalog, base)) continue
    progress(`planning the queries of ${design}`)
    const [before, after] = [await plansOf(input, sides.base, servers.base, { design, text: base }, found), await plansOf(input, sides.head, servers.head, { design, text: head }, found)]
    found.planned.push({ design, queries: new Set([...(before?.queries.keys() ?? []), ...(after?.queries.keys() ?? [])]).size })
    if (before && after) compare(design, before, after, found)
    else if (after && base === null) found.added.push(...[...after.queries.keys()].map((query) => `${design}.${query}`))
    else if (before && head === null) found.removed.push(...[...before.queries.keys()].map((query) => `${design}.${query}`))
  }
  return found
}

interface Planned {
  plan: Plan
  queries: PlannedQueries
}

async function plansOf({ options, signal }: CommandInput, { says, repository }: RepositorySide, server: ReplayedServer, { design, text }: { design: string; text: string | null }, { notes }: PlanDiff): Promise<Planned | null> {
  if (text === null) return null
  try {
    const lock = await readLock(repository.root, design)
    // A spec is read against what was there before it.
    await using before = await openServer({ major: repository.config.major, history: historyBefore(repository.migrations, lock), skip: options.skip, signal, keepDatabases: 16 })
    const plan = await readCheckedPlan({ text, file: `supabase/designs/${design}.yaml`, server: before, repository })
    const missing = plan.tables.filter(({ table }) => !server.catalog.tables.some(({ schema, name }) => schema === table.schema && name === table.name))
    if (missing.length > 0) {
      notes.push(`${design} is not planned on the ${says}: no migration makes ${missing.map(({ table }) => `${table.schema}.${table.name}`).join(', ')}`)
      return null
    }
    const database = await server.createDatabase()
    return { plan, queries: await planQueries(database, { plan, catalog: before.catalog, signal }) }
  } catch (error) {
    notes.push(`${design} is not planned on the ${says}: ${refusalOf(error)}`)
    return null
  }
}

function compare(design: string, before: Planned, after: Planned, found: PlanDiff): void {
  for (const name of new Set([...before.queries.keys(), ...after.queries.keys()])) {
    const [old, now] = [before.queries.get(name), after.queries.get(name)]
    if (old === undefined) found.added.push(`${design}.${name}`)
    if (now === undefined) found.removed.push(`${design}.${name}`)
    if (old === undefined || now === undefined) continue
    if (typeof old === 'string' || typeof now === 'string') {
      if (old !== now) found.notes.push(`${design}.${name} cannot be run ${typeof now === 'string' ? `any more: ${now}` : `on the base: ${String(old)}`}`)
      continue
    }
    found.differences.push(...difference(design, name, after, [old, now]))
  }
}

/** At the point where it tells most: the horizon, when it is there that they differ. */
function difference(design: string, query: string, { plan }: Planned, [old, now]: [Exclude<ReturnType<PlannedQueries['get']>, string | undefined>, Exclude<ReturnType<PlannedQueries['get']>, string | undefined>]): PlanDifference[] {
  const declared = plan.queries.find((one) => one.query.name === query)
  for (const at of ['horizon', 'launch'] as const) {
    const [before, after] = [old[at], now[at]]
    const changes = before && after ? planChanges(before, after) : []
    if (before && after && changes.length > 0) return [{ design, query, as: declared?.query.as ?? '', sql: declared?.sql ?? '', at, changes, before, after }]
  }
  return []
}

async function textOf({ repository }: RepositorySide, design: string): Promise<string | null> {
  const known = repository.designs.find((one) => one.design === design)
  return known ? await readFile(join(repository.root, known.spec), 'utf8') : null
}

/** Everything of the catalog that the spec names, and what that names. */
function relevant(catalog: Catalog, text: string): string {
  const objects = [...catalog.tables, ...catalog.functions, ...catalog.types].map((object) => ({ name: object.name, text: JSON.stringify(object) }))
  const words = wordsOf(text)
  const kept = new Set<string>()
  for (const word of words) {
    for (const object of objects.filter(({ name, text: body }) => name === word && !kept.has(body))) {
      kept.add(object.text)
      // A set that grows while it is read is read to its end.
      for (const next of wordsOf(object.text)) words.add(next)
    }
  }
  return [...kept].toSorted().join('\n')
}
