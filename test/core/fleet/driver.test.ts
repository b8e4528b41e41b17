import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accelerationFromSpeed,
  harshProfiles,
  initialHarsh,
  parseHarshProfile,
  takeAcceleration,
  type HarshEvent,
} from '../../../src/core/fleet/driver.ts'
import { isNight, legacySafetyScore, riskModel, riskOf, type Exposure } from '../../../src/core/fleet/risk.ts'
import { readDrives } from '../../fixtures/drives/read-drives.ts'

const profile = parseHarshProfile('0.35/0.45/0.6')!
const rows = readDrives()

describe('takeAcceleration', () => {
  it('flags every second that the set flags, and no other, in the same events', () => {
    const state = initialHarsh()
    const events = new Map<number, HarshEvent>()
    const flagged = rows.map(({ at, accelX, accelY }) => {
      const event = takeAcceleration(state, at, accelX, accelY, profile)
      if (event) events.set(event.at, event)
      return event !== null
    })
    expect(flagged).toEqual(rows.map((row) => row.event !== null))
    expect(flagged.filter(Boolean).length).toBe(9)
    expect(events.size).toBe(
      new Set(rows.flatMap((row) => (row.event ? [`${row.drive}/${row.event}`] : []))).size,
    )
  })

  it('grades by the worst second and tells braking, accelerating and cornering apart', () => {
    const state = initialHarsh()
    takeAcceleration(state, 1000, -0.36, 0, profile)
    const event = takeAcceleration(state, 2000, -0.62, 0.1, profile)!
    expect(event).toMatchObject({
      at: 1000,
      until: 2000,
      kind: 'brake',
      severity: 'high',
      readings: 2,
      addedWeight: 3,
    })
    expect(takeAcceleration(state, 4000, 0.35, 0, profile)).toMatchObject({
      at: 4000,
      kind: 'accelerate',
      severity: 'low',
    })
    expect(takeAcceleration(state, 9000, 0.1, -0.45, profile)).toMatchObject({
      kind: 'corner',
      severity: 'medium',
    })
    expect(takeAcceleration(state, 10_000, 0.34999, NaN, profile)).toBeNull()
  })

  it('is stricter with heavier vehicles', () => {
    expect(harshProfiles.heavy.brake.low).toBeLessThan(harshProfiles.van.brake.low)
    expect(harshProfiles.van.brake.low).toBeLessThan(harshProfiles.car.brake.low)
  })
})

describe('parseHarshProfile', () => {
  it('refuses what does not rise', () => {
    for (const text of ['', '0.3/0.2/0.5', '0.3/0.4', 'a/b/c', '0/1/2'])
      expect(parseHarshProfile(text)).toBeNull()
  })
})

describe('accelerationFromSpeed', () => {
  it('differentiates speed and course at 1 Hz, and nothing sparser', () => {
    expect(accelerationFromSpeed(1, 50, 36.5, 0, 0).x).toBeCloseTo(-0.382, 3)
    expect(accelerationFromSpeed(1, 50, 50, 350, 10).y).toBeCloseTo(((50 / 3.6) * (Math.PI / 9)) / 9.80665, 6)
    expect(accelerationFromSpeed(5, 50, 10, 0, 0).x).toBeNaN()
    expect(accelerationFromSpeed(1, 5, 0, 0, 90)).toEqual({ x: NaN, y: NaN })
  })
})

const careful: Exposure = { km: 0, accelerate: 0, brake: 0, corner: 0, speedingS: 0, drivingS: 0 }

describe('riskOf', () => {
  it('starts at 0.2, rises with events, falls with distance, and stays within 0 and 1', () => {
    expect(riskOf(careful).value).toBeCloseTo(0.2, 3)
    const amount = fc.double({ min: 0, max: 500, noNaN: true })
    fc.assert(
      fc.property(amount, amount, amount, (km, events, more) => {
        const risk = (change: Partial<Exposure>) => riskOf({ ...careful, km, brake: events, ...change }).value
        expect(risk({})).toBeGreaterThan(0)
        expect(risk({})).toBeLessThanOrEqual(1)
        expect(risk({ brake: events + more })).toBeGreaterThanOrEqual(risk({}))
        expect(risk({ km: km + more })).toBeLessThanOrEqual(risk({}))
      }),
      { seed: 2 },
    )
  })

  it('passes the alarm threshold for constant speeding, and says so', () => {
    const risk = riskOf({ ...careful, km: 50, drivingS: 1800, speedingS: 1800 * 0.25 })
    expect(risk.value).toBeGreaterThan(riskModel.alarmAbove)
    expect(risk.reasons[0]!.what).toBe('speeding')
    expect(risk.reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })
})

describe('isNight', () => {
  it('goes by solar time', () => {
    const noonUtc = Date.UTC(2026, 5, 1, 12)
    expect(isNight(noonUtc, 0)).toBe(false)
    expect(isNight(noonUtc, -180)).toBe(true)
    expect(isNight(noonUtc, 165)).toBe(true)
  })
})

describe('legacySafetyScore', () => {
  it('meets the published example', () => {
    expect(legacySafetyScore(5, 247, 69 / 520)).toBe(67)
  })
})
