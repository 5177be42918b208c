/** A database of a running server. */
import { literal } from '../sql/literal.ts'
import { ident } from '../sql/identifier.ts'
import { openSession } from './session.ts'
import type { LoginRole, Session } from './session.ts'

/** A database that sessions can be opened on. */
export interface Database {
  readonly name: string
  /** Directory of the server's socket. */
  readonly socket: string
  /** A session; by default as `postgres`, the role that runs migrations. */
  connect(options?: { user?: LoginRole }): Promise<Session>
  /** Ends its sessions and drops it, or leaves it to the end of the server. */
  drop(): Promise<void>
}

/** The handle of a database that exists, and is left to the end of the server. */
export function databaseHandle(socket: string, name: string): Database {
  return {
    name,
    socket,
    connect: ({ user = 'postgres' } = {}) => openSession(socket, name, user),
    drop: async () => undefined,
  }
}

/**
 * Copies a database. Sessions on the source must have ended. A DROP DATABASE costs a checkpoint, and the files of a server
 * go with it as a whole: `keep` leaves the database to that.
 */
export async function copyDatabase({ socket, run }: Administration, source: string, target: string, { keep = false }: { keep?: boolean } = {}): Promise<Database> {
  // A file copy is one system call per file; the default would log and replay every page.
  await run(`create database ${ident(target)} owner postgres template ${ident(source)} strategy file_copy`)
  // CREATE DATABASE copies neither the privileges nor the settings of its template.
  await run(`
    update pg_catalog.pg_database set datacl = (select datacl from pg_catalog.pg_database where datname = ${literal(source)})
    where datname = ${literal(target)};
    insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
    select t.oid, s.setrole, s.setconfig
    from pg_catalog.pg_db_role_setting s
    join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = ${literal(source)}
    join pg_catalog.pg_database t on t.datname = ${literal(target)}`)
  const handle = databaseHandle(socket, target)
  return keep ? handle : { ...handle, drop: () => run(`drop database if exists ${ident(target)} with (force)`) }
}

/** What is done to databases from outside of them. */
export interface Administration {
  socket: string
  run(sql: string): Promise<void>
}

/** One after another through one session: to open one costs more than most of what is done. It keeps no process alive while nothing runs. */
export function administration(socket: string): Administration {
  let opened: Promise<Session> | undefined
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  const send = async (sql: string) => {
    const session = await (opened ??= openSession(socket, 'postgres', 'supabase_admin'))
    session.keepAlive(true)
    try {
      await session.query(sql)
    } finally {
      waiting -= 1
      session.keepAlive(waiting > 0)
    }
  }
  return {
    socket,
    run(sql) {
      waiting += 1
      const sent = last.then(() => send(sql))
      last = sent.catch(() => undefined)
      return sent
    },
  }
}
