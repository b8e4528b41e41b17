import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// For the processes and threads that tests start, which run the sources as they are: compiled once, not once each.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/aws/emulator/**', 'test/examples/**', 'node_modules/**'],
    reporters: ['default', './test/counts-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/core/**', 'src/pipeline/**'] },
  },
})
