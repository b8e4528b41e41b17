import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/core/device/nearest.ts'
import { haversineM } from '../../../src/core/route/geodesy.ts'

describe('nearest', () => {
  it('agrees with sorting everything', () => {
    const place = fc.record({
      thing: fc.string({ maxLength: 3 }),
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 50 }),
        place,
        fc.integer({ min: 1, max: 10 }),
        (places, from, limit) => {
          const distances = places
            .map((p) => haversineM(from.latitude, from.longitude, p.latitude, p.longitude))
            .sort((a, b) => a - b)
          expect(nearest(places, from, limit).map((p) => p.distanceM)).toEqual(distances.slice(0, limit))
          const within = distances.filter((d) => d <= 2_000_000)
          expect(nearest(places, from, 100, 2_000_000)).toHaveLength(within.length)
        },
      ),
    )
  })
})
