import { defineConfig } from 'vitest/config'

// Two workers: every test file may run a server of its own. Each loads the sources once, and keeps what tests may share.
export default defineConfig({
  test: {
    include: process.env.TRR_DB_BENCH ? ['test/bench/*.ts'] : ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    setupFiles: ['test/support/clean-up.ts'],
    server: { deps: { external: [/\/dist\/generators\//] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
