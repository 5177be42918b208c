import { defineConfig } from 'vitest/config'

// Three workers on two cores: while one waits for its server another computes. Each loads the sources once, and keeps what tests may share.
export default defineConfig({
  test: {
    include: process.env.TRR_DB_BENCH ? ['test/bench/*.ts'] : ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    isolate: false,
    setupFiles: ['test/support/clean-up.ts'],
    server: { deps: { external: [/\/dist\/generators\//] } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
