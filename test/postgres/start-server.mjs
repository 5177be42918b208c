// Started by tests as a process of its own: opens a server, prints where it runs, and waits to be killed.
import { openServer } from '../../dist/generators/index.js'

const server = await openServer({ major: 17, history: [] })
const session = await (await server.createDatabase()).connect()
const { rows } = await session.query("select current_setting('data_directory') as data, current_setting('unix_socket_directories') as socket")
process.stdout.write(`${JSON.stringify(rows[0])}\n`)
setInterval(() => undefined, 1000)
