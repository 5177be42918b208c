/** The access matrix as data of the pgTAP file: callers, rows, requests and what comes of each. */
import type { TablePlan } from '../design/plan.ts'
import type { AccessScenario, ScenarioCaller, ScenarioPart, ScenarioTable } from '../design/scenario.ts'
import { writableColumns } from '../design/spec.ts'
import { ident, qualified } from '../sql/identifier.ts'
import { dollarQuoted, literal } from '../sql/literal.ts'

export interface ScenarioView {
  people: string
  /** `('an editor of A', 'authenticated', '{…}')`: rows of a temporary table, as those below. */
  callers: string[]
  /** Requests whose answers are numbers: sent before there is a row of the file, too. */
  counting: string[]
  tables: { name: string; seed: string; titles: string[]; requests: string[]; expectations: string[]; counts: boolean }[]
}

/** What a refusal is called in the file. */
const refused = 'refused'
const done = 'done'

export function scenarioView(scenario: AccessScenario, plans: readonly TablePlan[]): ScenarioView {
  return {
    people: scenario.people,
    counting: scenario.parts.filter(({ counts }) => counts).flatMap(({ requests }) => requests.map((request) => requestRow(request.name, request.sql))),
    callers: scenario.callers.map(({ title, role, claims }) => row(title, role, claims ?? '')),
    tables: [...scenario.tables.map((table) => ({
      name: nameOf(table),
      seed: table.seed,
      titles: table.rows.map(({ key, title }) => row(nameOf(table), key, title)),
      requests: requests(table, planOf(table, plans)),
      expectations: table.callers.flatMap((caller) => expectations(table, caller)),
      counts: false,
    })), ...scenario.parts.map(partView)],
  }
}

function partView({ name, counts, seed, requests, expectations }: ScenarioPart): ScenarioView['tables'][number] {
  return {
    name,
    seed,
    titles: [],
    requests: counts ? [] : requests.map((request) => requestRow(request.name, request.sql)),
    counts,
    expectations: expectations.map(({ caller, request, answer, says }) => row(caller, request, answer ?? refused, says)),
  }
}

function requestRow(name: string, sql: string): string {
  return `(${literal(name)}, ${dollarQuoted(sql).replaceAll('\n', ' ')})`
}

function expectations(table: ScenarioTable, caller: ScenarioCaller): string[] {
  const name = nameOf(table)
  const verbs = (['select', 'update', 'delete'] as const).filter((verb) => caller.reaches[verb] !== undefined)
  const reach = (titles: string[] | null | undefined) => (titles ? titles.join(', ') : refused)
  const says = (verb: string, titles: string[] | null | undefined) => (titles && titles.length > 0 ? `${caller.title} can ${verb} these rows of ${name} and no other` : `${caller.title} cannot ${verb} any row of ${name}`)
  return [
    ...verbs.map((verb) => row(caller.title, `${name} ${verb}`, reach(caller.reaches[verb]), says(verb, caller.reaches[verb]))),
    ...caller.inserts.map((insert) => row(caller.title, insert.sql, insert.allowed ? done : refused, `${caller.title} ${insert.allowed ? 'can' : 'cannot'} insert into ${name}: ${insert.title}`)),
  ]
}

/** Written once for each table; who sends it is set before. A row is known by its title, so that a failing line can be read. */
function requests(table: ScenarioTable, plan: TablePlan): string[] {
  const target = qualified(plan.table)
  const isTitled = `titles.relation = ${literal(nameOf(table))} and titles.key = concat_ws('|', ${plan.primaryKey.columns.map((column) => `to_jsonb(target.${ident(column)}) #>> '{}'`).join(', ')})`
  const listed = (from: string) => `string_agg(${from}.title, ', ' order by ${from}.title collate "C")`
  const column = ident(writableColumns(plan.table, 'update')[0] ?? plan.columns.find(({ generated, identity }) => generated === null && !identity)?.name ?? '')
  const sql = {
    select: `select ${listed('titles')} from ${target} as target join pg_temp.titles on ${isTitled}`,
    update: `with reached as (update ${target} as target set ${column} = target.${column} from pg_temp.titles where ${isTitled} returning titles.title) select ${listed('reached')} from reached`,
    delete: `with reached as (delete from ${target} as target using pg_temp.titles where ${isTitled} returning titles.title) select ${listed('reached')} from reached`,
  }
  return Object.entries(sql).map(([verb, text]) => requestRow(`${nameOf(table)} ${verb}`, text))
}

function planOf({ table }: ScenarioTable, plans: readonly TablePlan[]): TablePlan {
  const plan = plans.find((candidate) => candidate.table.schema === table.schema && candidate.table.name === table.name)
  if (!plan) throw new Error(`No plan of ${table.name}.`)
  return plan
}

function nameOf({ table }: ScenarioTable): string {
  return `${table.schema}.${table.name}`
}

function row(...values: string[]): string {
  return `(${values.map((value) => literal(value)).join(', ')})`
}
