/** What keeps rows where they belong beside policies: keys, NOT NULL, triggers, the owner's default; and nothing that leads round them. */
import type { Plan } from '../../design/plan.ts'
import type { Session } from '../../postgres/session.ts'
import { qualified } from '../../sql/identifier.ts'
import { waysRound } from '../../sql/ways-round.ts'

interface Found {
  table: string
  keys: { name: string; columns: string[]; valid: boolean; parent: string | null; onDelete: string }[]
  required: string[]
  defaults: string[]
  triggers: { name: string; runs: boolean }[]
  /** Sentences of `waysRound`. */
  ways: string[]
}

/** One sentence for each thing that is missing, and for each way round the policies. All files are applied. */
export async function structureFaults(session: Session, plan: Plan): Promise<string[]> {
  const names = plan.tables.map(({ table }) => qualified(table))
  const { rows } = await session.query<{ found: Found[] }>(query, [JSON.stringify(names)])
  return plan.tables.flatMap((planned) => {
    const name = qualified(planned.table)
    const found = rows[0]?.found.find(({ table }) => table === name)
    if (!found) return []
    const keys = [{ ...planned.primaryKey, references: '', parent: null, onDelete: '' }, ...planned.uniques.filter(({ kind }) => kind === 'constraint').map((key) => ({ ...key, references: '', parent: null, onDelete: '' })), ...planned.foreignKeys.map((key) => ({ ...key, parent: qualified(key.references.table), references: ` to ${qualified(key.references.table)}` }))]
    const owner = planned.columns.find((column) => column.name === planned.table.ownerColumn)
    return [
      ...keys
        .filter((key) => !found.keys.some((one) => one.name === key.name && one.valid && one.columns.join() === key.columns.join() && (key.parent === null || (one.parent === key.parent && one.onDelete === key.onDelete))))
        .map((key) => `the key ${key.name} (${key.columns.join(', ')})${key.references} of ${name} is not there as the design says`),
      ...planned.columns.filter(({ nullable, name: column }) => !nullable && !found.required.includes(column)).map((column) => `${name}.${column.name} takes null`),
      ...(owner && owner.default !== null && !found.defaults.includes(owner.name) ? [`${name}.${owner.name} has lost its default`] : []),
      ...planned.triggers.filter((trigger) => !found.triggers.some((one) => one.name === trigger.name && one.runs)).map((trigger) => `the trigger ${trigger.name} of ${name} does not run`),
      ...found.ways,
    ]
  })
}

const query = `
  with t as (select name, name::regclass as oid from jsonb_array_elements_text($1::jsonb) as name)
  select jsonb_agg(jsonb_build_object(
    'table', name,
    'keys', (select coalesce(jsonb_agg(jsonb_build_object('name', conname, 'valid', convalidated, 'columns',
      (select jsonb_agg(attname order by place) from unnest(conkey) with ordinality as k(number, place) join pg_catalog.pg_attribute on attrelid = conrelid and attnum = number),
      'parent', (select format('%I.%I', nspname, relname) from pg_catalog.pg_class join pg_catalog.pg_namespace n on n.oid = relnamespace where pg_class.oid = confrelid),
      'onDelete', case confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end)), '[]')
      from pg_catalog.pg_constraint where conrelid = t.oid and contype in ('p', 'u', 'f')),
    'required', (select coalesce(jsonb_agg(attname), '[]') from pg_catalog.pg_attribute where attrelid = t.oid and attnotnull),
    'defaults', (select coalesce(jsonb_agg(attname), '[]') from pg_catalog.pg_attribute where attrelid = t.oid and atthasdef),
    'triggers', (select coalesce(jsonb_agg(jsonb_build_object('name', tgname, 'runs', tgenabled in ('O', 'A'))), '[]') from pg_catalog.pg_trigger where tgrelid = t.oid and not tgisinternal),
    'ways', (select coalesce(jsonb_agg(way order by way), '[]') from (${waysRound('t.oid')}) as ways (way))
  )) as found from t`
