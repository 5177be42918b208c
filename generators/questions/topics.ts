/** What a question may be about: one section of references/playbooks.md each, which `?` shows. */
export const topics = [
  'name',
  'story',
  'tenancy',
  'roles',
  'about',
  'relations',
  'columns',
  'on-delete',
  'unique',
  'access',
  'soft-delete',
  'tables',
  'queries',
  'rates',
  'sql',
  'scale',
  'personal-data',
  'retention',
  'files',
] as const

export type Topic = (typeof topics)[number]
