/** Parse, bind and execute of many statements, then one Sync: what pgx's batch does. */
import type { Connection, Submittable } from 'pg'

/** A query object for `client.query`, and the promise of its end. */
export interface PipelineQuery extends Submittable {
  readonly done: Promise<void>
}

/** The error of a pipeline, with the number of the statement that failed. */
export interface PipelineFailure {
  pipelineIndex?: number
}

/** The statements as one pipeline. Without BEGIN the server makes it one implicit transaction. */
export function pipelineQuery(statements: readonly string[]): PipelineQuery {
  let completed = 0
  let settle: { resolve(): void; reject(error: Error): void }
  const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  const query = {
    done,
    submit(connection: Connection) {
      for (const text of statements) {
        connection.parse({ text, name: '', types: [] } as never, true)
        connection.bind({ portal: '', statement: '', values: [] } as never, true)
        connection.execute({ portal: '', rows: '' } as never, true)
      }
      connection.sync()
    },
    handleCommandComplete: () => void (completed += 1),
    handleEmptyQuery: () => void (completed += 1),
    handleRowDescription: () => undefined,
    handleDataRow: () => undefined,
    handlePortalSuspended: () => undefined,
    // After an error pg forgets the query: this is the last that it hears.
    handleError: (error: Error) => settle.reject(Object.assign(error, { pipelineIndex: completed })),
    handleReadyForQuery: () => settle.resolve(),
  }
  return query as PipelineQuery
}
