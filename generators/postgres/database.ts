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

/**
 * The handle of a database that exists. A DROP DATABASE costs a session and a checkpoint, and the files of a server go with
 * it as a whole: `keep` leaves the database to that.
 */
export function databaseHandle(socket: string, name: string, { keep = false }: { keep?: boolean } = {}): Database {
  return {
    name,
    socket,
    connect: ({ user = 'postgres' } = {}) => openSession(socket, name, user),
    async drop() {
      if (keep) return
      await using admin = await openSession(socket, 'postgres', 'supabase_admin')
      await admin.query(`drop database if exists ${ident(name)} with (force)`)
    },
  }
}

/** Copies a database. Sessions on the source must have ended. */
export async function copyDatabase(socket: string, source: string, target: string, options: { keep?: boolean } = {}): Promise<Database> {
  await using admin = await openSession(socket, 'postgres', 'supabase_admin')
  // A file copy is one system call per file; the default would log and replay every page.
  await admin.query(`create database ${ident(target)} owner postgres template ${ident(source)} strategy file_copy`)
  // CREATE DATABASE copies neither the privileges nor the settings of its template.
  await admin.query(`
    update pg_catalog.pg_database set datacl = (select datacl from pg_catalog.pg_database where datname = ${literal(source)})
    where datname = ${literal(target)}`)
  await admin.query(`
    insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
    select t.oid, s.setrole, s.setconfig
    from pg_catalog.pg_db_role_setting s
    join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = ${literal(source)}
    join pg_catalog.pg_database t on t.datname = ${literal(target)}`)
  return databaseHandle(socket, target, options)
}
