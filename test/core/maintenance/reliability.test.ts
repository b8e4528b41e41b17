import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstPassage } from '../../../src/core/maintenance/degradation.ts'
import { healthIndex, healthMeter, learnHealthy } from '../../../src/core/maintenance/health-index.ts'
import {
  bestThreshold,
  calibrationError,
  detectionOf,
  phmScore,
} from '../../../src/core/maintenance/metrics.ts'
import { calibrate, fitCalibration } from '../../../src/core/maintenance/calibration.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { failureWithin, fitWeibull, residualLife } from '../../../src/core/maintenance/weibull.ts'

describe('failureWithin', () => {
  // Golden vector of reference/peers-and-methods.md section 5.
  const law = { shape: 2.5, scale: 1000 }
  it('gives the golden conditional probability and median residual life', () => {
    expect(failureWithin(law, 800, 72)).toBeCloseTo(0.1286, 4)
    expect(residualLife(law, 800, 0.5)).toBeCloseTo(298.8, 1)
  })

  it('says a share q fails within the q-th residual life', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 6, noNaN: true }),
        fc.double({ min: 0, max: 2000, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (shape, age, q) => {
          const some = { shape, scale: 1000 }
          expect(failureWithin(some, age, residualLife(some, age, q))).toBeCloseTo(q, 6)
        },
      ),
    )
  })
})

describe('fitWeibull', () => {
  it('finds the law again, also where half have not failed yet', () => {
    const random = seededRandom(4)
    const lives = Array.from({ length: 4000 }, () => 1000 * (-Math.log(1 - random())) ** (1 / 2.5))
    const fitted = fitWeibull(lives.map((life) => ({ age: Math.min(life, 850), failed: life <= 850 })))
    expect(fitted?.shape).toBeCloseTo(2.5, 0)
    expect(Math.abs(fitted!.scale - 1000)).toBeLessThan(30)
  })

  it('says nothing from one failure', () => {
    expect(
      fitWeibull([
        { age: 5, failed: true },
        { age: 9, failed: false },
      ]),
    ).toBeNull()
  })
})

describe('firstPassage', () => {
  const points = (seed: number, growth: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 60 }, (_, time) => ({
      time,
      value: 2 + Math.exp(growth * time + 0.1 * (random() - 0.5)),
    }))
  }
  const limit = { floor: 2, failure: 2 + Math.exp(5) }

  it('brackets the true passage', () => {
    const left = firstPassage(points(1, 0.05), limit, 59, seededRandom(1))!
    expect(left.p50).toBeGreaterThan(39)
    expect(left.p50).toBeLessThan(43) // 5 / 0.05 − 59 = 41
    expect(left.p10).toBeLessThan(left.p50)
    expect(left.p90).toBeGreaterThan(left.p50)
  })

  it('does not see what lies after now', () => {
    const known = points(1, 0.05).slice(0, 40)
    const future = [...known, ...Array.from({ length: 20 }, (_, i) => ({ time: 40 + i, value: 1e6 }))]
    expect(firstPassage(future, limit, 39, seededRandom(1))).toEqual(
      firstPassage(known, limit, 39, seededRandom(1)),
    )
  })

  it('says nothing without growth, and zero beyond the limit', () => {
    expect(firstPassage(points(1, 0), limit, 59, seededRandom(1))).toBeNull()
    expect(firstPassage(points(1, 0.1), limit, 59, seededRandom(1))?.p90).toBe(0)
  })
})

describe('healthIndex', () => {
  const random = seededRandom(2)
  const noise = () => random() + random() + random() - 1.5
  const rows = Array.from({ length: 300 }, () => {
    const load = noise()
    return { load, temperature: 20 + 2 * load + 0.1 * noise(), constant: 7 }
  })
  const period = learnHealthy(rows)!
  const indexOf = (row: Record<string, number>) => healthIndex(period, healthMeter(period)(row))

  it('is near 100 for the healthy and falls the farther a row is out', () => {
    expect(indexOf({ load: 0, temperature: 20 })).toBe(100)
    expect(indexOf({ load: 0, temperature: 20.5 })).toBeGreaterThan(indexOf({ load: 0, temperature: 22 }))
    expect(indexOf({ load: 0, temperature: 30 })).toBeLessThan(10)
  })

  it('knows what goes together: a warm machine is well under load and ill without', () => {
    expect(indexOf({ load: 1, temperature: 22 })).toBeGreaterThan(75) // twice the usual load
    expect(indexOf({ load: -1, temperature: 22 })).toBeLessThan(50)
  })

  it('takes a missing feature for neither good nor bad, and ignores a constant one', () => {
    expect(period.features).toEqual(['load', 'temperature'])
    expect(indexOf({ temperature: NaN })).toBe(100)
  })

  it('learns nothing from too few rows', () => {
    expect(learnHealthy(rows.slice(0, 9))).toBeNull()
  })
})

describe('metrics', () => {
  it('gives the golden C-MAPSS scores', () => {
    const score = (d: number) => phmScore([100 + d], [100])
    expect([-26, -13, 0, 10, 20].map((d) => Number(score(d).toFixed(3)))).toEqual([
      6.389, 1.718, 0, 1.718, 6.389,
    ])
  })

  it('finds the threshold with the best F1', () => {
    const p = [0.9, 0.8, 0.7, 0.3, 0.2]
    const y = [1, 1, 0, 1, 0]
    expect(bestThreshold(p, y).threshold).toBeCloseTo(0.25)
    expect(bestThreshold(p, y).f1).toBeCloseTo(6 / 7)
    expect(
      detectionOf(
        p.map((q) => q >= 0.25),
        y,
      ),
    ).toEqual({ precision: 0.75, recall: 1, f1: 6 / 7 })
  })

  it('measures calibration, and isotonic regression mends it without changing the order', () => {
    const random = seededRandom(6)
    const raw = Float64Array.from({ length: 5000 }, () => random())
    const labels = raw.map((p) => (random() < p * p ? 1 : 0))
    const map = fitCalibration(raw, labels)
    expect(calibrationError(raw, labels)).toBeGreaterThan(0.1)
    expect(
      calibrationError(
        raw.map((p) => calibrate(map, p)),
        labels,
      ),
    ).toBeLessThan(0.02)
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          expect(Math.sign(calibrate(map, b) - calibrate(map, a)) * Math.sign(b - a)).toBeGreaterThanOrEqual(
            0,
          )
        },
      ),
    )
  })
})
