/** The design as a Mermaid `erDiagram`: new tables in full, the existing tables around them with their keys. */
import { type Catalog, findTable } from '../../design/catalog.ts'
import type { ForeignKeyPlan, Plan, TablePlan } from '../../design/plan.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { sameTable } from '../../planner/table-indexes.ts'

interface Edge {
  child: QualifiedName
  parent: QualifiedName
  columns: string[]
  referenced: string[]
  optional: boolean
  /** At most one child for each parent. */
  single: boolean
  label: string
}

interface Entity {
  table: QualifiedName
  existing: boolean
  columns: { name: string; type: string; keys: string[] }[]
}

/** The text between the fences. */
export function entityDiagram(plan: Plan, catalog: Catalog): string {
  const neighbours = neighboursOf(plan)
  const edges = [...plan.tables.flatMap(newEdges), ...neighbours.flatMap((table) => existingEdges(table, neighbours, catalog))]
  const entities = [...plan.tables.map(newEntity), ...plan.views.map(viewEntity), ...neighbours.map((table) => existingEntity(table, edges, catalog, plan))]
  return [
    'erDiagram',
    ...entities.flatMap(entityLines),
    ...edges.map(edgeLine),
    ...plan.views.flatMap(({ view }) => view.reads.map((table) => `  ${entityId(table)} ||..o{ ${entityId(view)} : "read by"`)),
    ...(neighbours.length > 0 ? ['  classDef existing stroke-dasharray: 5 5'] : []),
  ].join('\n')
}

/** Existing tables that a foreign key of the design points to, and the memberships that decide access. */
export function neighboursOf(plan: Plan): QualifiedName[] {
  const { tenancy } = plan.spec
  const scoped = plan.tables.some((table) => table.table.tenantColumn !== null)
  const wanted = [
    ...plan.tables.flatMap((table) => table.foreignKeys.map((key) => key.references.table)),
    ...plan.views.flatMap(({ view }) => view.reads),
    ...(tenancy.model === 'organization' && scoped ? [tenancy.memberships.table] : []),
  ]
  const found: QualifiedName[] = []
  for (const table of wanted) {
    const isNew = plan.tables.some((planned) => sameTable(planned.table, table))
    if (!isNew && !found.some((known) => sameTable(known, table))) found.push(table)
  }
  return found
}

function newEdges(plan: TablePlan): Edge[] {
  return plan.foreignKeys.map((key) => ({
    child: plan.table,
    parent: key.references.table,
    columns: key.columns,
    referenced: key.references.columns,
    optional: plan.columns.some((column) => key.columns.includes(column.name) && column.nullable),
    single: uniqueSets(plan).some((columns) => columns.every((column) => key.columns.includes(column))),
    label: `${key.columns.join(' + ')}, ${deleteRule(key)}`,
  }))
}

function uniqueSets(plan: TablePlan): string[][] {
  return [plan.primaryKey.columns, ...plan.uniques.filter((unique) => unique.where === null).map((unique) => unique.columns)].filter((columns) => columns.length > 0)
}

function deleteRule(key: ForeignKeyPlan): string {
  return `on delete ${key.onDelete}`
}

function existingEdges(table: QualifiedName, neighbours: readonly QualifiedName[], catalog: Catalog): Edge[] {
  const found = findTable(catalog, table.schema, table.name)
  return (found?.foreignKeys ?? [])
    .map((key) => ({ key, parent: { schema: key.references.schema, name: key.references.table } }))
    .filter(({ parent }) => neighbours.some((known) => sameTable(known, parent)))
    .map(({ key, parent }) => ({
      child: table,
      parent,
      columns: key.columns,
      referenced: key.references.columns,
      optional: (found?.columns ?? []).some((column) => key.columns.includes(column.name) && column.nullable),
      single: (found?.uniques ?? []).some((unique) => unique.where === null && unique.columns.every((column) => key.columns.includes(column))),
      label: key.columns.join(' + '),
    }))
}

function newEntity(plan: TablePlan): Entity {
  const unique = uniqueSets(plan).filter((columns) => columns !== plan.primaryKey.columns && columns.length === 1)
  return {
    table: plan.table,
    existing: false,
    columns: plan.columns.map(({ name, type }) => ({
      name,
      type,
      keys: keyMarks(plan.primaryKey.columns.includes(name), plan.foreignKeys.some((key) => key.columns.includes(name)), unique.some(([column]) => column === name)),
    })),
  }
}

/** A dotted line leads to what it reads. */
function viewEntity({ view }: Plan['views'][number]): Entity {
  return { table: view, existing: false, columns: view.columns.map(({ name, type }) => ({ name, type: type ?? 'computed', keys: [] })) }
}

/** Only what the diagram's edges use. A table outside the catalog shows the columns that are referenced. */
function existingEntity(table: QualifiedName, edges: readonly Edge[], catalog: Catalog, plan: Plan): Entity {
  const found = findTable(catalog, table.schema, table.name)
  const incoming = edges.filter((edge) => sameTable(edge.parent, table))
  const referenced = incoming.flatMap((edge) => edge.referenced)
  const referencing = edges.filter((edge) => sameTable(edge.child, table)).flatMap((edge) => edge.columns)
  const primary = found?.primaryKey ?? referenced
  const names = [...new Set([...primary, ...referenced, ...referencing])]
  const typeOf = (name: string) => found?.columns.find((column) => column.name === name)?.type ?? referencingType(name, incoming, plan)
  return { table, existing: true, columns: names.map((name) => ({ name, type: typeOf(name), keys: keyMarks(primary.includes(name), referencing.includes(name), false) })) }
}

/** A foreign key and its target have the same type. */
function referencingType(name: string, edges: readonly Edge[], plan: Plan): string {
  const edge = edges.find((candidate) => candidate.referenced.includes(name))
  const child = plan.tables.find((planned) => edge && sameTable(planned.table, edge.child))
  return child?.columns.find((column) => column.name === edge?.columns[edge.referenced.indexOf(name)])?.type ?? 'key'
}

function keyMarks(primary: boolean, foreign: boolean, unique: boolean): string[] {
  return [...(primary ? ['PK'] : []), ...(foreign ? ['FK'] : []), ...(unique ? ['UK'] : [])]
}

function entityLines({ table, existing, columns }: Entity): string[] {
  const label = `${table.schema}.${table.name}${existing ? ' (existing)' : ''}`
  return [
    `  ${entityId(table)}["${quotable(label)}"]${existing ? ':::existing' : ''} {`,
    ...columns.map(({ name, type, keys }) => `    ${word(type)} ${word(name)}${keys.length > 0 ? ` ${keys.join(', ')}` : ''}`),
    '  }',
  ]
}

function edgeLine({ child, parent, optional, single, label }: Edge): string {
  return `  ${entityId(parent)} ${optional ? '|o' : '||'}--${single ? 'o|' : 'o{'} ${entityId(child)} : "${quotable(label)}"`
}

function entityId(table: QualifiedName): string {
  return `${word(table.schema)}__${word(table.name)}`.replace(/\W/g, '_')
}

/** Mermaid reads one word here: `timestamp with time zone` is shortened, anything else that it cannot read becomes `_`. */
function word(text: string): string {
  const short = text.replace(/^timestamp with time zone/, 'timestamptz').replace(/^timestamp without time zone/, 'timestamp').replace(/^character varying/, 'varchar')
  const safe = short.replace(/\s*,\s*/g, ',').replace(/[^A-Za-z0-9_[\]().,]/g, '_')
  return /^[A-Za-z_]/.test(safe) ? safe : `_${safe}`
}

function quotable(text: string): string {
  return text.replaceAll('"', "'").replace(/[\\%\p{Cc}\u2028\u2029]/gu, '_')
}
