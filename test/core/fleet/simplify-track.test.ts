import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simplifyTrack } from '../../../src/core/fleet/simplify-track.ts'

describe('simplifyTrack', () => {
  it('keeps exactly as many points as asked for, ascending, with both ends', () => {
    const places = fc.array(fc.tuple(fc.double({ min: 40, max: 41, noNaN: true }), fc.double({ min: 7, max: 8, noNaN: true })), { minLength: 2, maxLength: 80 }) // prettier-ignore
    fc.assert(
      fc.property(places, fc.integer({ min: 2, max: 90 }), (points, most) => {
        const track = { lat: points.map(([lat]) => lat), lon: points.map(([, lon]) => lon) }
        const kept = simplifyTrack(track, most)
        expect(kept).toHaveLength(Math.min(most, points.length))
        expect(kept[0]).toBe(0)
        expect(kept.at(-1)).toBe(points.length - 1)
        expect(kept).toEqual(kept.toSorted((a, b) => a - b))
        expect(new Set(kept).size).toBe(kept.length)
      }),
      { seed: 3 },
    )
  })

  it('keeps the corners of a way and not the points between them', () => {
    const corner = Array.from({ length: 41 }, (_, i) => [Math.min(i, 20) * 1e-4, Math.max(0, i - 20) * 1e-4])
    const track = { lat: corner.map(([lat]) => 43 + lat!), lon: corner.map(([, lon]) => 7 + lon!) }
    expect(simplifyTrack(track, 3)).toEqual([0, 20, 40])
  })

  it('is done at once with a day of standing, and keeps a corner on the date line', () => {
    const day = 86_400
    expect(simplifyTrack({ lat: new Float64Array(day).fill(43), lon: new Float64Array(day).fill(7) }, 3)).toEqual([0, 1, day - 1]) // prettier-ignore
    const corner = Array.from({ length: 41 }, (_, i) => [Math.max(0, i - 20) * 1e-4, Math.min(i, 20) * 1e-4])
    const lon = corner.map(([, east]) => ((179.9995 + east! + 180) % 360) - 180)
    expect(simplifyTrack({ lat: corner.map(([north]) => north!), lon }, 3)).toEqual([0, 20, 40])
  })
})
