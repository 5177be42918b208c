import { describe, expect, test } from 'vitest'
import type { TableSpec } from '../../generators/design/spec.ts'
import { writableColumns } from '../../generators/design/spec.ts'
import { columnIn, organization, read, readTable, specText } from './spec-text.ts'

const names = (table: TableSpec) => table.columns.map((column) => column.name)
const role = (name: string) => ({ role: name })
const both = (audience: unknown) => ({ own: audience, any: audience })

describe('columns', () => {
  test('stand in the order of the reference', async () => {
    const table = await readTable({
      top: `${organization}\nfiles: { clip: { table: notes, bucket: media, access: member } }`,
      columns: 'title: text',
      access: 'org_roles',
      table: 'audit: columns\nsoft_delete: true\nretention: { keep: 2 years, by: created_at, then: delete, hold: legal_hold }',
    })
    expect(names(table)).toEqual([
      'id', 'org_id', 'title', 'legal_hold',
      'clip_state', 'clip_key', 'clip_bytes', 'clip_content_type', 'clip_sha256', 'clip_uploaded_at',
      'owner_id', 'created_by', 'updated_by', 'created_at', 'updated_at', 'deleted_at',
    ])
    expect(writableColumns(table, 'insert')).toEqual(['org_id', 'title', 'owner_id'])
    expect(writableColumns(table, 'update')).toEqual(['title'])
  })

  test('an id is a uuid, a number or nothing', async () => {
    expect(columnIn(await readTable({}), 'id')).toMatchObject({ type: 'uuid', default: 'gen_random_uuid()', identity: false })
    expect(columnIn(await readTable({ table: 'id: bigint' }), 'id')).toMatchObject({ type: 'bigint', default: null, identity: true })
    const keyed = await readTable({ table: 'primary_key: [title]\ntimestamps: false' })
    expect(keyed).toMatchObject({ primaryKey: ['title'], timestamps: false })
    expect(names(keyed)).toEqual(['title'])
  })

  test('a declared owner or tenancy column is used as declared', async () => {
    const table = await readTable({ top: organization, columns: 'owner_id: { type: uuid, pii: direct }\norg_id: { type: uuid, comment: Whose. }', access: 'org_roles' })
    expect(table).toMatchObject({ ownerColumn: 'owner_id', tenantColumn: 'org_id' })
    expect(names(table)).toEqual(['id', 'owner_id', 'org_id', 'created_at', 'updated_at'])
    expect(columnIn(table, 'owner_id')).toMatchObject({ origin: 'declared', default: null, pii: 'direct' })
    expect(table.foreignKeys).toEqual([])
  })

  test.each([
    ['text', '012', "'012'"],
    ['text', '1.0', "'1.0'"],
    ['text', 'yes', "'yes'"],
    ['text', 'true', "'true'"],
    ['text', '""', "''"],
    ['text', `"it's"`, "'it''s'"],
    ['text', "'a\\b'", "E'a\\\\b'"],
    ['text', '"now()"', "'now()'"],
    ['boolean', 'true', 'true'],
    ['int', '-7', '-7'],
    ['numeric(4,2)', '1.0', '1.0'],
    ['text[]', '"{}"', "'{}'"],
    ['jsonb', "'{\"a\": 1}'", '\'{"a": 1}\''],
    ['core.show_kind', 'cooking', "'cooking'"],
    ['date', '2025-01-31', "'2025-01-31'"],
    ['timestamptz', '{ sql: now() }', 'now()'],
    ['timestamptz', '{ sql: "NOW ( ) /* today */" }', 'now ( )'],
    ['uuid', '{ sql: gen_random_uuid() }', 'gen_random_uuid()'],
  ])('default of %s: %s', async (type, written, sql) => {
    const table = await readTable({ columns: `value: { type: "${type}", default: ${written} }` })
    // White space is tidied, what it means is not.
    expect(columnIn(table, 'value').default?.toLowerCase().replace(' ( )', '()')).toBe(sql.toLowerCase().replace(' ( )', '()'))
  })

  test('values of one_of come from the source text', async () => {
    expect(columnIn(await readTable({ columns: 'value: { type: text, one_of: [012, 1.0, yes, "a b"] }' }), 'value').oneOf).toEqual(['012', '1.0', 'yes', 'a b'])
  })

  test('names are folded, and quoted names are kept', async () => {
    const table = await readTable({ columns: `Title: text\n'"Odd Name"': text\n'x"; drop schema core; --': text` })
    expect(names(table).slice(1, 4)).toEqual(['title', 'Odd Name', 'x"; drop schema core; --'])
  })

  test('types of extensions are qualified', async () => {
    const table = await readTable({ columns: 'mail: citext\nkind: core.show_kind\nmany: "citext[]"' })
    expect(['mail', 'kind', 'many'].map((name) => columnIn(table, name).type)).toEqual(['extensions.citext', 'core.show_kind', 'extensions.citext[]'])
  })

  test('external_ids holds identifiers only', async () => {
    const table = await readTable({ columns: `external_ids: { type: jsonb, check: "external_ids ? 'imdb'" }` })
    expect(columnIn(table, 'external_ids').check).toMatch(/^\(external_ids \? 'imdb'\) and jsonb_typeof\(external_ids\) = 'object' and not jsonb_path_exists\(external_ids, 'strict /)
  })

  test('unlisted keys of a file, and its completeness', async () => {
    const table = await readTable({ top: 'files: { clip: { table: notes, bucket: media, access: anyone, max_bytes: 2kB, content_types: [video/mp4] } }', access: 'public_read' })
    expect(columnIn(table, 'clip_state')).toMatchObject({ default: "'absent'", oneOf: ['absent', 'pending', 'uploaded'], nullable: false, serverOnly: true, origin: 'file' })
    expect(columnIn(table, 'clip_bytes')).toMatchObject({ type: 'bigint', check: 'clip_bytes between 1 and 2000', nullable: true })
    expect(columnIn(table, 'clip_content_type').oneOf).toEqual(['video/mp4'])
    expect(table.uniques).toEqual([{ columns: ['clip_key'], where: null, nullsNotDistinct: false, global: true }])
    expect(table.checks[0]?.sql).toBe("clip_state <> 'uploaded' or (clip_key is not null and clip_bytes is not null and clip_content_type is not null and clip_uploaded_at is not null)")
  })
})

describe('keys', () => {
  test('references name the primary key when they name nothing', async () => {
    const table = await readTable({
      columns: 'show_id: { type: uuid, references: core.shows, on_delete: cascade, because: it is about the show }\nslug: { type: text, references: core.organizations(slug), on_delete: restrict }\nseason: uuid\nnumber: int',
      table: 'foreign_keys:\n  - { columns: [season, number], references: "core.seasons(show_id, season_number)", on_delete: no action, deferrable: true }',
    })
    const target = (name: string, columns: string[]) => ({ table: { schema: 'core', name }, columns })
    expect(table.foreignKeys).toEqual([
      { columns: ['show_id'], references: target('shows', ['id']), onDelete: 'cascade', because: 'it is about the show', deferrable: false },
      { columns: ['slug'], references: target('organizations', ['slug']), onDelete: 'restrict', because: null, deferrable: false },
      { columns: ['season', 'number'], references: target('seasons', ['show_id', 'season_number']), onDelete: 'no action', because: null, deferrable: true },
    ])
  })

  test('a table may reference itself, and a later table', async () => {
    const text = specText({ columns: 'parent: { type: uuid, nullable: true, references: notes, on_delete: set null, because: replies stay }\nfirst: { type: uuid, references: pages, on_delete: restrict }' })
    const spec = await read(`${text}  pages:\n    about: A page.\n    columns: { number: int }\n    access: service_only\n`)
    expect(spec.tables[0]?.foreignKeys.map((key) => key.references.table.name)).toEqual(['notes', 'pages'])
  })

  test('unique keys in all their forms', async () => {
    const table = await readTable({
      columns: 'a: { type: text, unique: true }\nb: { type: text, nullable: true }',
      table: 'unique:\n  - [a, b]\n  - { columns: [b], where: a is not null, nulls_not_distinct: true, global: true }',
    })
    expect(table.uniques).toEqual([
      { columns: ['a'], where: null, nullsNotDistinct: false, global: false },
      { columns: ['a', 'b'], where: null, nullsNotDistinct: false, global: false },
      { columns: ['b'], where: 'a is not null', nullsNotDistinct: true, global: true },
    ])
  })

  test('the owner goes with the account where rows need one, and is forgotten where they do not', async () => {
    const users = { table: { schema: 'auth', name: 'users' }, columns: ['id'] }
    const owned = await readTable({ access: 'owner' })
    expect(columnIn(owned, 'owner_id')).toMatchObject({ type: 'uuid', nullable: false, default: 'auth.uid()', origin: 'owner' })
    expect(owned.foreignKeys).toMatchObject([{ columns: ['owner_id'], references: users, onDelete: 'cascade' }])
    const shared = await readTable({ top: organization, access: 'org_roles' })
    expect(columnIn(shared, 'owner_id').nullable).toBe(true)
    expect(shared.foreignKeys).toMatchObject([{ columns: ['owner_id'], references: users, onDelete: 'set null' }])
  })
})

describe('access', () => {
  const service = both('service')
  const self = { own: 'signed_in', any: 'service' }
  test.each([
    ['public_read', '', { select: both('anyone'), insert: service, update: service, delete: service }],
    ['service_only', '', { select: service, insert: service, update: service, delete: service }],
    ['owner', '', { select: self, insert: self, update: self, delete: self }],
    ['org_member', organization, { select: both(role('viewer')), insert: both(role('viewer')), update: both(role('viewer')), delete: both(role('viewer')) }],
    ['org_roles', organization, { select: both(role('viewer')), insert: { own: role('editor'), any: 'service' }, update: { own: role('editor'), any: role('admin') }, delete: both(role('admin')) }],
    ['tenant', 'tenancy: { model: tenant_column }', { select: both('tenant'), insert: both('tenant'), update: both('tenant'), delete: both('tenant') }],
  ])('the defaults of %s', async (pattern, top, expected) => {
    expect((await readTable({ top, access: pattern })).access).toMatchObject({ pattern, ...expected, where: both(null), anonymous: false, because: null })
  })

  test('owners in a tenancy are members as well', async () => {
    expect((await readTable({ top: organization, access: 'owner' })).access.select).toEqual({ own: role('viewer'), any: 'service' })
    expect((await readTable({ top: 'tenancy: { model: tenant_column }', access: 'owner' })).access.update).toEqual({ own: 'tenant', any: 'service' })
  })

  test.each([
    ['nobody', both('nobody')],
    ['service', both('service')],
    ['owner', { own: role('viewer'), any: 'service' }],
    ['member', both(role('viewer'))],
    ['admin', both(role('admin'))],
    ['{ role: owner }', both(role('owner'))],
    ['{ own: owner, any: { role: owner } }', { own: role('viewer'), any: role('owner') }],
    ['{ own: editor, any: nobody }', { own: role('editor'), any: 'nobody' }],
  ])('update: %s', async (value, rule) => {
    expect((await readTable({ top: organization, access: `pattern: org_roles\nupdate: ${value}` })).access.update).toEqual(rule)
  })

  test('clients insert as themselves where rows have owners', async () => {
    expect((await readTable({ top: organization, access: 'pattern: org_roles\ninsert: member' })).access.insert).toEqual({ own: role('viewer'), any: 'service' })
    expect((await readTable({ top: organization, access: 'pattern: org_member\ninsert: admin' })).access.insert).toEqual(both(role('admin')))
    expect((await readTable({ access: 'pattern: owner\ninsert: nobody' })).access.insert).toEqual(both('nobody'))
  })

  test('the floor of the tenancy stands under every table that has its column', async () => {
    const floor = (parts: { table?: string; access?: string }) => readTable({ top: `${organization}  floor: true`, ...parts }).then((table) => table.floor)
    expect(await floor({})).toBe(true)
    expect(await floor({ access: 'org_roles' })).toBe(true)
    expect(await floor({ table: 'tenancy: none' })).toBe(false)
    expect(await floor({ access: 'pattern: org_member\nselect: anyone\nfloor: false' })).toBe(false)
    expect((await readTable({ top: organization })).floor).toBe(false)
  })

  test('a second factor is asked of clients, for the verbs that they have', async () => {
    const mfa = (text: string) => readTable({ access: `pattern: owner\ndelete: service\nmfa: ${text}` }).then((table) => table.access.mfa)
    expect(await mfa('true')).toEqual(['select', 'insert', 'update'])
    expect(await mfa('[update, select]')).toEqual(['select', 'update'])
    expect(await mfa('false')).toEqual([])
  })

  test('an override that speaks of owners brings the column', async () => {
    const table = await readTable({ access: 'pattern: public_read\nupdate: owner' })
    expect(table.ownerColumn).toBe('owner_id')
    expect(columnIn(table, 'owner_id').nullable).toBe(true)
  })

  test('which rows, by the rule that lets them through', async () => {
    const where = (text: string) => readTable({ columns: 'open: boolean', access: `pattern: public_read\nwhere: ${text}` }).then((table) => table.access.where)
    expect(await where('open')).toEqual({ own: 'open', any: 'open' })
    expect(await where('{ any: open }')).toEqual({ own: null, any: 'open' })
  })

  test('with a reason, openness is allowed', async () => {
    const table = await readTable({ columns: 'mail: { type: text, pii: direct }', access: 'pattern: public_read\ninsert: anyone\nbecause: a public guest book' })
    expect(table.access).toMatchObject({ because: 'a public guest book', insert: both('anyone') })
  })

  test('lists of access mark the columns', async () => {
    const table = await readTable({ columns: 'a: text\nb: { type: text, nullable: true }', access: 'pattern: owner\nimmutable: [a]\nserver_only: [b]' })
    expect(columnIn(table, 'a')).toMatchObject({ immutable: true, serverOnly: false })
    expect(columnIn(table, 'b')).toMatchObject({ immutable: false, serverOnly: true })
  })
})

describe('tenancy', () => {
  test('existing organisations are read from the catalog', async () => {
    expect((await read(specText({ top: organization }))).tenancy).toEqual({
      model: 'organization',
      column: 'org_id',
      type: 'uuid',
      organizations: { schema: 'core', name: 'organizations' },
      organizationKey: 'id',
      organizationDeleted: 'deleted_at',
      memberships: { table: { schema: 'core', name: 'org_memberships' }, user: 'user_id', organization: 'org_id', role: 'role', where: "status = 'active'" },
      roles: ['viewer', 'editor', 'admin', 'owner'],
      create: false,
    })
  })

  test('a token of the tenant', async () => {
    expect((await read(specText({ top: 'tenancy: { model: tenant_column, column: partner_id, type: bigint, claim: app_metadata.partner.id }' }))).tenancy).toEqual({
      model: 'tenant_column',
      column: 'partner_id',
      type: 'bigint',
      claim: ['app_metadata', 'partner', 'id'],
    })
  })

  test('tables without tenancy have no column of it', async () => {
    expect(names(await readTable({ top: organization, table: 'tenancy: none' }))).not.toContain('org_id')
    expect((await readTable({ top: organization })).tenantColumn).toBe('org_id')
  })

  test('created organisations stand in front', async () => {
    const spec = await read(specText({ top: 'tenancy: { model: organization, column: club_id, organizations: clubs, memberships: { table: club_members }, roles: [fan, chair], create: true }' }))
    expect(spec.tables.map((table) => [table.name, table.kind, table.tenantColumn])).toEqual([
      ['clubs', 'organizations', 'id'],
      ['club_members', 'memberships', 'club_id'],
      ['club_invitations', 'invitations', 'club_id'],
      ['club_invitations_tokens', 'invitation tokens', null],
      ['notes', 'row', 'club_id'],
    ])
    const [clubs, members] = spec.tables
    expect(clubs && names(clubs)).toEqual(['id', 'name', 'slug', 'created_at', 'updated_at', 'deleted_at'])
    expect(clubs?.uniques).toEqual([{ columns: ['slug'], where: null, nullsNotDistinct: false, global: true }])
    expect(members?.primaryKey).toEqual(['club_id', 'user_id'])
    expect(members?.foreignKeys.map((key) => [key.columns, key.references.table.name, key.onDelete])).toEqual([
      [['club_id'], 'clubs', 'cascade'],
      [['user_id'], 'users', 'cascade'],
    ])
    expect(members && columnIn(members, 'role').oneOf).toEqual(['fan', 'chair'])
    for (const table of [clubs, members]) expect(table?.access).toMatchObject({ select: both(role('fan')), insert: both('service'), delete: both('service') })
  })

  describe('what members of created organisations do themselves', () => {
    const tenancy = (more: string, roles = 'fan, editor, chair, founder') => specText({ top: `tenancy: { model: organization, column: club_id, organizations: clubs, memberships: { table: club_members }, roles: [${roles}], create: true${more} }` })
    const functionsOf = async (more: string, roles?: string) => {
      const { tenancy: found } = await read(tenancy(more, roles))
      return found.model === 'organization' ? found.functions : null
    }

    test('everything, by the third role and stronger, for a week', async () => {
      expect(await functionsOf('')).toEqual({
        tasks: ['create', 'invite', 'set_role', 'remove', 'leave', 'transfer', 'delete'],
        managers: 'chair',
        invitations: { table: { schema: 'core', name: 'club_invitations' }, tokens: { schema: 'private', name: 'club_invitations_tokens' }, expires: { text: '7 days', days: 7 } },
      })
      expect(await functionsOf(', functions: true')).toEqual(await functionsOf(''))
    })

    test('nothing, or what is listed', async () => {
      expect(await functionsOf(', functions: false')).toBeUndefined()
      expect(await functionsOf(', functions: []')).toBeUndefined()
      expect(await functionsOf(', functions: [leave, create]')).toEqual({ tasks: ['create', 'leave'], managers: 'chair', invitations: null })
      expect((await read(tenancy(', functions: [leave]'))).tables.map(({ name }) => name)).toEqual(['clubs', 'club_members', 'notes'])
    })

    test('of one role there is none to give and none to hand over', async () => {
      expect((await functionsOf('', 'fan'))?.tasks).toEqual(['create', 'invite', 'remove', 'leave', 'delete'])
      expect((await functionsOf('', 'fan, chair'))?.managers).toBe('chair')
    })

    test('managers and invitations are named', async () => {
      expect(await functionsOf(', managers: editor, invitations: { table: social.calls, expires: 2 days }')).toMatchObject({ managers: 'editor', invitations: { table: { schema: 'social', name: 'calls' }, expires: { text: '2 days' } } })
    })

    test.each([
      [', managers: king', 'SPEC_VALUE', '"king" is no role of the tenancy.'],
      [', functions: [leave], invitations: { expires: 2 days }', 'SPEC_CONFLICT', 'Nobody can be invited, so there are no invitations.'],
      [', functions: [leave], managers: chair', 'SPEC_CONFLICT', 'There is nothing for managers to do.'],
      [', functions: [leave, leave]', 'SPEC_DUPLICATE', '"leave" stands in the list twice.'],
      [', invitations: { expires: soon }', 'SPEC_VALUE', '"soon" is not a duration.'],
      [', invitations: { table: club_members }', 'SPEC_DUPLICATE', '"core.club_members" is another table of the tenancy already.'],
    ])('%s', async (more, code, message) => {
      await expect(read(tenancy(more))).rejects.toMatchObject({ issues: [{ code, message }] })
    })

    test('one role and a list that needs two', async () => {
      await expect(read(tenancy(', functions: [transfer]', 'fan'))).rejects.toMatchObject({ issues: [{ code: 'SPEC_CONFLICT', message: 'There is one role, so "transfer" has nothing to do.' }] })
    })

    test('memberships that are there already have functions of their own', async () => {
      const existing = organization.replace('  model: organization', '  model: organization\n  functions: [leave]')
      await expect(readTable({ top: existing })).rejects.toMatchObject({ issues: [{ code: 'SPEC_CONFLICT', message: '"functions" is about organisations that this design creates, and yours are there already.' }] })
    })
  })
})

describe('scale and writes', () => {
  test('ranges are numbers, or milliseconds; elements of an array may add up to more than one', async () => {
    const table = await readTable({
      columns: 'price: integer\nday: date\nat: timestamptz\ntags: "text[]"',
      table: 'scale: { rows: 100, ranges: { price: [0, 500], day: [2025-01-01, 2026-01-01], at: ["2025-01-01 00:00", "2025-01-01 03:00+02"] }, widths: { tags: 40 }, skew: { tags: { a: 0.9, b: 0.8 } } }',
    })
    expect(table.scale.ranges).toEqual({ price: { low: 0, high: 500 }, day: { low: Date.UTC(2025, 0, 1), high: Date.UTC(2026, 0, 1) }, at: { low: Date.UTC(2025, 0, 1), high: Date.UTC(2025, 0, 1, 1) } })
    expect(table.scale.widths).toEqual({ tags: 40 })
  })

  test('tables that are there already have a scale as well', async () => {
    const { existing } = await read(specText({ top: 'existing: { core.shows: { scale: { rows: 12k, growth: 10/day, distinct: { title: 11k } } } }' }))
    expect(existing).toMatchObject([{ table: { schema: 'core', name: 'shows' }, scale: { rows: 12_000, growthPerDay: 10, distinct: { title: 11_000 }, declared: true } }])
  })

  test('nothing said: assumptions', async () => {
    expect(await readTable({})).toMatchObject({ scale: { rows: 10_000, growthPerDay: 0, declared: false }, writes: { insertsPerSecond: 0, updates: [], deletesPerSecond: 0 } })
  })

  test('inserts follow from growth', async () => {
    const table = await readTable({ table: 'scale: { rows: 1.5M, growth: 86400/day }' })
    expect(table).toMatchObject({ scale: { rows: 1_500_000, growthPerDay: 86_400, declared: true }, writes: { insertsPerSecond: 1 } })
  })

  test('writes are rates, spreads are numbers, whatever the columns are called', async () => {
    const table = await readTable({
      columns: 'constructor: { type: text, nullable: true }\nflag: boolean',
      table: 'scale: { rows: 100, distinct: { constructor: 5 }, skew: { flag: { true: 0.25 } }, nulls: { constructor: 0.5 } }\nwrites: { insert: 30/min, update: [{ columns: [flag], rate: 2/s }], delete: 1/h }',
    })
    expect(table.scale.distinct['constructor']).toBe(5)
    expect(table.scale.distinct['toString']).toBeUndefined()
    expect(table.scale.skew['flag']).toEqual({ true: 0.25 })
    expect(table.writes).toEqual({ insertsPerSecond: 0.5, updates: [{ columns: ['flag'], perSecond: 2 }], deletesPerSecond: 1 / 3600 })
  })
})

describe('queries', () => {
  const query = async (body: string, columns = 'title: text') => (await read(specText({ columns, top: `queries:\n  q:\n    ${body.replaceAll('\n', '\n    ')}` }))).queries[0]

  test('conditions', async () => {
    const operators = ['=', '<>', '!=', '<', '<=', '>', '>=', 'in', 'between', 'like', 'ILIKE', '@>', '&&', '@@', 'is null', 'is  not null']
    const found = await query(`table: notes\nwhere: [${operators.map((operator) => `"title ${operator}"`).join(', ')}, 'Title=', "title = 'a' or id is null"]`)
    expect(found?.where).toEqual([
      ...['=', '<>', '<>', '<', '<=', '>', '>=', 'in', 'between', 'like', 'ilike', '@>', '&&', '@@', 'is null', 'is not null', '='].map((operator) => ({ column: 'title', operator })),
      { sql: "title = 'a' or id is null", columns: ['title', 'id'] },
    ])
  })

  test('order, page, rate and role', async () => {
    expect(await query('table: notes\norder_by: created_at desc, "Odd, name" asc nulls last, id\npage: offset 20 deepest 10k\nrate: 30/min\nas: anon\nselect: [title]', `title: text\n'"Odd, name"': text`)).toEqual({
      name: 'q',
      table: { schema: 'core', name: 'notes' },
      where: [],
      orderBy: [
        { column: 'created_at', direction: 'desc', nulls: null },
        { column: 'Odd, name', direction: 'asc', nulls: 'last' },
        { column: 'id', direction: 'asc', nulls: null },
      ],
      select: ['title'],
      page: { kind: 'offset', size: 20, deepest: 10_000 },
      perSecond: 0.5,
      as: 'anon',
      sql: null,
      params: [],
    })
  })

  test('sql over new and existing tables', async () => {
    const found = await query('sql: |\n  with s as (select id from core.shows) -- why\n  select n.title from core.notes n join s on s.id = $1;\nparams: [uuid]')
    expect(found).toMatchObject({ table: null, params: ['uuid'], sql: 'with s as (select id from core.shows) select n.title from core.notes n join s on s.id = $1', page: { kind: 'none' } })
  })

  test('over an existing table', async () => expect((await query('table: core.shows\nwhere: [kind =]'))?.table).toEqual({ schema: 'core', name: 'shows' }))
})

describe('the rest', () => {
  test('many files have a table of their own', async () => {
    const spec = await read(specText({ top: `${organization}\nfiles: { scan: { table: notes, bucket: media, access: editor, many: true, pending_expires: 1 day } }`, access: 'org_member' }))
    const table = spec.tables.at(-1)
    expect(table && names(table)).toEqual(['id', 'org_id', 'notes_id', 'state', 'key', 'bytes', 'content_type', 'sha256', 'uploaded_at', 'created_at', 'updated_at'])
    expect(table).toMatchObject({ name: 'notes_scan', tenantColumn: 'org_id', access: { select: both(role('editor')), insert: both('service') } })
    expect(table?.foreignKeys).toMatchObject([{ columns: ['notes_id'], references: { table: { schema: 'core', name: 'notes' }, columns: ['id'] }, onDelete: 'cascade' }])
    expect(spec.files).toMatchObject([{ name: 'scan', metadataTable: { schema: 'core', name: 'notes_scan' }, pendingExpires: { text: '1 day', days: 1 } }])
  })

  test('samples keep what JavaScript would change', async () => {
    const spec = await read(specText({ top: 'samples: { notes: [{ title: 012, id: 12345678901234567890 }], core.shows: [{ title: [1, { a: 1.0 }] }] }' }))
    expect(spec.samples).toEqual([
      { table: { schema: 'core', name: 'notes' }, rows: [{ title: '012', id: '12345678901234567890' }] },
      { table: { schema: 'core', name: 'shows' }, rows: [{ title: [1, { a: '1.0' }] }] },
    ])
  })

  test('privacy, decisions, approvals, horizon', async () => {
    const top = 'privacy: { erase_within: 30 days }\ndecisions: [{ choice: a, instead_of: b, because: c }]\napproved: [{ step: a, by: b, because: c }]\nhorizon: 5 years'
    expect(await read(specText({ top }))).toMatchObject({
      privacy: { subject: { schema: 'auth', name: 'users' }, eraseWithin: '30 days' },
      decisions: [{ choice: 'a', insteadOf: 'b', because: 'c' }],
      approved: [{ step: 'a', by: 'b', because: 'c' }],
      horizon: { text: '5 years', days: 1826.25 },
    })
    expect((await read(specText({}))).horizon).toEqual({ text: '3 years', days: 1095.75 })
  })
})
