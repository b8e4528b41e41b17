import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { energyFromPower } from '../../../../src/core/building/energy/energy.ts'
import { costOf, energyPrice, tariffAt, type Tariff } from '../../../../src/core/building/energy/tariff.ts'
import { localClock, localDays } from '../../../../src/core/building/local-time.ts'

const HOUR = 3_600_000
const chicago = localClock('America/Chicago')
const start = Date.parse('2026-02-20T06:00Z')
const change = Date.parse('2026-03-05T06:00Z')

const tariff: Tariff = {
  id: 'general',
  timeZone: 'America/Chicago',
  currency: 'USD',
  versions: [
    { validFrom: 0, validTo: change, basePerKWh: 0.1, fixedPerDay: 1 },
    {
      validFrom: change,
      basePerKWh: 0.08,
      fixedPerDay: 2,
      periods: [
        { name: 'peak', when: { weekdays: [0, 1, 2, 3, 4], fromMinute: 840, toMinute: 1200 }, perKWh: 0.3 },
      ],
      blocks: [{ upToKWh: 100, perKWh: 0 }, { perKWh: 0.05 }],
      demand: { perKW: 10, intervalMinutes: 15 },
    },
  ],
}

const days = 40
const meter = energyFromPower(
  Array.from({ length: days * 96 + 1 }, (_, i) => ({
    at: start + i * 900_000,
    value: 2 + ((i * 37) % 11) / 2,
  })),
)

describe('costOf', () => {
  it('does not depend on how a range is split, across months, versions and a change of clocks', () => {
    const at = fc.integer({ min: 0, max: days * 24 * 60 }).map((m) => start + m * 60_000)
    fc.assert(
      fc.property(at, at, at, (x, y, z) => {
        const [a, b, c] = [x, y, z].sort((p, q) => p - q) as [number, number, number]
        const whole = costOf(tariff, chicago, meter, a, c)
        const first = costOf(tariff, chicago, meter, a, b)
        const second = costOf(tariff, chicago, meter, b, c)
        for (const part of ['fixed', 'energy', 'blocks', 'demand', 'total'] as const)
          expect(first[part] + second[part]).toBeCloseTo(whole[part], 6)
        expect(whole.total).toBeGreaterThanOrEqual(-1e-9)
      }),
      { numRuns: 25, seed: 2 },
    )
  })

  it('bills a flat month as on paper', () => {
    const from = Date.parse('2026-04-01T05:00Z')
    const to = Date.parse('2026-05-01T05:00Z')
    const flat = energyFromPower(
      Array.from({ length: 30 * 24 * 4 + 1 }, (_, i) => ({ at: from + i * 900_000, value: 1 })),
    )
    const cost = costOf(tariff, chicago, flat, from, to)
    // 22 working days with 6 peak hours; 720 kWh, 620 of them in the second block; 1 kW peak.
    expect(cost.energy).toBeCloseTo(22 * 6 * 0.3 + (720 - 132) * 0.08, 6)
    expect(cost.blocks).toBeCloseTo(620 * 0.05, 6)
    expect(cost.demand).toBeCloseTo(10, 6)
    expect(cost.fixed).toBeCloseTo(60, 6)
  })
})

describe('energyPrice', () => {
  it('follows the wall clock through daylight saving', () => {
    // 14:00 in Chicago is 20:00 UTC in standard time and 19:00 UTC from 8 March 2026 on.
    expect(energyPrice(tariff, chicago, Date.parse('2026-03-06T20:00Z'))).toBe(0.3)
    expect(energyPrice(tariff, chicago, Date.parse('2026-03-06T19:59Z'))).toBe(0.08)
    expect(energyPrice(tariff, chicago, Date.parse('2026-03-09T19:00Z'))).toBe(0.3)
    expect(energyPrice(tariff, chicago, Date.parse('2026-03-08T20:00Z'))).toBe(0.08)
  })
})

describe('tariffAt', () => {
  it('is half-open and lets the later version win', () => {
    expect(tariffAt(tariff, change - 1)).toBe(tariff.versions[0])
    expect(tariffAt(tariff, change)).toBe(tariff.versions[1])
    const both = {
      ...tariff,
      versions: [
        { validFrom: 5, basePerKWh: 2 },
        { validFrom: 0, basePerKWh: 1 },
      ],
    }
    expect(tariffAt(both, 6)?.basePerKWh).toBe(2)
    expect(tariffAt(both, -1)).toBeUndefined()
  })
})

describe('localDays', () => {
  it('has a day of 23 and one of 25 hours a year', () => {
    const year = localDays(chicago, Date.parse('2026-01-01T06:00Z'), Date.parse('2027-01-01T06:00Z'))
    expect(year).toHaveLength(365)
    const lengths = year.map((d) => (d.to - d.from) / HOUR)
    expect(lengths.filter((h) => h !== 24).sort((a, b) => a - b)).toEqual([23, 25])
  })
  it('keeps quarter-hour zones at their midnights', () => {
    const nepal = localClock('Asia/Kathmandu')
    const [first, second] = localDays(nepal, Date.parse('2026-01-01T00:00Z'), Date.parse('2026-01-03T00:00Z'))
    expect(first!.to).toBe(Date.parse('2026-01-01T18:15Z'))
    expect(second!.to - second!.from).toBe(24 * HOUR)
  })
})

describe('localClock', () => {
  it('knows the day and hour of the week', () => {
    expect(chicago(Date.parse('2026-03-08T07:59Z'))).toMatchObject({ weekday: 6, minuteOfDay: 119, month: 3 })
    expect(chicago(Date.parse('2026-03-08T08:00Z'))).toMatchObject({ minuteOfDay: 180, hourOfWeek: 147 })
  })
})
