/** A spec that uses most keys, with a text put into some of its places. */

/** A place of the spec, by what it holds. */
export type Slot = (typeof textSlots)[number] | (typeof nameSlots)[number]

/** Free text: whatever a person writes there is accepted. */
export const textSlots = [
  'story', 'stories', 'about', 'because', 'comment', 'one_of', 'default', 'check constant', 'where constant', 'generated constant',
  'query constant', 'select constant', 'access because', 'erase because', 'choice', 'instead_of', 'decision because', 'approved', 'sample',
] as const

/** Names and small grammars: accepted when they can be one. */
export const nameSlots = [
  'table', 'column', 'check name', 'query', 'file', 'bucket', 'content type', 'type', 'check', 'default sql', 'where', 'order_by', 'select', 'as', 'claim',
  'memberships where', 'memberships role', 'role', 'schema', 'design', 'references', 'reference column', 'rows', 'rate', 'page', 'horizon', 'keep', 'sql', 'param', 'unique where',
] as const

export function hostileSpec(slots: [Slot, string][]): object {
  const given = new Map<string, string>(slots)
  const put = (slot: Slot, otherwise: string) => given.get(slot) ?? otherwise
  const constant = (slot: Slot) => `'${put(slot, 'x').replaceAll("'", "''")}'`
  const column = put('column', 'title')
  const reference = column.startsWith('"') ? column : `"${column.replaceAll('"', '""')}"`
  const table = put('table', 'notes')
  return {
    design: put('design', 'hostile'),
    story: [put('story', 'People take notes.'), put('stories', 'They share them.')],
    schema: put('schema', 'core'),
    horizon: put('horizon', '3 years'),
    tenancy: {
      model: 'organization', create: true, organizations: 'core.clubs',
      memberships: { table: 'core.club_members', role: put('memberships role', 'rank'), where: put('memberships where', 'created_at is not null') },
      roles: ['guest', put('role', 'host')],
    },
    tables: {
      [table]: {
        about: put('about', 'A note.'),
        columns: {
          [column]: { type: put('type', 'text'), nullable: true, comment: put('comment', 'What it is called.') },
          kind: { type: 'text', one_of: [put('one_of', 'open'), `${put('one_of', 'closed')} too`], default: put('one_of', 'open') },
          body: { type: 'text', default: put('default', ''), check: given.has('check') ? put('check', '') : `body = ${constant('check constant')} or body is not null` },
          made: { type: 'text', nullable: true, generated: `body || ${constant('generated constant')}` },
          seen: { type: 'timestamptz', default: { sql: put('default sql', 'now()') }, pii: 'quasi', erase: 'keep', because: put('erase because', 'the law wants it') },
          show: { type: 'uuid', references: put('references', 'core.shows'), on_delete: 'cascade', because: put('because', 'a note is about a show') },
          other: { type: 'uuid', nullable: true, references: `core.shows(${put('reference column', 'id')})`, on_delete: 'set null', because: put('because', 'it may go') },
        },
        checks: [{ name: put('check name', 'notes_named'), sql: 'body is not null' }],
        unique: [{ columns: ['body'], where: given.has('unique where') ? put('unique where', '') : `body <> ${constant('where constant')}` }],
        access: { pattern: 'org_roles', where: `body <> ${constant('where constant')}`, because: put('access because', 'they agreed') },
        soft_delete: 'rpc',
        scale: { rows: put('rows', '9k'), growth: '3/day' },
        retention: { keep: put('keep', '2 years'), by: 'created_at', then: 'delete' },
      },
    },
    queries: {
      [put('query', 'newest')]: {
        table, where: ['org_id =', given.has('where') ? put('where', '') : `body = ${constant('query constant')}`],
        order_by: put('order_by', 'created_at desc'), select: [put('select', 'id'), reference], page: put('page', 'keyset 20'), rate: put('rate', '1/s'), as: put('as', 'authenticated'),
      },
      raw: { sql: put('sql', `select ${constant('select constant')} as answer from core.shows where id = $1`), params: [put('param', 'uuid')], as: 'service_role' },
    },
    files: { [put('file', 'clip')]: { table, bucket: put('bucket', 'media'), access: 'member', many: true, content_types: [put('content type', 'video/mp4')] } },
    privacy: { subject: 'auth.users', erase_within: '30 days' },
    decisions: [{ choice: put('choice', 'one table'), instead_of: put('instead_of', 'two'), because: put('decision because', 'it is enough') }],
    approved: [{ step: put('approved', 'none'), by: put('approved', 'somebody'), because: put('approved', 'asked') }],
    samples: { 'core.shows': [{ title: put('sample', 'A show') }] },
  }
}
