import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { learnSeries, newlyLearned } from '../../../src/core/detect/learn.ts'
import { windowRow } from '../../pipeline/jobs/job-world.ts'

const minutes = (value: (minute: number) => number, n = 1000, spread = 0) =>
  Array.from({ length: n }, (_, m) => windowRow('m-1', 'rpm', m, value(m), spread))

describe('learnSeries', () => {
  it('keeps the median and a spread that holds single readings, not only their means', () => {
    const { rpm } = learnSeries(minutes(() => 1480, 1000, 5))
    expect(rpm?.median).toBeCloseTo(1480, 9)
    expect(rpm?.spread).toBeCloseTo(5 * Math.SQRT2, 6)
  })

  it('is not moved far by a tenth of bad minutes', () => {
    const wave = (m: number): number => 50 + Math.sin(m)
    const { rpm: clean } = learnSeries(minutes(wave))
    const { rpm: dirty } = learnSeries(minutes((m) => (m % 10 === 0 ? 1e6 : wave(m))))
    expect(Math.abs(dirty!.median - clean!.median)).toBeLessThan(0.5 * clean!.spread)
    expect(dirty!.spread).toBeLessThan(2 * clean!.spread)
  })

  it('says nothing of less than four hours, and never a spread of zero', () => {
    expect(learnSeries(minutes(() => 1, 239))).toEqual({})
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        expect(learnSeries(minutes(() => value, 240))['rpm']?.spread).toBeGreaterThan(0)
      }),
      { numRuns: 20 },
    )
  })
})

describe('newlyLearned', () => {
  const known = { rpm: { median: 100, spread: 10 }, load: { median: 1, spread: 1 } }

  it('publishes only what has moved by more than a tenth of the spread, and forgets nothing', () => {
    expect(newlyLearned(known, { rpm: { median: 100.9, spread: 10.5 } })).toBeNull()
    const moved = { rpm: { median: 102, spread: 10 } }
    expect(newlyLearned(known, moved)).toEqual({ ...known, ...moved })
    expect(newlyLearned({}, moved)).toEqual(moved)
  })
})
