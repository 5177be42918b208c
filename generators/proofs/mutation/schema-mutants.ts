import type { Plan } from '../../design/plan.ts'
import { ident } from '../../sql/identifier.ts'
import type { Mutant } from './mutant.ts'

/** Faults of the schemas that the tables are in, and of the roles: what is created later is open, too. */
export function schemaMutants(plan: Plan): Mutant[] {
  const mutant = (says: string, sql: string): Mutant => ({ says, effect: 'weakening', sql, table: null, verbs: [], hint: null, equivalent: null })
  const schemas = [...new Set(plan.tables.map(({ table }) => table.schema))]
  return [
    ...schemas.flatMap((schema) => [
      mutant(`${schema}: default privileges for anon`, `alter default privileges in schema ${ident(schema)} grant insert on tables to anon`),
      mutant(`${schema}: clients may create objects`, `grant create on schema ${ident(schema)} to authenticated`),
    ]),
    ...plan.newSchemas.filter((schema) => !plan.schemaUsage.some((usage) => usage.schema === schema)).map((schema) => mutant(`${schema}: open to clients`, `grant usage on schema ${ident(schema)} to authenticated`)),
  ]
}
