import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  counterPoints,
  energyByZone,
  energyFromCounter,
  energyFromPower,
  energyFromSpans,
  powerPoints,
  type Point,
} from '../../../../src/core/building/energy/energy.ts'
import { momentsOf, type WindowRow } from '../../../../src/core/window/window.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const T0 = Date.UTC(2026, 0, 5)

const steps = fc.array(
  fc.record({ gap: fc.integer({ min: 1, max: 40 }), kW: fc.double({ min: 0, max: 50, noNaN: true }) }),
  { minLength: 2, maxLength: 200 },
)
const toPoints = (rows: readonly { gap: number; kW: number }[]): Point[] => {
  let at = T0
  return rows.map(({ gap, kW }) => ({ at: (at += gap * MINUTE), value: kW }))
}

describe('EnergySeries', () => {
  it('sums to the energy of the whole range, however it is cut, also when stored by spans in between', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (rows, cut) => {
        const meter = energyFromPower(toPoints(rows))
        const whole = meter.between(T0, meter.to)
        const middle = T0 + cut * (meter.to - T0)
        const spans = [
          { from: T0, to: middle, ...meter.between(T0, middle) },
          { from: middle, to: meter.to, ...meter.between(middle, meter.to) },
        ].filter(({ from, to }) => to > from)
        expect(spans.reduce((sum, h) => sum + h.kWh, 0)).toBeCloseTo(whole.kWh, 7)
        expect(spans.reduce((sum, h) => sum + h.coveredMs, 0)).toBeCloseTo(whole.coveredMs, 3)
        expect(whole.coveredMs).toBeLessThanOrEqual(meter.to - T0 + 1e-3)
        expect(energyFromSpans(spans).between(T0, meter.to).kWh).toBeCloseTo(whole.kWh, 7)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('has nothing between spans that are apart', () => {
    const series = energyFromSpans([
      { from: 0, to: HOUR, kWh: 2 },
      { from: 3 * HOUR, to: 4 * HOUR, kWh: 4 },
    ])
    expect(series.between(HOUR / 2, 3 * HOUR)).toEqual({ kWh: 1, coveredMs: HOUR / 2 })
    expect(series.between(0, 4 * HOUR)).toEqual({ kWh: 6, coveredMs: 2 * HOUR })
  })
})

describe('energyFromPower', () => {
  it('integrates a ramp exactly and ends a gap after one step', () => {
    const ramp = energyFromPower([0, 15, 30, 45, 60].map((m) => ({ at: T0 + m * MINUTE, value: m / 6 })))
    expect(ramp.between(T0, T0 + HOUR).kWh).toBeCloseTo(5, 9)
    const gap = energyFromPower([0, 1, 2, 300].map((m) => ({ at: T0 + m * MINUTE, value: 60 })))
    expect(gap.between(T0, T0 + 300 * MINUTE)).toEqual({ kWh: 3, coveredMs: 3 * MINUTE })
  })

  it('takes minute windows at their middles', () => {
    const window = (minute: number, kW: number): WindowRow => ({
      ...momentsOf(kW * 1000),
      thing: 'm',
      measure: 'power',
      minute,
      version: 1,
      repaired: false,
    })
    const points = powerPoints([window(1, 2), window(0, 1)], 0.001)
    expect(points).toEqual([
      { at: 30_000, value: 1 },
      { at: 90_000, value: 2 },
    ])
    expect(counterPoints([window(0, 3)], 0.001)).toEqual([{ at: 60_000, value: 3 }])
  })
})

describe('energyFromCounter', () => {
  it('survives a reset and a rollover', () => {
    const at = (values: number[]): Point[] => values.map((value, i) => ({ at: T0 + i * HOUR, value }))
    expect(energyFromCounter(at([10, 12, 1, 3])).between(T0, T0 + 3 * HOUR).kWh).toBe(5)
    expect(energyFromCounter(at([998, 3]), 1000).between(T0, T0 + HOUR).kWh).toBe(5)
    expect(energyFromCounter(at([0, 2])).between(T0 + HOUR / 4, T0 + HOUR / 2).kWh).toBe(0.5)
  })
  it('leaves out values that leave the row and come back', () => {
    const kWh = (values: number[], rollover?: number): number => {
      const points = values.map((value, i) => ({ at: T0 + i * HOUR, value }))
      return energyFromCounter(points, rollover).between(T0, T0 + values.length * HOUR).kWh
    }
    expect(kWh([5000, 5002, 0, 5004, 5006])).toBe(6)
    expect(kWh([5000, 5002, 0, 0, 0, 5010])).toBe(10)
    expect(kWh([5000, 5002, 9_999_999, 5004, 5006])).toBe(6)
    // A reset climbs in steps, also past where a small counter had been.
    expect(kWh([3, 4, 1, 2, 3, 4, 5])).toBe(6)
    expect(kWh([998, 3, 999, 1001], 1000)).toBeCloseTo(5 + 996 + 2, 9)
  })
  it('does not take a new meter’s first value for consumption', () => {
    const points = [100, 102, 104, 8000, 8002].map((value, i) => ({ at: T0 + i * HOUR, value }))
    const exchanged = [9000, 9002, 9004, 700, 702].map((value, i) => ({ at: T0 + i * HOUR, value }))
    expect(energyFromCounter(points).between(T0, T0 + 5 * HOUR).kWh).toBe(7902)
    expect(energyFromCounter(exchanged).between(T0, T0 + 5 * HOUR)).toEqual({ kWh: 6, coveredMs: 3 * HOUR })
  })
  it('knows nothing of an empty meter', () => {
    expect(energyFromCounter([]).between(0, HOUR)).toEqual({ kWh: 0, coveredMs: 0 })
  })
})

describe('energyByZone', () => {
  it('gives every kilowatt-hour to one zone or to nobody', () => {
    expect(energyByZone(10, { north: 0.5, south: 0.25 })).toEqual({ north: 5, south: 2.5, '': 2.5 })
    expect(energyByZone(9, { north: 1, south: 0.5 })).toEqual({ north: 6, south: 3 })
  })
})
