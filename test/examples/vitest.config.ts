import { defineConfig } from 'vitest/config'

/**
 * `npm run test:examples`: the example devices in other languages than ours, against a real box. As root on Debian:
 * apt-get install gcc libc6-dev libmosquitto-dev python3-paho-mqtt
 * What is missing fails, rather than being left out. PYTHON names another interpreter than /usr/bin/python3.
 */
export default defineConfig({
  test: {
    include: ['test/examples/**/*.test.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
