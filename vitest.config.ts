import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/aws/emulator/**', 'node_modules/**'],
    reporters: ['default', './test/counts-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['src/core/**', 'src/pipeline/**'] },
  },
})
