/** A small catalog by hand: what the sample repository looks like to a design. */
import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable, CatalogType } from '../../generators/design/catalog.ts'

export function column(name: string, type: string, rest: Partial<CatalogColumn> = {}): CatalogColumn {
  return { name, type, nullable: false, default: null, identity: null, generated: false, enumLabels: null, comment: null, ...rest }
}

export function table(qualifiedName: string, columns: CatalogColumn[], rest: Partial<CatalogTable> = {}): CatalogTable {
  const [schema = '', name = ''] = qualifiedName.split('.')
  const primaryKey = rest.primaryKey ?? ['id']
  return {
    schema,
    name,
    kind: 'table',
    comment: null,
    rowSecurity: true,
    columns,
    foreignKeys: [],
    checks: [],
    indexes: [],
    policies: [],
    triggers: [],
    privileges: [],
    ...rest,
    primaryKey,
    uniques: [{ name: `${name}_pkey`, columns: primaryKey, where: null, nullsNotDistinct: false, referencable: true }, ...(rest.uniques ?? [])],
  }
}

function references(columns: string[], target: string, targetColumns = ['id']): CatalogForeignKey {
  const [schema = '', name = ''] = target.split('.')
  return { name: `${columns.join('_')}_fkey`, columns, references: { schema, table: name, columns: targetColumns }, onDelete: 'cascade' }
}

function type(schema: string, name: string, kind: CatalogType['kind'] = 'base', labels: string[] = []): CatalogType {
  return { schema, name, kind, labels, leakproofEquality: kind !== 'enum' }
}

const id = column('id', 'uuid', { default: 'gen_random_uuid()' })
const times = [column('created_at', 'timestamp with time zone', { default: 'now()' }), column('updated_at', 'timestamp with time zone', { default: 'now()' })]
const roleCheck = { name: 'org_memberships_role_check', expression: "(role = ANY (ARRAY['viewer'::text, 'editor'::text, 'admin'::text, 'owner'::text]))" }

function updatedAtTrigger(name: string): CatalogTable['triggers'] {
  return [{ name: `${name}_set_updated_at`, definition: '', function: { schema: 'core', name: 'set_updated_at' } }]
}

export const sampleCatalog: Catalog = {
  serverVersion: 170010,
  schemas: ['auth', 'core', 'extensions', 'public', 'social'].map((name) => ({ name, usage: [] })),
  tables: [
    table('auth.users', [id, column('email', 'character varying(255)', { nullable: true })]),
    table('core.episodes', [id, column('season_id', 'uuid'), column('title', 'text'), ...times], { foreignKeys: [references(['season_id'], 'core.seasons')], triggers: updatedAtTrigger('episodes') }),
    table(
      'core.org_memberships',
      [column('org_id', 'uuid'), column('user_id', 'uuid'), column('role', 'text'), column('status', 'text'), column('badges', 'text[]'), ...times],
      { primaryKey: ['org_id', 'user_id'], checks: [roleCheck], foreignKeys: [references(['org_id'], 'core.organizations'), references(['user_id'], 'auth.users')] },
    ),
    table('core.organizations', [id, column('name', 'text'), column('slug', 'text'), ...times, column('deleted_at', 'timestamp with time zone', { nullable: true })], {
      uniques: [{ name: 'organizations_slug_key', columns: ['slug'], where: null, nullsNotDistinct: false, referencable: true }],
    }),
    table('core.season_cast', [column('season_id', 'uuid')], { kind: 'view', primaryKey: [] }),
    table('core.seasons', [id, column('show_id', 'uuid'), column('season_number', 'integer'), ...times], {
      foreignKeys: [references(['show_id'], 'core.shows')],
      triggers: updatedAtTrigger('seasons'),
      uniques: [{ name: 'seasons_show_id_season_number_key', columns: ['show_id', 'season_number'], where: null, nullsNotDistinct: false, referencable: true }],
    }),
    table('core.shows', [id, column('title', 'text'), column('kind', 'core.show_kind', { enumLabels: ['dating', 'cooking'] }), ...times], { triggers: updatedAtTrigger('shows') }),
    table('social.threads', [id, column('title', 'text')]),
  ],
  types: [type('core', 'show_kind', 'enum', ['dating', 'cooking']), type('extensions', 'citext'), ...['bool', 'int2', 'int4', 'int8', 'numeric', 'text', 'varchar', 'bpchar', 'uuid', 'json', 'jsonb', 'date', 'timestamptz', 'timestamp', 'point', 'bytea', 'interval'].map((name) => type('pg_catalog', name))],
  functions: [
    {
      schema: 'core',
      name: 'set_updated_at',
      arguments: '',
      returns: 'trigger',
      language: 'plpgsql',
      volatility: 'volatile',
      securityDefiner: false,
      settings: ['search_path=""'],
      body: '\nbegin\n  new.updated_at := now();\n  return new;\nend;\n',
      definition: '',
    },
  ],
  roles: ['anon', 'authenticated', 'reporting', 'service_role'].map((name) => ({ name, superuser: false, bypassRowSecurity: name === 'service_role', login: false })),
  extensions: [{ name: 'citext', schema: 'extensions' }],
}
