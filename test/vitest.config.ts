import { defineConfig } from 'vitest/config'

// Two workers: every test file may run a server of its own.
export default defineConfig({
  test: {
    include: process.env.TRR_DB_BENCH ? ['test/bench/*.ts'] : ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\/generators\//] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
