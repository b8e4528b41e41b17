import { appendFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/**
 * Prints the closing line that CI reads: `N passed, N failed`. Where several runs are to be added up, the line goes into
 * the file that TELLTALE_COUNTS names instead, and who set it prints the sum.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0
    let failed = unhandled.length
    for (const module of modules) {
      const before = passed + failed
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state === 'passed') passed++
        if (state === 'failed') failed++
      }
      if (!module.ok() && passed + failed === before) failed++ // a file that broke before its first test
    }
    const line = `${passed} passed, ${failed} failed`
    const file = process.env['TELLTALE_COUNTS']
    if (file === undefined) console.log(line)
    else appendFileSync(file, `${line.replace(',', '')}\n`)
  }
}
