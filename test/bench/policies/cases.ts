/** What is loaded and asked: the rows of each table, the request of a caller, and the same by somebody who writes the policy's condition by hand. */
export interface Case {
  pattern: string
  table: string
  /** Fills the table. */
  rows: string
  /** Rows of later tables refer to these. */
  keep?: boolean
  claims: Record<string, unknown>
  queries: Record<string, Pair>
}

interface Pair {
  /** As the caller. */
  asked: string
  /** As the owner of the table. */
  said: string
}

interface Group {
  /** Organisations, users and what else the tables refer to. */
  world: string
  cases: Case[]
}

const id = (kind: string, number: string) => `lpad(to_hex(${kind}), 8, '0')::text || '-0000-4000-8000-' || lpad(to_hex(${number}), 12, '0')`
const uuid = (kind: number, number: string) => `(${id(String(kind), number)})::uuid`
const key = (kind: number, number: number) => `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
const [user, org, folder, list, item] = [1, 2, 3, 4, 5]
const million = 'generate_series(0, 999999) as i'
const at = "timestamptz '2026-01-01' + i * interval '7 seconds'"

const users = `insert into auth.users (id, email) select ${uuid(user, 'i')}, 'u' || i || '@example.com' from generate_series(0, 4999) as i`
/** Everybody is in five organisations, in each with another role; user 7 is in five, 8 in two hundred. */
const organisations = `${users};
insert into core.organizations (id, name, slug) select ${uuid(org, 'i')}, 'Organisation ' || i, 'o' || i from generate_series(0, 999) as i;
insert into core.org_memberships (org_id, user_id, role, status)
select ${uuid(org, '(u * 7 + k * 191) % 1000')}, ${uuid(user, 'u')}, (array['viewer', 'editor', 'admin', 'owner', 'editor'])[k + 1], 'active' from generate_series(0, 4999) as u, generate_series(0, 4) as k;
insert into core.org_memberships (org_id, user_id, role, status) select ${uuid(org, 'i * 5')}, ${uuid(user, '8')}, 'owner', 'active' from generate_series(0, 199) as i on conflict do nothing;
insert into core.folders (id, org_id, title, deleted_at) select ${uuid(folder, 'i')}, ${uuid(org, 'i % 1000')}, 'Folder ' || i, case when i / 1000 = 3 then now() end from generate_series(0, 19999) as i`

const someone = { sub: key(user, 7) }
const homes = (who: number) => [0, 1, 2, 3, 4].map((k) => key(org, (who * 7 + k * 191) % 1000))
const many = [...new Set([...homes(8), ...Array.from({ length: 200 }, (_, i) => key(org, i * 5))])]
const listed = (keys: string[]) => `any ('{${keys.join()}}'::uuid[])`
const page = 'order by created_at desc, id desc limit 50'
const cursor = "(created_at, id) < ('2026-03-01', '00000000-0000-4000-8000-000000000000')"

/** The requests of a client: how many, a page, the next page. `scope` is what a client names of its own accord. */
function questions(table: string, policy: string, scope: string): Record<string, Pair> {
  const pair = (what: string, condition: string, rest: string): Pair => ({ asked: `select ${what} from ${table} where ${condition}${rest}`, said: `select ${what} from ${table} where ${condition} and (${policy})${rest}` })
  return { count: pair('count(*)', 'true', ''), page: pair('*', scope, ` ${page}`), 'next page': pair('*', `${scope} and ${cursor}`, ` ${page}`) }
}

const ofOrganisation = (table: string, more: { columns?: string; values?: string } = {}) =>
  `insert into ${table} (org_id, title, created_at${more.columns ?? ''}) select ${uuid(org, 'i % 1000')}, 'Row ' || i, ${at}${more.values ?? ''} from ${million}`
const [home = ''] = homes(7)
const scope = `org_id = '${home}'`

export const organisation: Group = {
  world: organisations,
  cases: [
    { pattern: 'org_member', table: 'core.by_member', rows: ofOrganisation('core.by_member'), claims: someone, keep: true, queries: questions('core.by_member', `org_id = ${listed(homes(7))}`, scope) },
    { pattern: 'org_member, of 200', table: 'core.by_member', rows: 'select 1', claims: { sub: key(user, 8) }, queries: questions('core.by_member', `org_id = ${listed(many)}`, `org_id = '${many[9]}'`) },
    { pattern: 'org_roles, floor', table: 'core.by_role', rows: ofOrganisation('core.by_role', { columns: ', owner_id', values: `, ${uuid(user, 'i % 5000')}` }), claims: someone, keep: true, queries: questions('core.by_role', `org_id = ${listed(homes(7))}`, scope) },
    {
      pattern: 'view of org_roles', table: 'core.by_role', rows: 'select 1', claims: someone,
      queries: Object.fromEntries(Object.entries(questions('core.role_titles', `org_id = ${listed(homes(7))}`, scope)).map(([what, { asked, said }]) => [what, { asked, said: said.replaceAll('core.role_titles', 'core.by_role').replace('select *', 'select id, org_id, title, created_at') }])),
    },
    {
      pattern: 'own or role', table: 'core.by_role_or_owner', rows: ofOrganisation('core.by_role_or_owner', { columns: ', owner_id', values: `, ${uuid(user, 'i % 5000')}` }), claims: someone,
      queries: questions('core.by_role_or_owner', `org_id = ${listed(homes(7).slice(1))} and (owner_id = '${key(user, 7)}' or org_id = ${listed(homes(7).slice(2, 4))})`, `org_id = '${homes(7)[2]}'`),
    },
    { pattern: 'second factor', table: 'core.by_second_factor', rows: ofOrganisation('core.by_second_factor'), claims: someone, queries: questions('core.by_second_factor', `org_id = ${listed(homes(7))}`, scope) },
    { pattern: 'condition on rows', table: 'core.by_condition', rows: ofOrganisation('core.by_condition', { columns: ', published', values: ', i % 3 > 0' }), claims: someone, queries: questions('core.by_condition', `org_id = ${listed(homes(7))} and published`, scope) },
    { pattern: 'soft delete', table: 'core.soft_deleted', rows: ofOrganisation('core.soft_deleted', { columns: ', deleted_at', values: ', case when i % 11 = 0 then now() end' }), claims: someone, queries: questions('core.soft_deleted', `org_id = ${listed(homes(7))} and deleted_at is null`, scope) },
    {
      pattern: 'parent', table: 'core.by_folder', rows: `insert into core.by_folder (folder_id, org_id, title, created_at) select ${uuid(folder, 'i % 20000')}, ${uuid(org, 'i % 1000')}, 'Row ' || i, ${at} from ${million}`, claims: someone,
      queries: questions('core.by_folder', `folder_id = ${listed(folders(7, true))}`, `folder_id = '${folders(7, true)[0]}'`),
    },
    {
      pattern: 'tenant through a parent', table: 'core.through_folder', rows: `insert into core.through_folder (folder_id, title, created_at) select ${uuid(folder, 'i % 20000')}, 'Row ' || i, ${at} from ${million}`, claims: someone,
      queries: questions('core.through_folder', `folder_id = ${listed(folders(7, false))}`, `folder_id = '${folders(7, true)[0]}'`),
    },
  ],
}

/** Folders of the organisations of a user. */
function folders(who: number, live: boolean): string[] {
  return Array.from({ length: 20_000 }, (_, i) => i).filter((i) => homes(who).includes(key(org, i % 1000)) && !(live && Math.floor(i / 1000) === 3)).map((i) => key(folder, i))
}

const mine = Array.from({ length: 20 }, (_, i) => key(list, 7 + i * 5000))
const onMine = Array.from({ length: 1_000_000 / 100_000 }, (_, k) => mine.map((_one, i) => key(item, 7 + i * 5000 + k * 100_000))).flat()

export const people: Group = {
  world: `${users};
insert into social.lists (id, owner_id, title) select ${uuid(list, 'i')}, ${uuid(user, 'i % 5000')}, 'List ' || i from generate_series(0, 99999) as i`,
  cases: [
    { pattern: 'owner', table: 'social.by_owner', rows: `insert into social.by_owner (owner_id, title, created_at) select ${uuid(user, 'i % 5000')}, 'Row ' || i, ${at} from ${million}`, claims: someone, queries: questions('social.by_owner', `owner_id = '${key(user, 7)}'`, `owner_id = '${key(user, 7)}'`) },
    { pattern: 'public_read', table: 'social.by_anyone', rows: `insert into social.by_anyone (title, created_at, published) select 'Row ' || i, ${at}, i % 10 = 0 from ${million}`, claims: someone, queries: questions('social.by_anyone', 'published', 'published') },
    {
      pattern: 'parent of an owner', table: 'social.list_items', keep: true, rows: `insert into social.list_items (id, list_id, title, created_at) select ${uuid(item, 'i')}, ${uuid(list, 'i % 100000')}, 'Row ' || i, ${at} from ${million}`, claims: someone,
      queries: questions('social.list_items', `list_id = ${listed(mine)}`, `list_id = '${mine[0]}'`),
    },
    {
      pattern: 'parent of a parent', table: 'social.item_notes', rows: `insert into social.item_notes (item_id, title, created_at) select ${uuid(item, '(i * 17) % 1000000')}, 'Row ' || i, ${at} from ${million}`, claims: someone,
      queries: questions('social.item_notes', `item_id = ${listed(onMine)}`, `item_id = '${onMine[0]}'`),
    },
    {
      pattern: 'shared_with', table: 'social.by_share', claims: someone,
      rows: `insert into social.by_share (id, owner_id, title, created_at) select ${uuid(6, 'i')}, ${uuid(user, 'i % 5000')}, 'Row ' || i, ${at} from ${million};
insert into social.by_share_people (by_share_id, user_id, level) select ${uuid(6, 'i * 3')}, ${uuid(user, '(i * 3 + 11 + i / 5000) % 5000')}, (array['reader', 'writer'])[i % 2 + 1] from generate_series(0, 299999) as i`,
      queries: questions('social.by_share', `owner_id = '${key(user, 7)}' or id = any (array(select by_share_id from social.by_share_people where user_id = '${key(user, 7)}'))`, `owner_id = '${key(user, 7)}'`),
    },
    {
      pattern: 'storage bucket', table: 'storage.objects', claims: someone,
      rows: `insert into storage.objects (bucket_id, name, owner_id, created_at) select 'bench-covers', ${id(String(user), 'i % 5000')} || '/' || ${id(String(list), 'i % 100000')} || '/' || i || '.png', ${id(String(user), 'i % 5000')}, ${at} from ${million}`,
      queries: Object.fromEntries(
        Object.entries({ list: `select * from storage.objects where bucket_id = 'bench-covers' and name like '${key(user, 7)}/%' order by name limit 50`, one: `select * from storage.objects where bucket_id = 'bench-covers' and name = '${key(user, 7)}/${mine[0]}/7.png'` }).map(([what, sql]): [string, Pair] => [
          what, { asked: sql, said: sql.replace(' where ', ` where (storage.foldername(name))[1] = '${key(user, 7)}' and `) },
        ]),
      ),
    },
  ],
}

export const tokens: Group = {
  world: 'select 1',
  cases: [
    {
      pattern: 'tenant', table: 'core.by_token', rows: `insert into core.by_token (tenant_id, title, created_at) select ${uuid(9, 'i % 1000')}, 'Row ' || i, ${at} from ${million}`, claims: { sub: key(user, 7), app_metadata: { tenant_id: key(9, 7) } },
      queries: questions('core.by_token', `tenant_id = '${key(9, 7)}'`, `tenant_id = '${key(9, 7)}'`),
    },
  ],
}
