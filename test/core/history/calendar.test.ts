import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarEdges, isZone } from '../../../src/core/history/calendar.ts'

const HOUR = 3_600_000
const at = (text: string): number => Date.parse(text)
const hours = (edges: number[]): number[] => edges.slice(1).map((edge, i) => (edge - edges[i]!) / HOUR)

describe('calendarEdges', () => {
  it('gives days of 23 and 25 hours where clocks change', () => {
    expect(
      hours(calendarEdges('Europe/Oslo', 'day', at('2026-03-28T12:00Z'), at('2026-03-30T12:00Z'))),
    ).toEqual([24, 23, 24])
    expect(
      hours(calendarEdges('Europe/Oslo', 'day', at('2026-10-24T12:00Z'), at('2026-10-26T12:00Z'))),
    ).toEqual([24, 25, 24])
  })

  it('knows offsets of half and three quarters of an hour', () => {
    expect(calendarEdges('Asia/Kolkata', 'day', at('2026-05-01T00:00Z'), at('2026-05-01T01:00Z'))[0]).toBe(
      at('2026-04-30T18:30Z'),
    )
    expect(calendarEdges('Asia/Kathmandu', 'day', at('2026-05-01T00:00Z'), at('2026-05-01T01:00Z'))[0]).toBe(
      at('2026-04-30T18:15Z'),
    )
  })

  it('knows Lord Howe’s change of half an hour', () => {
    expect(
      hours(calendarEdges('Australia/Lord_Howe', 'day', at('2026-04-04T00:00Z'), at('2026-04-05T20:00Z'))),
    ).toContain(24.5)
    expect(
      hours(calendarEdges('Australia/Lord_Howe', 'day', at('2026-10-03T00:00Z'), at('2026-10-04T20:00Z'))),
    ).toContain(23.5)
    expect(
      hours(calendarEdges('Australia/Lord_Howe', 'hour', at('2026-04-04T12:00Z'), at('2026-04-04T18:00Z'))),
    ).toContain(1.5)
  })

  it('starts a day whose midnight is skipped when its clocks start', () => {
    // Beirut goes from 00:00 to 01:00 on 2026-03-29.
    const edges = calendarEdges('Asia/Beirut', 'day', at('2026-03-28T12:00Z'), at('2026-03-29T12:00Z'))
    expect(edges[1]).toBe(at('2026-03-28T22:00Z'))
    expect(hours(edges)).toEqual([24, 23])
  })

  it('counts weeks from Monday, months and years by the calendar', () => {
    expect(calendarEdges('UTC', 'week', at('2026-01-01T00:00Z'), at('2026-01-02T00:00Z'))).toEqual([
      at('2025-12-29T00:00Z'),
      at('2026-01-05T00:00Z'),
    ])
    expect(calendarEdges('UTC', 'month', at('2028-02-10T00:00Z'), at('2028-03-01T00:00Z'))).toEqual([
      at('2028-02-01T00:00Z'),
      at('2028-03-01T00:00Z'),
    ])
    expect(
      calendarEdges('Pacific/Auckland', 'year', at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z')),
    ).toEqual([at('2025-12-31T11:00Z'), at('2026-12-31T11:00Z')])
  })

  it('starts hours where the clock on the wall says so, in every zone', () => {
    const zones = [
      'Europe/Prague',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
      'Pacific/Chatham',
    ]
    for (const zone of zones)
      for (const month of [2, 3, 8, 9, 10]) {
        const from = Date.UTC(2026, month, 1)
        const to = Date.UTC(2026, month + 1, 8)
        const clock = new Intl.DateTimeFormat('en', { timeZone: zone, minute: 'numeric' })
        const expected: number[] = []
        for (let t = from; t <= to + HOUR; t += HOUR / 4) {
          if (clock.format(t) !== '0') continue
          expected.push(t)
          if (t >= to) break
        }
        const edges = calendarEdges(zone, 'hour', from, to)
        expect(edges.slice(edges[0]! < from ? 1 : 0)).toEqual(expected)
        expect(edges[0]).toBeLessThanOrEqual(from)
      }
  })

  it('comes to an end in the days of local mean time', () => {
    expect(calendarEdges('Africa/Monrovia', 'hour', 0, 2 * HOUR).length).toBeLessThanOrEqual(4)
  })

  it('partitions time into local days in every zone', () => {
    const zones = [
      'UTC',
      'Europe/Oslo',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
      'America/Havana',
      'Pacific/Apia',
      'Asia/Beirut',
      'Asia/Gaza',
    ]
    const dates = new Map(zones.map((zone) => [zone, new Intl.DateTimeFormat('sv-SE', { timeZone: zone })]))
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 60 * 365 }), (zone, day) => {
        const from = Date.UTC(2000, 0, 1) + day * 12 * HOUR
        const edges = calendarEdges(zone, 'day', from, from + 3 * 24 * HOUR)
        const date = (t: number): string => dates.get(zone)!.format(t)
        expect(edges[0]!).toBeLessThanOrEqual(from)
        expect(edges.at(-1)!).toBeGreaterThanOrEqual(from + 3 * 24 * HOUR)
        for (const [i, edge] of edges.entries()) {
          expect(date(edge - 1) < date(edge)).toBe(true)
          if (i > 0) expect(date(edges[i - 1]!)).toBe(date(edge - 1))
          expect(edge % (HOUR / 4)).toBe(0)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('isZone', () => {
  it('knows zones from other texts', () => {
    expect(isZone('America/Argentina/Ushuaia')).toBe(true)
    expect(isZone('Mars/Olympus')).toBe(false)
  })
})
