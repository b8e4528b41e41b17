import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextShardCount,
  shardsNeeded,
  workersNeeded,
  type Load,
} from '../../../src/core/scaling/workers-needed.ts'

const load = (over: Partial<Load> = {}): Load => ({
  recordsPerSecond: 333,
  burst: 2,
  batchMs: 20,
  recordMs: 0.4,
  batchSize: 1000,
  ...over,
})

/** Plays one lane: it takes whatever has arrived, evenly spaced, and gives the longest wait after it has warmed up. */
function longestWaitMs(perSecond: number, { batchMs, recordMs, batchSize }: Load): number {
  const gapMs = 1000 / perSecond
  let [now, taken, longest] = [0, 0, 0]
  for (let batches = 0; batches < 400; batches++) {
    now = Math.max(now, taken * gapMs)
    const waiting = Math.min(batchSize, Math.floor(now / gapMs) + 1 - taken)
    const first = taken * gapMs
    now += batchMs + waiting * recordMs
    taken += waiting
    if (batches > 50) longest = Math.max(longest, now - first)
  }
  return longest
}

describe('workersNeeded', () => {
  it('lets one lane carry a million readings a minute in packs of 50 within half a second', () => {
    expect(workersNeeded(load(), 500)).toBe(1)
    expect(workersNeeded(load({ recordsPerSecond: 16_667 }), 500)).toBe(15)
  })

  it('gives a number that keeps the promise when a lane is played', () => {
    fc.assert(
      fc.property(
        fc.record({
          recordsPerSecond: fc.integer({ min: 50, max: 20_000 }),
          burst: fc.constant(1),
          batchMs: fc.integer({ min: 1, max: 100 }),
          recordMs: fc.double({ min: 0.05, max: 5, noNaN: true }),
          batchSize: fc.integer({ min: 10, max: 1000 }),
        }),
        fc.integer({ min: 300, max: 2000 }),
        (given, target) => {
          const workers = workersNeeded(given, target)
          const wait = longestWaitMs(given.recordsPerSecond / workers, given)
          // Batches are whole records: a wait may exceed the fluid bound by two of them.
          return wait <= target + 2 * given.recordMs + 2 * given.batchMs
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })

  it('never falls when load, burst or the cost of a record rises, or when the target gets tighter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000 }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (rate, factor) => {
          const base = workersNeeded(load({ recordsPerSecond: rate }), 500)
          expect(workersNeeded(load({ recordsPerSecond: rate * factor }), 500)).toBeGreaterThanOrEqual(base)
          expect(
            workersNeeded(load({ recordsPerSecond: rate, burst: 2 * factor }), 500),
          ).toBeGreaterThanOrEqual(base)
          expect(
            workersNeeded(load({ recordsPerSecond: rate, recordMs: 0.4 * factor }), 500),
          ).toBeGreaterThanOrEqual(base)
          expect(workersNeeded(load({ recordsPerSecond: rate }), 500 / factor)).toBeGreaterThanOrEqual(base)
        },
      ),
      { seed: 4 },
    )
  })

  it('says that no number helps where a batch alone takes half the target', () => {
    expect(workersNeeded(load({ batchMs: 250 }), 500)).toBe(Infinity)
  })

  it('keeps one worker where nothing comes', () => {
    expect(workersNeeded(load({ recordsPerSecond: 0 }), 500)).toBe(1)
  })
})

describe('shardsNeeded', () => {
  it('takes the largest of what latency, records and bytes ask for', () => {
    expect(shardsNeeded({ ...load(), bytesPerSecond: 270_000 }, 500, 1)).toBe(1)
    expect(
      shardsNeeded({ ...load({ recordsPerSecond: 16_667, recordMs: 0.01 }), bytesPerSecond: 1e6 }, 500, 2),
    ).toBe(34)
    expect(shardsNeeded({ ...load(), bytesPerSecond: 5e6 }, 500, 1)).toBe(10)
    expect(
      shardsNeeded({ ...load({ recordsPerSecond: 900, recordMs: 10 }), bytesPerSecond: 1e5 }, 500, 10),
    ).toBe(2)
  })
})

describe('nextShardCount', () => {
  const bounds = { min: 2, max: 64 }

  it('grows at once, but never more than doubles in one step', () => {
    expect(nextShardCount(4, 6, bounds)).toBe(6)
    expect(nextShardCount(4, 40, bounds)).toBe(8)
  })

  it('holds still while little is idle, and halves at most when much is', () => {
    expect(nextShardCount(10, 7, bounds)).toBe(10)
    expect(nextShardCount(10, 5, bounds)).toBe(5)
    expect(nextShardCount(40, 3, bounds)).toBe(20)
  })

  it('ends within its bounds and stays there, wherever it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (start, needed) => {
        let current = start
        for (let i = 0; i < 12; i++) current = nextShardCount(current, needed, bounds)
        expect(nextShardCount(current, needed, bounds)).toBe(current)
        expect(current).toBeGreaterThanOrEqual(Math.min(bounds.max, Math.max(bounds.min, needed)))
        expect(current).toBeLessThanOrEqual(bounds.max)
      }),
      { seed: 5 },
    )
  })
})
