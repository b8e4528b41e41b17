import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interlockOrder, type ActuatorOrder } from '../../../src/core/device/actuator.ts'

const T = 1_795_341_600_000
const limits = { low: 0, high: 100, ratePerMinute: 10, restMs: 5000, leaseMs: 600_000 }
const last = (over: Partial<ActuatorOrder> = {}): ActuatorOrder => ({ value: 50, at: T - 60_000, until: T + 540_000, by: 'plc', manual: false, trail: [], ...over }) // prettier-ignore
const ask = (value: number, over = {}) => ({ value, by: 'rule', manual: false, ...over })

describe('interlockOrder', () => {
  it('allows what is within range and rate, under a lease', () => {
    expect(interlockOrder(limits, last(), ask(60), T)).toEqual({ allowed: true, order: { value: 60, at: T, until: T + 600_000, by: 'rule', manual: false, trail: [{ value: 50, at: T - 60_000 }] } }) // prettier-ignore
  })

  it.each([101, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s as out of range', (value) => {
    expect(interlockOrder(limits, null, ask(value), T)).toMatchObject({ allowed: false, code: 'range' })
  })

  it('refuses a leap, however it is cut up', () => {
    expect(interlockOrder(limits, last(), ask(61), T)).toMatchObject({ code: 'rate' })
    expect(interlockOrder(limits, last({ at: T - 3_600_000 }), ask(61), T)).toMatchObject({ code: 'rate' })
    expect(interlockOrder(limits, last({ at: T - 1000 }), ask(51), T)).toMatchObject({ code: 'rest' })
  })

  it('lets no minute see a greater change than the rate, whatever is asked when', () => {
    const asked = fc.array(fc.record({ value: fc.integer({ min: 0, max: 100 }), afterMs: fc.integer({ min: 0, max: 40_000 }) }), { maxLength: 40 }) // prettier-ignore
    fc.assert(
      fc.property(asked, (orders) => {
        const given: { value: number; at: number }[] = []
        let [standing, now]: [ActuatorOrder | null, number] = [null, T]
        for (const { value, afterMs } of orders) {
          now += afterMs
          const verdict = interlockOrder({ low: 0, high: 100, ratePerMinute: 10 }, standing, ask(value), now)
          if (!verdict.allowed) continue
          standing = verdict.order
          given.push({ value, at: now })
        }
        given.forEach(({ value, at }, i) => {
          for (const [j, before] of given.slice(0, i).entries())
            if (given[j + 1]!.at > at - 60_000) expect(Math.abs(value - before.value)).toBeLessThanOrEqual(10)
        })
      }),
    )
  })

  it('refuses a flood of orders', () => {
    let standing: ActuatorOrder | null = null
    const outcomes = Array.from({ length: 70 }, (_, i) => {
      const verdict = interlockOrder({ low: 0, high: 100 }, standing, ask(i % 2), T + i)
      if (verdict.allowed) standing = verdict.order
      return verdict.allowed
    })
    expect(outcomes.filter(Boolean)).toHaveLength(60)
  })

  it('lets an order by hand hold against machines until its lease ends', () => {
    const byHand = last({ manual: true, by: 'ada' })
    expect(interlockOrder(limits, byHand, ask(55), T)).toMatchObject({ allowed: false, code: 'manual' })
    expect(interlockOrder(limits, byHand, ask(55, { manual: true }), T)).toMatchObject({ allowed: true })
    expect(interlockOrder(limits, { ...byHand, until: T }, ask(55), T)).toMatchObject({ allowed: true })
  })

  it('never gives a longer lease than the type allows', () => {
    expect(interlockOrder(limits, null, ask(5, { leaseMs: 1e9 }), T)).toMatchObject({
      order: { until: T + 600_000 },
    })
    expect(interlockOrder(limits, null, ask(5, { leaseMs: 1000 }), T)).toMatchObject({
      order: { until: T + 1000 },
    })
  })
})
