/** Names that a plan would give twice, or that something in the database has already. */
import type { Catalog } from '../design/catalog.ts'
import type { Fault } from '../design/issues.ts'
import type { Plan, TablePlan } from '../design/plan.ts'
import { tablePath } from '../design/table-path.ts'

interface Named {
  name: string
  /** In words, for example `the primary key`. */
  what: string
}

/** Of constraints within a table, and of tables and indexes within a schema: Postgres wants both unique. */
export function nameClashes(plan: Plan, catalog: Catalog): Fault[] {
  const faults: Fault[] = []
  const taken = existingRelations(catalog)
  for (const table of plan.tables) {
    const { schema, name } = table.table
    const path = tablePath(plan.spec, table.table)
    const say = (first: string, second: Named) =>
      faults.push({
        code: 'SPEC_DUPLICATE', path, key: true,
        message: `"${second.name}" would be the name of ${first} and of ${second.what} of "${name}".`,
        remedy: 'Give the check a name of its own, or rename a column or the table.',
      })
    for (const [first, second] of doubles(constraintsOf(table))) say(first.what, second)
    for (const relation of relationsOf(table, plan)) {
      const key = `${schema}.${relation.name}`
      const other = taken.get(key)
      if (other !== undefined) say(other, relation)
      else taken.set(key, `${relation.what} of "${name}"`)
    }
  }
  return [...faults, ...viewClashes(plan, taken), ...searchClashes(plan, catalog)]
}

/** Views share their names with tables and indexes. */
function viewClashes({ views, spec }: Plan, taken: ReadonlyMap<string, string>): Fault[] {
  return views.flatMap(({ view: { schema, name } }): Fault[] => {
    const other = taken.get(`${schema}.${name}`)
    const path = ['views', schema === spec.schema ? name : `${schema}.${name}`]
    return other === undefined ? [] : [{ code: 'SPEC_DUPLICATE', path, key: true, message: `"${name}" would be the name of the view and of ${other}.`, remedy: 'Choose another name for the view.' }]
  })
}

/** Clients call a function by its name alone. */
function searchClashes({ queries, functions }: Plan, catalog: Catalog): Fault[] {
  return queries.flatMap(({ query, search }): Fault[] => {
    const isNamed = ({ schema, name }: { schema: string; name: string }) => schema === search?.name.schema && name === search.name.name
    const other = catalog.functions.some(isNamed) ? 'a function of the repository' : functions.filter(({ name }) => isNamed(name)).length > 1 ? 'another function of this design' : null
    return !search || other === null ? [] : [{ code: 'SPEC_DUPLICATE', path: ['queries', query.name], key: true, message: `"${search.name.schema}.${search.name.name}" would be the name of the function of the query and of ${other}.`, remedy: 'Choose another name for the query.' }]
  })
}

function existingRelations(catalog: Catalog): Map<string, string> {
  return new Map(
    catalog.tables.flatMap(({ schema, name, indexes, uniques }) =>
      [...indexes, ...uniques].map((index): [string, string] => [`${schema}.${index.name}`, `an index of "${schema}.${name}"`]),
    ),
  )
}

function constraintsOf({ primaryKey, uniques, foreignKeys, checks }: TablePlan): Named[] {
  return [
    { name: primaryKey.name, what: 'the primary key' },
    ...uniques.filter(({ kind }) => kind === 'constraint').map(({ name, columns }) => ({ name, what: `the unique key (${columns.join(', ')})` })),
    ...foreignKeys.map(({ name, columns }) => ({ name, what: `the foreign key (${columns.join(', ')})` })),
    ...checks.map(({ name, sql }) => ({ name, what: `the check ${sql}` })),
  ]
}

function relationsOf({ table, primaryKey, uniques }: TablePlan, { indexes }: Plan): Named[] {
  const own = indexes.filter((index) => index.table.schema === table.schema && index.table.name === table.name)
  return [
    { name: table.name, what: 'the table' },
    { name: primaryKey.name, what: 'the primary key' },
    ...uniques.map(({ name, columns }) => ({ name, what: `the unique key (${columns.join(', ')})` })),
    ...own.map(({ name, keys }) => ({ name, what: `the index (${keys.map((key) => key.column).join(', ')})` })),
  ]
}

function doubles(names: Named[]): [Named, Named][] {
  return names.flatMap((second, index): [Named, Named][] => {
    const first = names.slice(0, index).find((candidate) => candidate.name === second.name)
    return first ? [[first, second]] : []
  })
}
