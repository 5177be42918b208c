/** What Supabase's image has and the plain binaries lack, placed into the cached copy of the binaries. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readReferences } from './reference-files.ts'
import type { ReferenceFile } from './reference-files.ts'

/**
 * supautils lets the role `postgres`, no superuser, create these (supabase/postgres, supautils.conf.j2). Marked as
 * trusted they behave the same here.
 */
const allowed = [
  'autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance fuzzystrmatch hstore',
  'insert_username intarray isn ltree moddatetime pg_stat_statements pg_trgm pg_walinspect pgcrypto pg_prewarm',
  'pgrowlocks pgstattuple pgtap postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp',
].flatMap((line) => line.split(' '))

/** The stubs: one SQL file per extension, named after it. */
export function extensionSources(): Promise<ReferenceFile[]> {
  return readReferences('supabase', 'extensions')
}

/** Adds pgTAP and the stubs, and lets `postgres` create what supautils lets it create. */
export async function installExtensions(binaries: string, stubs: readonly ReferenceFile[]): Promise<void> {
  const folder = extensionFolder(binaries)
  await copyPgtap(folder)
  for (const { name, sql } of stubs) {
    const extension = name.replace(/\.sql$/, '')
    await writeFile(join(folder, `${extension}--1.0.sql`), sql)
    await writeFile(join(folder, `${extension}.control`), control(sql))
  }
  for (const extension of allowed) await trust(join(folder, `${extension}.control`))
}

// A stub whose first line is `-- schema: vault` lives there and nowhere else, as the extension it stands for.
function control(sql: string): string {
  const schema = /^-- schema: (\w+)/.exec(sql)?.[1]
  const lines = ["default_version = '1.0'", 'relocatable = false', 'superuser = true', 'trusted = true']
  return [...lines, ...(schema ? [`schema = ${schema}`] : []), ''].join('\n')
}

function extensionFolder(binaries: string): string {
  const folder = join(binaries, 'share', 'postgresql', 'extension')
  return existsSync(folder) ? folder : join(binaries, 'share', 'extension')
}

async function trust(path: string): Promise<void> {
  if (!existsSync(path)) return
  const text = await readFile(path, 'utf8')
  if (!/^trusted\s*=\s*true/m.test(text)) await writeFile(path, `${text.trimEnd()}\ntrusted = true\n`)
}

async function copyPgtap(folder: string): Promise<void> {
  const { extract } = await import('tar')
  const archive = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite-pgtap')), 'pgtap.tar.gz')
  const unpacked = await mkdtemp(join(folder, '.pgtap-'))
  try {
    await extract({ file: archive, cwd: unpacked })
    const source = join(unpacked, 'share', 'postgresql', 'extension')
    for (const name of await readdir(source)) await writeFile(join(folder, name), await readFile(join(source, name)))
  } finally {
    await rm(unpacked, { recursive: true, force: true })
  }
}
