import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  counterPoints,
  energyByZone,
  energyFromCounter,
  energyFromPower,
  hourlyEnergy,
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

describe('hourlyEnergy', () => {
  it('sums to the energy of the whole range, however it is cut', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (rows, cut) => {
        const meter = energyFromPower(toPoints(rows))
        const whole = meter.between(T0, meter.to)
        const middle = T0 + cut * (meter.to - T0)
        const parts = [...hourlyEnergy(meter, T0, middle), ...hourlyEnergy(meter, middle, meter.to)]
        expect(parts.reduce((sum, h) => sum + h.kWh, 0)).toBeCloseTo(whole.kWh, 7)
        expect(parts.reduce((sum, h) => sum + h.coveredMs, 0)).toBeCloseTo(whole.coveredMs, 3)
        expect(whole.coveredMs).toBeLessThanOrEqual(meter.to - T0 + 1e-3)
      }),
      { numRuns: 100, seed: 1 },
    )
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
