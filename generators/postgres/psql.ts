/** psql on one of our databases, as somebody. */
import type { Database } from './database.ts'

export interface PsqlOptions {
  /** Set when the session begins; `role` among them. */
  settings: Record<string, string>
  prompt: string
}

/** Runs psql on this process' own streams and waits for its end. Ctrl-C is psql's until then. */
export async function runPsql(database: Database, { settings, prompt }: PsqlOptions): Promise<number> {
  const { execa } = await import('execa')
  const foreign = Object.keys(process.env).filter((name) => name.startsWith('PG'))
  const env = {
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    PGHOST: database.socket, PGPORT: '5432', PGDATABASE: database.name, PGUSER: 'postgres', PGAPPNAME: 'trr-db',
    PGOPTIONS: Object.entries(settings).map(([name, value]) => `-c ${name}=${escaped(value)}`).join(' '),
  }
  const others = process.listeners('SIGINT')
  process.removeAllListeners('SIGINT').on('SIGINT', ignore)
  try {
    const flags = [`--set=PROMPT1=${prompt}`, `--set=PROMPT2=${prompt}`, '--quiet', ...(process.stdin.isTTY ? [] : ['--set=ON_ERROR_STOP=1'])]
    const { exitCode } = await execa('psql', flags, { env, stdio: 'inherit', reject: false })
    return exitCode ?? 1
  } finally {
    process.removeListener('SIGINT', ignore)
    for (const listener of others) process.on('SIGINT', listener)
  }
}

// The server splits the string at white space.
function escaped(value: string): string {
  return value.replace(/[\s\\]/g, '\\$&')
}

function ignore(): void {}
