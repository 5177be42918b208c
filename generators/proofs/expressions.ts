/** Every SQL text of a spec, tried on the server before anything is planned with it. All that is wrong comes back at once. */
import type { Fault } from '../design/issues.ts'
import type { QuerySpec, Spec } from '../design/spec.ts'
import { planQuery, queriedTable } from '../planner/queries.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import { parseExpression } from '../sql/expression.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { literal } from '../sql/literal.ts'
import { loadParser } from '../sql/parser.ts'
import { type Trial, startTrial } from './expression-trial.ts'
import { valueText } from './fixtures/value-text.ts'
import { createTrialTable, tryTable } from './table-expressions.ts'
import { tryViews } from './view-expressions.ts'

export interface ExpressionInput {
  server: Pick<ReplayedServer, 'createDatabase' | 'catalog'>
  spec: Spec
}

/** Creates the new tables in a transaction that is rolled back, and tries each expression on them. */
export async function checkExpressions({ server, spec }: ExpressionInput): Promise<Fault[]> {
  await loadParser()
  const database = await server.createDatabase()
  try {
    await using session = await database.connect()
    await session.query('begin')
    const trial = await startTrial(session)
    for (const schema of new Set(spec.tables.map((table) => table.schema))) await session.query(`create schema if not exists ${ident(schema)}`)
    const created = []
    for (const table of spec.tables) {
      const columns = await createTrialTable(trial, spec, table)
      if (columns) created.push({ table, columns })
    }
    for (const { table, columns } of created) await tryTable(trial, spec, table, columns)
    await trySamples(trial, spec, server.catalog)
    await tryMemberships(trial, spec)
    // A query over a table that could not be made would be blamed for it.
    const isWhole = created.length === spec.tables.length && created.every(({ columns }) => columns.broken.size === 0)
    const isReadable = isWhole && (await tryViews(trial, spec))
    for (const query of spec.queries) await tryQuery(trial, query, { spec, catalog: server.catalog, isWhole: isReadable })
    await session.query('rollback')
    return trial.faults
  } finally {
    await database.drop()
  }
}

/** The predicate of active members becomes part of a function that runs with an empty search path. */
async function tryMemberships(trial: Trial, { tenancy }: Spec): Promise<void> {
  if (tenancy.model !== 'organization' || tenancy.memberships.where === null) return
  const { table, where } = tenancy.memberships
  const path = ['tenancy', 'memberships', 'where']
  // Explained, not run: a plan finds the same faults, and waits for nothing.
  const isPredicate = await trial.attempt(path, `explain select from ${qualified(table)} where (${where})`, { searchPath: '' })
  if (isPredicate) await trial.refuseVolatile(path, parseExpression(where).functions)
}

/** Values of samples become rows; one that no row can hold would only be skipped there. */
async function trySamples(trial: Trial, spec: Spec, catalog: ReplayedServer['catalog']): Promise<void> {
  for (const { table, rows } of spec.samples) {
    const columns = queriedTable(spec, catalog, table.schema, table.name)?.columns ?? []
    for (const [index, row] of rows.entries()) {
      for (const [name, value] of Object.entries(row)) {
        const type = columns.find((column) => column.name === name)?.type
        const text = type === undefined ? null : valueText(value, type)
        if (text !== null) await trial.attempt(['samples', `${table.schema}.${table.name}`, index, name], `select ${literal(text)}::${type}`)
      }
    }
  }
}

interface QueryContext {
  spec: Spec
  catalog: ReplayedServer['catalog']
  isWhole: boolean
}

async function tryQuery(trial: Trial, query: QuerySpec, { spec, catalog, isWhole }: QueryContext): Promise<void> {
  const path = ['queries', query.name]
  let isFine = true
  for (const [index, type] of query.params.entries()) {
    const known = await trial.attempt([...path, 'params', index], `select null::${type}`)
    isFine &&= known
  }
  if (query.table && isWhole) {
    for (const [index, condition] of query.where.entries()) {
      if (!('sql' in condition)) continue
      const holds = await trial.attempt([...path, 'where', index], `select from ${qualified(query.table)} where (${condition.sql})`)
      isFine &&= holds
    }
  }
  if (!isFine || !isWhole) return
  const { sql, parameters } = planQuery(query, spec, catalog)
  const types = parameters.length > 0 ? ` (${parameters.map(({ type }) => type).join(', ')})` : ''
  await trial.attempt([...path, query.sql === null ? 'where' : 'sql'], `prepare trr_db_trial${types} as ${sql}`)
  await trial.run('deallocate all')
}
