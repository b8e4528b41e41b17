import type { Throughput } from '../src/api/ports.ts'

export const THROUGHPUT_STEP_MS = 5000
/** A quarter of an hour, for the chart that people look at first. */
const KEPT = 180

export interface ThroughputMeter {
  /** To be called every THROUGHPUT_STEP_MS. */
  sample(): void
  recent(): Throughput
}

/** How many readings a second came in lately, from a count that only rises. */
export function createThroughputMeter(count: () => number, now: () => number): ThroughputMeter {
  const at: number[] = []
  const readingsPerSecond: number[] = []
  let before = { count: count(), at: now() }
  return {
    sample: () => {
      const found = { count: count(), at: now() }
      const elapsed = found.at - before.at
      // A clock that was set leaves one point out.
      if (elapsed > 0) {
        at.push(found.at)
        readingsPerSecond.push(Math.round(((found.count - before.count) * 10_000) / elapsed) / 10)
        if (at.length > KEPT) {
          at.shift()
          readingsPerSecond.shift()
        }
      }
      before = found
    },
    recent: () => ({ at: [...at], readingsPerSecond: [...readingsPerSecond] }),
  }
}
