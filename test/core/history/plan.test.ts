import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY } from '../../../src/core/history/lake-layout.ts'
import { planSeries, startOfBucket, type Asked, type Extent } from '../../../src/core/history/plan.ts'

const T0 = Date.UTC(2026, 0, 1)
const extent = (over: Partial<Extent> = {}): Extent => ({
  keptFrom: { raw: 0, minute: 0, quarter: 0, day: 0 },
  openDays: [],
  openFrom: (T0 + 100 * DAY) / DAY,
  dayZone: 'UTC',
  intervalMs: 1000,
  ...over,
})
const asked = (over: Partial<Asked> = {}): Asked => ({
  from: T0,
  to: T0 + DAY,
  points: 1000,
  resolution: 'auto',
  ...over,
})

describe('planSeries', () => {
  it('gives readings as they are where they are few enough', () => {
    const plan = planSeries(asked({ to: T0 + 600_000 }), extent())
    expect(plan).toMatchObject({ resolution: 'raw', buckets: null })
    expect(plan.steps).toEqual([{ from: T0, to: T0 + 600_000, source: 'raw', place: 'both' }])
  })

  it('takes the coarsest resolution that makes up the buckets', () => {
    expect(planSeries(asked(), extent())).toMatchObject({
      resolution: 'minute',
      buckets: { stepMs: 120_000 },
    })
    expect(planSeries(asked({ to: T0 + 10 * DAY }), extent())).toMatchObject({
      resolution: 'quarter',
      buckets: { stepMs: 900_000 },
    })
    expect(planSeries(asked({ to: T0 + 1826 * DAY }), extent())).toMatchObject({
      resolution: 'day',
      buckets: { stepMs: 2 * DAY },
    })
    expect(planSeries(asked({ to: T0 + 3_600_000, stepMs: 5000 }), extent()).resolution).toBe('raw')
  })

  it('uses days of the site’s zone where buckets span days', () => {
    const plan = planSeries(asked({ to: T0 + 1826 * DAY }), extent({ dayZone: 'Europe/Oslo' }))
    expect(plan.resolution).toBe('day')
    expect(plan.buckets).toHaveProperty('edges')
    expect((plan.buckets as { edges: number[] }).edges[0]).toBe(T0 - 3_600_000)
  })

  it('uses quarter-hours for days of a zone that no roll-up has', () => {
    const calendar = { zone: 'Asia/Kathmandu', unit: 'day' as const }
    expect(planSeries(asked({ to: T0 + 10 * DAY, calendar }), extent()).resolution).toBe('quarter')
    expect(
      planSeries(asked({ to: T0 + 10 * DAY, calendar }), extent({ dayZone: 'Asia/Kathmandu' })).resolution,
    ).toBe('day')
  })

  it('asks both stores for the minutes of open days', () => {
    const d = T0 / DAY
    const plan = planSeries(
      asked({ to: T0 + 10 * DAY }),
      extent({ openDays: [d + 2, d + 3], openFrom: d + 8 }),
    )
    expect(
      plan.steps.map(({ from, to, source, place }) => [(from - T0) / DAY, (to - T0) / DAY, source, place]),
    ).toEqual([
      [0, 2, 'quarter', 'lake'],
      [2, 4, 'minute', 'both'],
      [4, 8, 'quarter', 'lake'],
      [8, 10, 'minute', 'both'],
    ])
  })

  it('falls back to what is kept where something finer has expired', () => {
    const keptFrom = { raw: T0 + 5 * DAY, minute: T0 + 4 * DAY, quarter: T0 + 2 * DAY, day: T0 + DAY }
    const plan = planSeries(asked({ to: T0 + 6 * DAY, stepMs: 60_000 }), extent({ keptFrom }))
    expect(plan.steps.map(({ from, to, source }) => [(from - T0) / DAY, (to - T0) / DAY, source])).toEqual([
      [1, 2, 'day'],
      [2, 4, 'quarter'],
      [4, 6, 'minute'],
    ])
    expect(plan.missing).toEqual([{ from: T0, to: T0 + DAY, reason: 'expired' }])
  })

  it('does not replace a resolution that was asked for by name', () => {
    const keptFrom = { raw: T0 + DAY / 2, minute: 0, quarter: 0, day: 0 }
    const plan = planSeries(asked({ resolution: 'raw' }), extent({ keptFrom }))
    expect(plan.steps).toHaveLength(1)
    expect(plan.missing).toEqual([{ from: T0, to: T0 + DAY / 2, reason: 'expired' }])
  })

  it('covers every instant once, whatever is open, expired and asked for', () => {
    const days = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 10 })
    const kept = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * 24 }),
        fc.integer({ min: 1, max: 10 * 24 }),
        fc.integer({ min: 1, max: 5000 }),
        days,
        kept,
        fc.integer({ min: 0, max: 45 }),
        fc.constantFrom('UTC', 'Europe/Oslo', null),
        (start, hours, points, open, keptDays, openFrom, dayZone) => {
          const from = T0 + start * 3_600_000
          const [raw = 0, minute = 0, quarter = 0, day = 0] = keptDays
            .sort((a, b) => b - a)
            .map((d) => T0 + d * DAY)
          const plan = planSeries(
            asked({ from, to: from + hours * 3_600_000, points }),
            extent({
              keptFrom: { raw, minute, quarter, day },
              openDays: [...new Set(open)].sort((a, b) => a - b).map((d) => T0 / DAY + d),
              openFrom: T0 / DAY + openFrom,
              dayZone,
            }),
          )
          expect(plan.from).toBeLessThanOrEqual(from)
          expect(plan.to).toBeGreaterThanOrEqual(from + hours * 3_600_000)
          let at = plan.from
          for (const part of [...plan.missing, ...plan.steps]) {
            expect(part.from).toBe(at)
            expect(part.to).toBeGreaterThan(part.from)
            at = part.to
          }
          expect(at).toBe(plan.to)
          expect(startOfBucket(plan.buckets, plan.from)).toBe(plan.from)
        },
      ),
    )
  })
})
