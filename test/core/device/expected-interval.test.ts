import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  expectedSilenceMs,
  learnGap,
  newRhythm,
  WARM_UP_GAPS,
} from '../../../src/core/device/expected-interval.ts'

const learned = (gaps: readonly number[]) => gaps.reduce(learnGap, newRhythm())
const times = (n: number, ...gaps: number[]): number[] => Array.from({ length: n }, () => gaps).flat()

describe('learnGap', () => {
  it('finds the interval of a device that jitters', () => {
    const rhythm = learned(Array.from({ length: 200 }, (_, i) => 60_000 + ((i * 7919) % 6000) - 3000))
    expect(rhythm.gapMs).toBeGreaterThan(58_000)
    expect(rhythm.gapMs).toBeLessThan(64_000)
  })

  it('learns the pause between bursts', () => {
    const rhythm = learned(times(20, 1000, 1000, 1000, 3_600_000))
    expect(expectedSilenceMs(rhythm, undefined)).toBeGreaterThan(3_600_000)
  })

  it('takes one outage for an outage and three in a row for a habit', () => {
    const usual = times(50, 10_000)
    expect(learned([...usual, 7_200_000, 10_000]).gapMs).toBeLessThan(11_000)
    expect(learned([...usual, ...times(3, 600_000)]).gapMs).toBe(600_000)
  })

  it('forgets a slow time within a day', () => {
    expect(learned([...times(20, 600_000), ...times(1440, 60_000)]).gapMs).toBeLessThan(100_000)
  })

  it('never expects more often than the device has ever sent, nor before it has warmed up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e7 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        const rhythm = learned(gaps)
        expect(rhythm.gapMs).toBeLessThanOrEqual(Math.max(...gaps))
        expect(Number.isFinite(expectedSilenceMs(rhythm, undefined))).toBe(gaps.length >= WARM_UP_GAPS)
      }),
    )
  })
})
