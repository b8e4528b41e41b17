import { describe, expect, it } from 'vitest'
import { comfortBand } from '../../../../src/core/building/hvac/comfort-band.ts'
import {
  followSetPoints,
  lawsOf,
  planZone,
  type PlanProblem,
} from '../../../../src/core/building/hvac/plan-zone.ts'
import { rulePlan } from '../../../../src/core/building/hvac/rule-plan.ts'
import { atRest } from '../../../../src/core/building/thermal/zone-model.ts'

const model = { resistance: 5, capacity: 10, solar: 0, occupied: 0, base: 0, film: null }
const problem = (price: (k: number) => number): PlanProblem => {
  const steps = Array.from({ length: 96 }, (_, k) => ({
    outdoorC: 0,
    solarWm2: 0,
    occupied: 0,
    biasKw: 0,
    price: price(k),
    heatingCop: 3,
    coolingCop: 3,
    band: { low: 20, high: 24 },
    presence: k >= 32 && k < 68 ? 1 : 0,
  }))
  return {
    state: atRest(18),
    stepHours: 0.25,
    laws: lawsOf(model, steps, 0.25),
    capacity: model.capacity,
    heatingKw: 10,
    coolingKw: 10,
    discomfortPrice: 5,
    limits: { low: 15, high: 30 },
    steps,
  }
}
const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
const always = Array.from({ length: 96 }, () => ({ heatC: 20, coolC: 24 }))

describe('planZone', () => {
  it('is comfortable when people are there and cheaper than always holding the band', () => {
    const flat = problem(() => 0.2)
    const plan = planZone(flat)
    const held = followSetPoints(flat, always)
    expect(plan.discomfortKh).toBeLessThan(0.1)
    expect(total(plan.cost)).toBeLessThan(0.95 * total(held.cost))
    expect(Math.min(...plan.temperatures)).toBeGreaterThan(14.9)
    expect(Math.max(...plan.plantKw.map(Math.abs))).toBeLessThanOrEqual(10 + 1e-9)
  })

  it('is never dearer than any set-points that are as comfortable', () => {
    const flat = problem(() => 0.2)
    const plan = planZone(flat)
    for (const start of [20, 24, 28, 30]) {
      const setBack = always.map((s, k) => (k >= start && k < 68 ? s : { heatC: 15, coolC: 30 }))
      const fixed = followSetPoints(flat, setBack)
      expect(total(plan.cost) + 5 * plan.discomfortKh).toBeLessThanOrEqual(
        total(fixed.cost) + 5 * fixed.discomfortKh + 0.02,
      )
    }
  })

  it('heats ahead of a dear hour', () => {
    const dear = planZone(problem((k) => (k >= 40 && k < 60 ? 1 : 0.1)))
    const even = planZone(problem(() => 0.1))
    expect(dear.temperatures[39]!).toBeGreaterThan(even.temperatures[39]! + 0.5)
  })
})

describe('comfortBand', () => {
  it('is that of ISO 7730 category B, within half a degree', () => {
    const winter = comfortBand(0)
    const summer = comfortBand(25)
    for (const [actual, expected] of [
      [winter.low, 20],
      [winter.high, 24],
      [summer.low, 23],
      [summer.high, 26],
    ] as const)
      expect(Math.abs(actual - expected)).toBeLessThan(0.55)
  })
})

describe('rulePlan', () => {
  it('sets back, starts in time and holds a dead band', () => {
    const presence = Array.from({ length: 96 }, (_, k) => (k >= 32 && k < 68 ? 0.9 : 0))
    const settings = {
      band: { low: 20, high: 24 },
      limits: { low: 15, high: 30 },
      stepHours: 0.25,
    }
    const plan = rulePlan(presence, 18, settings)
    expect(plan[0]).toEqual({ heatC: 16, coolC: 28 })
    expect(plan[31]).toEqual({ heatC: 20, coolC: 24 })
    expect(plan.findIndex((s) => s.heatC === 20)).toBeLessThan(24)
    expect(plan[90]!.heatC).toBe(16)
  })
})
