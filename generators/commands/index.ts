/** The commands, in the order of `--help`. Data only, so that help is there at once. */
import type { CommandEntry } from './command.ts'

export const commands: readonly CommandEntry[] = [
  {
    id: 'new-table',
    group: 'Design:',
    summary: 'Ask, design, prove and write new tables.',
    arguments: [
      { name: '[name]', says: 'name of the table, and of the design' },
      { name: '[columns...]', says: 'title:text  show_id:core.shows  status:text=draft  note:text?' },
    ],
    options: [
      { flags: '--answers <spec.yaml>', says: 'take the answers from a design spec and ask nothing' },
      { flags: '--write-anyway', says: 'write although a proof failed; the review page stays open' },
    ],
    examples: [
      'trr-db new-table',
      'trr-db new-table show_submissions show_id:core.shows title:text status:text=draft',
      'trr-db new-table --answers show_submissions.yaml --yes',
    ],
    load: () => import('./new-table.ts'),
  },
  {
    id: 'generate',
    group: 'Design:',
    summary: 'Expand edited specs again: a diff first, hand edits respected.',
    arguments: [{ name: '<spec...>', says: 'names or files of designs, in order' }],
    options: [{ flags: '--write-anyway', says: 'write although a proof failed; the review page stays open' }],
    examples: ['trr-db generate show_submissions', 'trr-db generate supabase/designs/*.yaml --yes'],
    load: () => import('./generate.ts'),
  },
  {
    id: 'verify',
    group: 'Prove:',
    summary: 'Run all proofs again on what is committed. Writes nothing.',
    arguments: [{ name: '[spec...]', says: 'names or files of designs; all of them by default' }],
    options: [{ flags: '--keep', says: 'leave the proved database up until Enter, and say how to connect' }],
    examples: ['trr-db verify', 'trr-db verify show_submissions --keep'],
    load: () => import('./verify.ts'),
  },
  {
    id: 'shell',
    group: 'Prove:',
    summary: 'SQL as somebody, in a database with all migrations. What is written there is thrown away.',
    arguments: [],
    options: [
      { flags: '--as <identity>', says: 'anon, service_role, postgres, user:<uuid>, or a role of a tenancy (editor)' },
      { flags: '--claims <json>', says: 'claims of the token, on top of the identity' },
      { flags: '--sql <statement>', says: 'run one statement and exit' },
      { flags: '--seed', says: 'with the rows of supabase/seed.sql' },
    ],
    examples: ['trr-db shell --as editor', 'trr-db shell --as anon --seed --sql "select * from core.shows"', 'trr-db shell --claims \'{"sub":"…"}\''],
    load: () => import('./shell.ts'),
  },
  {
    id: 'schema-docs',
    group: 'Repository:',
    summary: 'Write supabase/schema_docs anew from the replayed history.',
    arguments: [],
    options: [{ flags: '--check', says: 'write nothing; exit 1 with the list of stale files' }],
    examples: ['trr-db schema-docs', 'trr-db schema-docs --check --json'],
    load: () => import('./schema-docs.ts'),
  },
  {
    id: 'restack',
    group: 'Repository:',
    summary: 'New numbers for designs whose numbers another branch took, proved on the new base.',
    arguments: [{ name: '[design...]', says: 'designs that may move; all of them by default' }],
    options: [],
    examples: ['trr-db restack', 'trr-db restack show_submissions --yes'],
    load: () => import('./restack.ts'),
  },
  {
    id: 'doctor',
    group: 'Help:',
    summary: 'Check this machine and the repository, and say what to do about what is wrong.',
    arguments: [],
    options: [],
    examples: ['trr-db doctor', 'trr-db doctor --json'],
    load: () => import('./doctor.ts'),
  },
]
