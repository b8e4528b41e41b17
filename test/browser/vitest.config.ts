import { defineConfig } from 'vitest/config'

/** One box and one browser at a time: they share two cores. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    // For a machine many times slower than any that is known: a test that hangs ends, one that is slow does not.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
