import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  messageBytes,
  monthlyCost,
  stateItemBytes,
  type CostQuestion,
} from '../../../src/core/cost/monthly-cost.ts'
import { prices } from '../../../src/core/cost/prices.ts'

/** The reference load: a million readings a minute from 10,000 devices of ten measures each. */
const million = (over: Partial<CostQuestion> = {}): CostQuestion => ({
  devices: 10_000,
  measures: 10,
  ratePerMinute: 10,
  readingsPerMessage: 50,
  retentionYears: 5,
  streams: 'onDemand',
  state: 'autoscaled',
  hotDays: 30,
  ...over,
})
const lineOf = (question: CostQuestion, component: string): number =>
  monthlyCost(question).lines.find((l) => l.component === component)!.dollars

describe('monthlyCost', () => {
  it('holds the cost law by default: at most $0.03 a million readings in packs of 50 and more, hot store aside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 600 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('onDemand' as const, 'provisioned' as const),
        (readingsPerMessage, retentionYears, streams) => {
          const cost = monthlyCost(million({ readingsPerMessage, retentionYears, streams }))
          expect(cost.readings).toBe(43.2e9)
          expect(cost.dollarsPerMillionWithoutHotStore).toBeLessThanOrEqual(0.03)
        },
      ),
      { seed: 1 },
    )
  })

  it('charges state as the law says: write and read units over the readings of a commit', () => {
    for (const readingsPerMessage of [1, 10, 50, 200]) {
      const question = million({ readingsPerMessage, state: 'onDemand' })
      const stored = (10_000 * stateItemBytes(10) * prices.items.dynamoGbMonth.dollars) / 1e9
      const perMillion = ((lineOf(question, 'state') - stored) / 43.2e9) * 1e6
      expect(perMillion).toBeCloseTo((0.625 + 0.125) / readingsPerMessage, 9)
    }
  })

  it('charges $0.30 a million messages for rule and action', () => {
    expect(lineOf(million(), 'rule and action')).toBeCloseTo(((43.2e9 / 50) * 0.3) / 1e6, 6)
  })

  it('makes one reading a message tens of times dearer than packs of 50', () => {
    const one = monthlyCost(million({ readingsPerMessage: 1 })).dollarsPerMillionWithoutHotStore
    expect(one / monthlyCost(million()).dollarsPerMillionWithoutHotStore).toBeGreaterThan(20)
  })

  it('never gets cheaper with more devices, a higher rate or a longer retention', () => {
    const question = fc.record({
      devices: fc.integer({ min: 1, max: 200_000 }),
      measures: fc.integer({ min: 1, max: 40 }),
      ratePerMinute: fc.double({ min: 0.01, max: 60, noNaN: true }),
      readingsPerMessage: fc.integer({ min: 1, max: 500 }),
      retentionYears: fc.integer({ min: 1, max: 10 }),
      streams: fc.constantFrom('onDemand' as const, 'provisioned' as const),
      state: fc.constantFrom('onDemand' as const, 'autoscaled' as const),
      hotDays: fc.integer({ min: 30, max: 90 }),
    })
    fc.assert(
      fc.property(question, (q) => {
        const { dollars, lines } = monthlyCost(q)
        expect(dollars).toBeGreaterThan(0)
        expect(lines.reduce((total, l) => total + l.dollars, 0)).toBeCloseTo(dollars, 6)
        expect(monthlyCost({ ...q, devices: q.devices * 2 }).dollars).toBeGreaterThan(dollars)
        expect(monthlyCost({ ...q, retentionYears: q.retentionYears + 1 }).dollars).toBeGreaterThanOrEqual(
          dollars,
        )
      }),
      { seed: 2 },
    )
  })
})

describe('stateItemBytes', () => {
  it('keeps ten measures with their item’s names in one write unit, and eleven as well not', () => {
    expect(stateItemBytes(10)).toBeLessThanOrEqual(1024)
    expect(stateItemBytes(11)).toBeGreaterThan(1024)
  })
})

describe('messageBytes', () => {
  it('is what a native pack weighs, within a fifth', () => {
    const pack = {
      at: 1_763_806_800_000,
      step: 1000,
      measures: Object.fromEntries(
        Array.from({ length: 10 }, (_, m) => [
          `measure${m}`,
          Array.from({ length: 5 }, (_, i) => 20.31 + m + i),
        ]),
      ),
    }
    const bytes = Buffer.byteLength(JSON.stringify(pack))
    expect(messageBytes(50, 10) / bytes).toBeGreaterThan(0.8)
    expect(messageBytes(50, 10) / bytes).toBeLessThan(1.25)
  })
})

describe('prices', () => {
  it('are dated, and each says its unit and where it is from', () => {
    expect(prices.date).toMatch(/^\d{4}-\d\d-\d\d$/)
    for (const [name, price] of Object.entries(prices.items)) {
      expect(price.dollars, name).toBeGreaterThan(0)
      expect(price.unit.length, name).toBeGreaterThan(4)
      expect(price.source.length, name).toBeGreaterThan(5)
    }
  })
})
