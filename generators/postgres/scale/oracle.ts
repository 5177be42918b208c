/** Answers of a real planner to "and with only these?". */
import type { PlanNode } from '../../planner/candidates/plan-tree.ts'
import { visitPlan } from '../../planner/candidates/plan-tree.ts'
import type { RelaxedPolicy } from '../../planner/relaxed-policies.ts'
import type { ColumnDistinct } from '../../planner/scale/dense-columns.ts'
import type { Observation } from '../../planner/selection/knowledge.ts'
import type { Database } from '../database.ts'
import { type PlannedStatement, planScript } from '../explain.ts'
import type { Session } from '../session.ts'
import type { CreatedCandidate } from './candidate-indexes.ts'
import { secondaryIndexes } from './secondary-indexes.ts'

export interface OracleStatement extends PlannedStatement {
  id: string
  /** Payload of the token. */
  claims: Record<string, unknown>
  /** Values to plan for; without them the generic plan. */
  values?: readonly string[]
  /** Columns that are taken to have so many values. */
  distinct?: readonly ColumnDistinct[]
  /** Policies without what the statement asks as well. */
  relaxed?: readonly RelaxedPolicy[]
  /** Indexes of the database that are looked away from. */
  hidden?: readonly { schema: string; name: string }[]
}

export interface Oracle extends AsyncDisposable {
  /** Places in the list of candidates. Where conditions count otherwise than the server counts them: the indexes are those that it reads as it plans, the cost is what there is to read. */
  observe(statement: OracleStatement, visible: readonly number[], isGlance?: boolean): Promise<Observation>
  /** As the server plans it. */
  plan(statement: OracleStatement, visible: readonly number[]): Promise<PlanNode>
  lanes: number
}

/** One session in each database; they hold the same candidates, and are as large. */
export async function openOracle(databases: readonly Database[], created: readonly CreatedCandidate[]): Promise<Oracle> {
  const free = await Promise.all(databases.map((database) => database.connect({ user: 'supabase_admin' })))
  const all = [...free]
  const others = free[0] ? await secondaryIndexes(free[0]) : []
  const waiting: ((session: Session) => void)[] = []
  const byName = new Map(created.flatMap(({ names }, place) => names.map((name) => [name, place])))
  const take = () => new Promise<Session>((resolve) => {
    const session = free.pop()
    if (session) resolve(session)
    else waiting.push(resolve)
  })
  const give = (session: Session) => {
    const next = waiting.shift()
    if (next) next(session)
    else free.push(session)
  }
  const explain = async (statement: OracleStatement, visible: readonly number[], how: Pick<Explain, 'options' | 'settings'>): Promise<PlanNode> => {
    const session = await take()
    try {
      return await explainVisible(session, statement, { ...how, oids: visible.flatMap((place) => created[place]?.oids ?? []) })
    } finally {
      give(session)
    }
  }
  const asPlanned = (statement: OracleStatement): OracleStatement => ({ ...statement, distinct: [], relaxed: [] })
  return {
    lanes: databases.length,
    plan: (statement, visible) => explain(asPlanned(statement), visible, { options: 'verbose, format json', settings: [] }),
    async observe(statement, visible, isGlance = false) {
      const root = await explain(asPlanned(statement), visible, { options: 'format json', settings: isGlance ? glance : [] })
      const names = new Set<string>()
      const uses = new Set<number>()
      visitPlan(root, (node) => {
        const name = node['Index Name'] ?? ''
        const place = byName.get(name)
        names.add(name)
        if (place !== undefined) uses.add(place)
      })
      const used = [...uses].toSorted((a, b) => a - b)
      if (isGlance || (!statement.distinct?.length && !statement.relaxed?.length)) return { cost: root['Total Cost'], uses: used }
      const hidden = others.filter(({ name }) => !names.has(name) && !byName.has(name))
      return { cost: (await explain({ ...statement, hidden }, used, { options: 'format json', settings: [] }))['Total Cost'], uses: used }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((session) => session.end()))
    },
  }
}

interface Explain {
  oids: readonly number[]
  options: string
  settings: readonly string[]
}

/** Joins in the order that a short genetic search finds: a fifth of the time, and a plan that may not be the best. */
const glance = ['set local geqo_threshold = 2', 'set local geqo_pool_size = 30', 'set local geqo_generations = 40']

/** In one round trip; what the last one left is rolled back first. */
async function explainVisible(session: Session, statement: OracleStatement, { oids, options, settings }: Explain): Promise<PlanNode> {
  const show = oids.length > 0 ? [`update pg_catalog.pg_index set indisvalid = true where indexrelid in (${oids.join(', ')})`] : []
  const { setup, execute } = planScript(statement, statement)
  const script = ['rollback', 'deallocate all', 'begin', ...show, ...settings, ...setup, `explain (${options}) ${execute}`].join(';\n')
  const { rows } = await session.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(script)
  const root = rows[0]?.['QUERY PLAN'][0]?.Plan
  if (!root) throw new Error(`No plan of ${statement.id}`)
  return root
}
