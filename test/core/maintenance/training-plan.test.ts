import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trainingMoments } from '../../../src/core/maintenance/training-plan.ts'
import {
  cancelWorkOrder,
  completeWorkOrder,
  reportedOrder,
  type Finding,
  type WorkOrder,
} from '../../../src/core/maintenance/work-order.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 0, 1)
const plan = { horizonMs: DAY, from: T0, until: T0 + 30 * DAY, most: 10_000 }

const opened = (thing: string, at: number): WorkOrder =>
  reportedOrder({ thing, mode: 'pump.seal', action: 'look', at, dueAt: at + DAY, by: 'ann', evidence: [] })
function closed(order: WorkOrder, finding: Finding, at: number): WorkOrder {
  const done = completeWorkOrder(order, { by: 'ann', at, finding })
  if (done.kind === 'refused') throw new Error(done.reason)
  return done.order
}

describe('trainingMoments', () => {
  it('makes positives of the horizon before a failure, and no negatives of the week before and of the day after the work', () => {
    const failed = T0 + 15 * DAY
    const moments = trainingMoments(['p-1'], [closed(opened('p-1', failed), 'failed', failed + DAY)], plan)
    expect(moments.filter((m) => m.failed === 1).map(({ at }) => (failed - at) / HOUR)).toEqual([
      18, 12, 6, 0,
    ])
    const days = moments.filter((m) => m.failed === 0).map(({ at }) => (at - T0) / DAY)
    expect(days).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
  })

  it('makes a negative of an alarm that was for nothing', () => {
    const at = T0 + 10 * DAY + 5 * HOUR
    const moments = trainingMoments(['p-1'], [closed(opened('p-1', at), 'noFaultFound', at + HOUR)], plan)
    expect(moments.find((m) => m.at === at)).toEqual({ thing: 'p-1', at, failed: 0 })
    expect(moments.every((m) => m.failed === 0)).toBe(true)
  })

  it('says nothing of moments that nobody can judge yet', () => {
    const at = T0 + 20 * DAY
    const days = (orders: WorkOrder[]) => trainingMoments(['p-1'], orders, plan).map((m) => (m.at - T0) / DAY)
    expect(days([opened('p-1', at)]).at(-1)).toBe(13)
    const cancelled = cancelWorkOrder(opened('p-1', at), 'ann', at + 1, 'a duplicate')
    expect(cancelled.kind === 'moved' && days([cancelled.order]).at(-1)).toBe(29)
    // A day whose horizon is not over may still end in a failure.
    expect(trainingMoments(['p-1'], [], { ...plan, until: T0 + 3 * DAY - 1 }).map((m) => m.at)).toEqual([
      T0,
      T0 + DAY,
    ])
  })

  it('thins out sound days and never failures', () => {
    const things = Array.from({ length: 40 }, (_, i) => `p-${i}`)
    const orders = things.slice(0, 5).map((thing) => closed(opened(thing, T0 + 12 * DAY), 'confirmed', T0 + 13 * DAY)) // prettier-ignore
    const moments = trainingMoments(things, orders, { ...plan, most: 100 })
    expect(moments.filter((m) => m.failed === 1)).toHaveLength(20)
    expect(moments.length).toBeLessThanOrEqual(101)
    expect(new Set(moments.map((m) => m.thing)).size).toBeGreaterThan(30)
  })

  it('never calls a moment both, whatever the orders', () => {
    const order = fc.record({
      day: fc.integer({ min: 0, max: 29 }),
      took: fc.integer({ min: 1, max: 100 }),
      finding: fc.constantFrom<Finding>('failed', 'confirmed', 'noFaultFound'),
    })
    fc.assert(
      fc.property(fc.array(order, { maxLength: 6 }), (given) => {
        const orders = given.map(({ day, took, finding }) =>
          closed(opened('p-1', T0 + day * DAY), finding, T0 + day * DAY + took * HOUR),
        )
        const moments = trainingMoments(['p-1'], orders, plan)
        expect(new Set(moments.map((m) => m.at)).size).toBe(moments.length)
        expect(moments.every((m) => m.at >= plan.from && m.at < plan.until)).toBe(true)
        expect(moments.map((m) => m.at)).toEqual(moments.map((m) => m.at).sort((a, b) => a - b))
      }),
    )
  })
})
