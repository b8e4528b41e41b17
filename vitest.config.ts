import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// For the processes and threads that tests start, which run the sources as they are: compiled once, not once each.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url))

/** Tests that leave nothing behind in their process; sharing its modules saves a third of their time. */
const pure = ['core', 'api', 'pipeline', 'lib', 'lambdas', 'simulator'].map(
  (name) => `test/${name}/**/*.test.ts`,
)
const elsewhere = ['test/browser/**', 'test/aws/emulator/**', 'test/examples/**', 'node_modules/**']

export default defineConfig({
  test: {
    reporters: ['default', './test/counts-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/core/**', 'src/pipeline/**'] },
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [...pure, ...elsewhere] },
      },
    ],
  },
})
