import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheapestHeat, type HeatProblem } from '../../../../src/core/building/hvac/cheapest-heat.ts'
import { stepLaw, stepState } from '../../../../src/core/building/thermal/zone-model.ts'

const model = {
  resistance: 4,
  capacity: 12,
  solar: 0,
  occupied: 0,
  base: 0.2,
  film: { hours: 0.8, plant: 0.35, solar: 0, occupied: 0, outdoor: 0.04 },
}

const problem = (prices: readonly number[], over: Partial<HeatProblem> = {}): HeatProblem => ({
  state: { massC: 18, filmK: 0 },
  heatingKw: 8,
  coolingKw: 6,
  steps: prices.map((price, k) => ({
    law: stepLaw(model, { outdoorC: 2, solarWm2: 0, occupied: 0 }, 1),
    heatCost: price,
    coolCost: price,
    bands: [
      { low: 20, high: 24, price: k % 3 === 2 ? 2 : 0.05 },
      { low: 15, high: 28, price: 10 },
    ],
  })),
  end: { band: { low: 20, high: 24 }, belowPrice: 0.3, abovePrice: 0.3 },
  ...over,
})

function costOf({ steps, state, end }: HeatProblem, kw: readonly number[]): number {
  let now = state
  let cost = 0
  for (const [k, { law, heatCost, coolCost, bands }] of steps.entries()) {
    now = stepState(law, now, kw[k]!)
    cost += kw[k]! > 0 ? heatCost * kw[k]! : -coolCost * kw[k]!
    for (const { low, high, price } of bands)
      cost += price * Math.max(0, low - now.massC - now.filmK, now.massC + now.filmK - high)
  }
  return cost + end.belowPrice * Math.max(0, end.band.low - now.massC) + end.abovePrice * Math.max(0, now.massC - end.band.high) // prettier-ignore
}

/** Every plan on a grid of powers: slow, and right. */
function best(given: HeatProblem, levels: readonly number[]): number {
  const n = given.steps.length
  let least = Infinity
  for (let i = 0; i < levels.length ** n; i++) {
    const kw = Array.from(
      { length: n },
      (_, k) => levels[Math.floor(i / levels.length ** k) % levels.length]!,
    )
    least = Math.min(least, costOf(given, kw))
  }
  return least
}

describe('cheapestHeat', () => {
  it('is as cheap as the best plan that a search over a grid finds, whatever the prices', () => {
    const levels = [-6, -3, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    const price = fc.double({ min: 0.01, max: 1, noNaN: true })
    const start = fc.double({ min: 14, max: 29, noNaN: true })
    fc.assert(
      fc.property(fc.array(price, { minLength: 4, maxLength: 4 }), start, (prices, massC) => {
        const given = problem(prices, { state: { massC, filmK: 0 } })
        const plan = cheapestHeat(given)
        expect(costOf(given, plan)).toBeLessThanOrEqual(best(given, levels) + 0.02)
      }),
      { numRuns: 12, seed: 3 },
    )
  })

  it('stays within the plant, and does without what it has not', () => {
    const cold = problem(
      Array.from({ length: 48 }, () => 0.1),
      { state: { massC: 5, filmK: 0 } },
    )
    for (const kw of cheapestHeat(cold)) {
      expect(kw).toBeLessThanOrEqual(8)
      expect(kw).toBeGreaterThan(-0.05)
    }
    const hot = problem(
      Array.from({ length: 48 }, () => 0.1),
      { state: { massC: 35, filmK: 0 }, coolingKw: 0 },
    )
    for (const kw of cheapestHeat(hot)) expect(kw).toBeGreaterThanOrEqual(0)
    const none = problem([0.1, 0.1], { heatingKw: 0, coolingKw: 0 })
    expect(cheapestHeat(none)).toEqual([0, 0])
  })

  it('moves heat into cheap hours', () => {
    const plan = cheapestHeat(problem(Array.from({ length: 24 }, (_, k) => (k < 12 ? 0.02 : 0.6))))
    const sum = (from: number, to: number): number => plan.slice(from, to).reduce((a, b) => a + b, 0)
    expect(sum(0, 12)).toBeGreaterThan(4 * Math.max(0, sum(12, 24)))
  })

  it('works where energy costs nothing', () => {
    const free = problem([0, 0, 0, 0])
    const plan = cheapestHeat(free)
    expect(plan.every(Number.isFinite)).toBe(true)
    expect(costOf(free, plan)).toBeLessThanOrEqual(best(free, [-6, -3, 0, 2, 4, 6, 8]) + 0.02)
  })
})
