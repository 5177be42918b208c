// Started by tests as a process of its own: opens a server, prints where it runs, and waits to be killed.
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const vite = await createServer({
  appType: 'custom',
  cacheDir: tmpdir(),
  configFile: false,
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  oxc: { target: 'node20' },
  root: fileURLToPath(new URL('../..', import.meta.url)),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
})
const { openServer } = await vite.ssrLoadModule('/generators/postgres/server.ts')
const server = await openServer({ major: 17, history: [] })
const session = await (await server.createDatabase()).connect()
const { rows } = await session.query("select current_setting('data_directory') as data, current_setting('unix_socket_directories') as socket")
process.stdout.write(`${JSON.stringify(rows[0])}\n`)
setInterval(() => undefined, 1000)
