import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  courseOf,
  initialPosition,
  isStanding,
  speedOf,
  takePosition,
} from '../../../src/core/fleet/position-filter.ts'
import { haversineM } from '../../../src/core/route/geodesy.ts'
import { readDrives } from '../../fixtures/drives/read-drives.ts'

const T0 = Date.UTC(2026, 0, 5)
const METRE = 1 / 111_195
const rows = readDrives()

/** Folds [seconds, metres north, metres east] near the equator. */
function track(points: readonly (readonly [number, number, number])[]) {
  const state = initialPosition()
  const fixes = points.map(([s, north, east]) =>
    takePosition(state, north * METRE, east * METRE, T0 + s * 1000),
  )
  return { state, fixes }
}
const straight = (seconds: number, speed: number, from = 0) =>
  Array.from({ length: seconds }, (_, i) => [from + i, i * speed, 0] as const)

describe('takePosition', () => {
  it.each(['4', '7', '9'])('measures drive %s within 5 % from position and time alone', (drive) => {
    const state = initialPosition()
    const own = rows.filter((row) => row.drive === drive)
    for (const { lat, lon, at } of own) takePosition(state, lat, lon, at)
    expect(Math.abs(state.odometerM / own.at(-1)!.distanceM - 1)).toBeLessThan(0.05)
  })

  it('counts a straight way exactly, with its speed and course', () => {
    const { state } = track(straight(101, 20))
    expect(state.odometerM).toBeCloseTo(2000, 0)
    expect(speedOf(state)).toBeCloseTo(20, 1)
    expect(courseOf(state)).toBeCloseTo(0, 1)
  })

  it('adds nothing for the jitter of a standing vehicle', () => {
    const noise = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(noise, { minLength: 30, maxLength: 120 }), (jitter) => {
        const arrive = straight(30, 10)
        const still = Array.from({ length: 12 }, (_, i) => [30 + i, 290, 0] as const)
        const standing = track([...arrive, ...still])
        const { state } = track([
          ...arrive,
          ...still,
          ...jitter.map(([north, east], i) => [42 + i, 290 + north, east] as const),
        ])
        expect(isStanding(state)).toBe(true)
        expect(state.odometerM).toBe(standing.state.odometerM)
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  it('refuses a jump and goes on as if it had not been', () => {
    const smooth = straight(60, 15)
    const spiked = smooth.map(([s, north], i) =>
      i === 40 ? ([s, north, 900] as const) : ([s, north, 0] as const),
    )
    const { state, fixes } = track(spiked)
    expect(fixes.filter((fix) => fix === 'refused')).toHaveLength(1)
    expect(state.odometerM).toBeCloseTo(track(smooth).state.odometerM, 1)
  })

  it('believes a jump that persists, as way that nobody saw', () => {
    const { state } = track([
      ...straight(30, 10),
      ...straight(30, 10, 30).map(([s, n]) => [s, n, 5000] as const),
    ])
    expect(state.unobservedM).toBeGreaterThan(4900)
    expect(state.odometerM).toBeLessThan(600)
    expect(haversineM(0, 0, state.lat, state.lon)).toBeGreaterThan(4900)
  })

  it('counts every step of a vehicle that reports once a minute', () => {
    const { state } = track(Array.from({ length: 20 }, (_, i) => [i * 60, i * 900, 0] as const))
    expect(state.odometerM).toBeCloseTo(19 * 900, -1)
  })

  it('bridges a gap only where dead reckoning supports its straight line', () => {
    const drive = (from: number, north: number) =>
      Array.from({ length: 20 }, (_, i) => [from + i, north + i * 10, 0] as const)
    const bridged = track([...drive(0, 0), ...drive(60, 600)]).state
    const detour = track([...drive(0, 0), ...drive(60, 300)]).state
    expect(bridged.odometerM).toBeCloseTo(790, -1)
    expect(bridged.unobservedM).toBe(0)
    expect(detour.unobservedM).toBeCloseTo(110, -1)
  })

  it('ignores what is not newer', () => {
    const { state, fixes } = track([
      [10, 0, 0],
      [10, 500, 0],
      [9, 500, 0],
    ])
    expect(fixes).toEqual(['accepted', 'older', 'older'])
    expect(state.lat).toBe(0)
  })

  it.each([
    ['over the date line', (i: number) => [10, ((180 + i * 15 * METRE * 1.0154 + 180) % 360) - 180] as const],
    [
      'by the pole',
      (i: number) => [89.99, -180 + (i * 15 * METRE) / Math.cos((89.99 * Math.PI) / 180)] as const,
    ],
  ])('drives on %s without a jump', (_where, placeAt) => {
    const state = initialPosition()
    const fixes = Array.from({ length: 60 }, (_, i) => {
      const [lat, lon] = placeAt(i - 30)
      return takePosition(state, lat, ((((lon + 180) % 360) + 360) % 360) - 180, T0 + i * 1000)
    })
    expect(new Set(fixes)).toEqual(new Set(['accepted']))
    expect(Math.abs(state.odometerM - 59 * 15)).toBeLessThan(20)
    expect(state.unobservedM).toBe(0)
  })
})
