/** `supabase/config.toml`: the few keys that decide what is generated and on which server it is proved. */
import { TomlError, parse } from 'smol-toml'
import type { Major } from '../design/sql-file.ts'
import { type Issue, TrrError } from '../errors.ts'

export interface RepositoryConfig {
  major: Major
  /** Schemas that the Data API serves. */
  apiSchemas: string[]
  migrations: { enabled: boolean; schemaPaths: string[] }
}

export const configPath = 'supabase/config.toml'

/** What Supabase's CLI takes when a key, or the file, is missing. */
const defaults: RepositoryConfig = {
  major: 17,
  apiSchemas: ['public', 'graphql_public'],
  migrations: { enabled: true, schemaPaths: [] },
}

const supported: readonly number[] = [15, 17, 18]

/** Reads the text of `config.toml`; null when there is no such file. Throws a TrrError with all that is wrong. */
export function parseConfig(text: string | null): RepositoryConfig {
  if (text === null) return structuredClone(defaults)
  const root = parseToml(text)
  const issues: Issue[] = []
  const wrong = (key: string, message: string, remedy: string) => {
    issues.push({ code: 'REPO_CONFIG', message, remedy, place: { file: configPath, ...lineOfKey(text, key) } })
    return undefined
  }
  const strings = (key: string, value: unknown) => {
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    return wrong(key, `"${key}" must be a list of strings.`, `Write it as: ${key.split('.').at(-1)} = ["public"]`)
  }
  const flag = (key: string, value: unknown) => {
    if (value === undefined || typeof value === 'boolean') return value
    return wrong(key, `"${key}" must be true or false.`, 'Write it without quotes.')
  }
  const db = section(root, 'db')
  const migrations = section(db, 'migrations')
  const major = Number(db['major_version'] ?? defaults.major)
  if (!supported.includes(major)) {
    const written = String(db['major_version'])
    wrong('db.major_version', `Postgres ${written} in "db.major_version" is not supported.`, 'Supported majors: 15, 17, 18. Ask the hosted project for its own: show server_version')
  }
  const config: RepositoryConfig = {
    major: major as Major,
    apiSchemas: strings('api.schemas', section(root, 'api')['schemas']) ?? defaults.apiSchemas,
    migrations: {
      enabled: flag('db.migrations.enabled', migrations['enabled']) ?? true,
      schemaPaths: strings('db.migrations.schema_paths', migrations['schema_paths']) ?? [],
    },
  }
  if (issues.length > 0) throw new TrrError(issues)
  return config
}

function parseToml(text: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const { line, column } = error
    const message = (error.message.split('\n')[0] ?? '').replace('Invalid TOML document: ', '')
    const source = text.split('\n')[line - 1]?.trimEnd() ?? ''
    throw new TrrError(
      {
        code: 'REPO_CONFIG',
        message: `This is not valid TOML: ${message}.`,
        remedy: 'Correct the line, then run again.',
        place: { file: configPath, line, column },
        excerpt: `${source}\n${' '.repeat(Math.max(0, column - 1))}^`,
      },
      { cause: error },
    )
  }
}

function section(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = parent[key]
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** The parser keeps no places; the key is looked up under its section's header. */
function lineOfKey(text: string, key: string): { line?: number; column?: number } {
  const name = key.split('.').at(-1) ?? ''
  const header = key.split('.').slice(0, -1).join('.')
  let current = ''
  for (const [index, line] of text.split('\n').entries()) {
    current = /^\s*\[([^[\]]+)\]/.exec(line)?.[1]?.trim() ?? current
    if (current === header && line.trimStart().split(/[\s=]/)[0] === name) return { line: index + 1, column: line.indexOf(name) + 1 }
  }
  return {}
}
