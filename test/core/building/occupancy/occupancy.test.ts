import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { occupancyReport, parseOccupancyFile } from '../../../../src/cli/occupancy.ts'
import { calibrateRoom } from '../../../../src/core/building/occupancy/calibrate-room.ts'
import { unknownRoom, type ZoneMinute } from '../../../../src/core/building/occupancy/features.ts'
import { forecastOccupancy } from '../../../../src/core/building/occupancy/forecast.ts'
import { estimateOccupancy, trainOccupancy } from '../../../../src/core/building/occupancy/occupancy.ts'
import { zoneMinutes } from '../../../../src/core/building/occupancy/zone-minutes.ts'
import { momentsOf, type WindowRow } from '../../../../src/core/window/window.ts'

const room = parseOccupancyFile(
  readFileSync(new URL('../../../fixtures/occupancy/room.txt', import.meta.url), 'utf8'),
)

describe('occupancyReport', () => {
  it('beats a light switch in a room that was not trained on', () => {
    const switchAlone =
      room.minutes.filter((m, i) => (m.lightLux ?? 0) > 365 === room.occupied[i]).length / room.minutes.length
    expect(room.minutes).toHaveLength(1500)
    expect(occupancyReport(room).accuracy).toBeGreaterThan(switchAlone)
  })

  it('knows from the air alone', () => {
    expect(occupancyReport(room, ['light', 'temperature']).accuracy).toBeGreaterThan(0.9)
  })

  it('finds its own levels in a dim room with a shifted CO2 sensor', () => {
    const dim = room.minutes.map((m) => ({ ...m, lightLux: m.lightLux! * 0.5, co2Ppm: m.co2Ppm! + 60 }))
    const report = occupancyReport({ minutes: dim, occupied: room.occupied })
    expect(report.accuracy).toBeGreaterThan(0.93)
    expect(report.calibration.lampLux).toBeLessThan(230)
    expect(report.calibration.co2BasePpm).toBeGreaterThan(480)
  })
})

describe('estimateOccupancy', () => {
  it('never looks ahead', () => {
    const whole = estimateOccupancy(room.minutes)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: room.minutes.length }), (n) => {
        expect(estimateOccupancy(room.minutes.slice(0, n)).at(-1)).toEqual(whole[n - 1])
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  it('believes motion at once and doubts after long silence', () => {
    const moving: ZoneMinute[] = Array.from({ length: 60 }, (_, i) => ({
      minute: i,
      motion: i === 10 ? 1 : 0,
    }))
    const estimates = estimateOccupancy(moving)
    expect(estimates[10]!.probability).toBeGreaterThan(0.95)
    expect(estimates[45]!.probability).toBeLessThan(0.05)
  })

  it('says one half without any sensor and counts people by the air in a known volume', () => {
    expect(estimateOccupancy([{ minute: 1 }])[0]).toMatchObject({
      probability: 0.5,
      confidence: 0.5,
      people: null,
    })
    // Two people in 140 m³ with no air change: 2 · 0.0052 L/s / 140 m³ = 4.457 ppm a minute.
    const tight = { ...unknownRoom, airChangePerMinute: 0 }
    const rising = Array.from({ length: 30 }, (_, i) => ({ minute: i, co2Ppm: 500 + 4.457 * i }))
    expect(estimateOccupancy(rising, tight, { volumeM3: 140 }).at(-1)!.people).toBeCloseTo(2, 2)
    const still = rising.map((minute) => ({ ...minute, motion: 0, count: 0 }))
    const empty = estimateOccupancy(still, tight, { volumeM3: 140 }).at(-1)!
    expect(empty).toMatchObject({ occupied: false, people: 0 })
  })
})

describe('trainOccupancy', () => {
  it('separates what is separable and repeats itself exactly', () => {
    const once = trainOccupancy(room.minutes, room.occupied)
    expect(trainOccupancy(room.minutes, room.occupied)).toEqual(once)
    expect(once.lamp[1]).toBeGreaterThan(1)
    expect(once.air[2]).toBeGreaterThan(0)
  })
})

describe('calibrateRoom', () => {
  it('keeps the default until half a day has been seen', () => {
    expect(calibrateRoom(room.minutes.slice(0, 600))).toEqual(unknownRoom)
  })
  it('gives up on light that never goes out', () => {
    const always = room.minutes.map((m) => ({ ...m, lightLux: 500 }))
    expect(calibrateRoom(always).lampLux).toBeNull()
  })
})

describe('zoneMinutes', () => {
  const row = (measure: string, value: number): WindowRow => ({ ...momentsOf(value), thing: 'x', measure, minute: 7, version: 1, repaired: false }) // prettier-ignore

  it('leaves out what no working sensor shows', () => {
    const broken = [row('people', -3), row('co2', -500), row('light', -1), row('motion', -1), row('temperature', -127)] // prettier-ignore
    expect(zoneMinutes(broken)).toEqual([])
    expect(zoneMinutes([...broken, row('people@door', 2), row('co2', 600)])).toEqual([
      { minute: 7, count: 2, co2Ppm: 600 },
    ])
  })

  it('reports the people that were counted, whatever the room’s volume', () => {
    expect(estimateOccupancy([{ minute: 1, count: 4 }])[0]).toMatchObject({ occupied: true, people: 4 })
  })
})

describe('forecastOccupancy', () => {
  it('learns the week and shrinks an hour that was seldom seen towards its kind of day', () => {
    const weeks = Array.from({ length: 4 * 168 }, (_, i) => {
      const hourOfWeek = i % 168
      const working = hourOfWeek < 120 && hourOfWeek % 24 >= 8 && hourOfWeek % 24 < 18
      return { hourOfWeek, share: working ? 1 : 0, ageDays: 0 }
    }).filter((o) => o.hourOfWeek !== 34)
    const forecast = forecastOccupancy(weeks)
    expect(forecast[10]).toBeGreaterThan(0.9)
    expect(forecast[3]).toBeLessThan(0.1)
    expect(forecast[34]).toBeGreaterThan(0.85)
    expect(forecast[130]).toBeLessThan(0.1)
  })
  it('is one half before anything was seen', () => {
    expect(forecastOccupancy([])[0]).toBe(0.5)
    const supposed = Float64Array.from({ length: 168 }, (_, hour) => (hour < 120 ? 0.5 : 0))
    expect([...forecastOccupancy([], supposed)]).toEqual([...supposed])
    const week = Array.from({ length: 120 }, (_, hour) => ({ hourOfWeek: hour, share: 1, ageDays: 1 }))
    expect(forecastOccupancy(week, supposed)[130]).toBe(0)
    expect(forecastOccupancy(week, supposed)[10]).toBeGreaterThan(0.8)
  })
})

describe('zoneMinutes', () => {
  it('joins devices: mean air, brightest light, any motion', () => {
    const window = (thing: string, measure: string, value: number) => ({
      ...momentsOf(value),
      thing,
      measure,
      minute: 5,
      version: 1,
      repaired: false,
    })
    expect(
      zoneMinutes([
        window('a', 'co2', 600),
        window('b', 'co2@door', 800),
        window('a', 'light', 100),
        window('b', 'light', 400),
        window('c', 'motion', 0),
        window('c', 'power', 7),
      ]),
    ).toEqual([{ minute: 5, co2Ppm: 700, lightLux: 400, motion: 0 }])
  })
})
