import { describe, expect, it } from 'vitest'
import { haversineM } from '../../src/core/route/geodesy.ts'
import type { RoadNetwork, RoadPlace } from '../../src/ports/road-network.ts'

/**
 * The world that a network under test must know, as an OpenStreetMap extract: a square of primary roads, a residential
 * short cut over its diagonal with a bridge of 3.2 m, another with a limit of 3.5 t, and an island without a way there.
 */
export const contractTown = `<?xml version="1.0"?><osm>
 <node id="1" lat="43" lon="7"/><node id="2" lat="43" lon="7.01"/><node id="3" lat="43.01" lon="7.01"/>
 <node id="4" lat="43.01" lon="7"/><node id="5" lat="44" lon="8"/><node id="6" lat="44" lon="8.001"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>
 <way id="12"><nd ref="3"/><nd ref="4"/><tag k="highway" v="primary"/></way>
 <way id="13"><nd ref="4"/><nd ref="1"/><tag k="highway" v="primary"/></way>
 <way id="14"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="maxheight" v="3.2"/></way>
 <way id="15"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="maxweight" v="3.5"/></way>
 <way id="16"><nd ref="5"/><nd ref="6"/><tag k="highway" v="primary"/></way></osm>`

const [southWest, southEast, northEast, northWest] = [
  { lat: 43, lon: 7 },
  { lat: 43, lon: 7.01 },
  { lat: 43.01, lon: 7.01 },
  { lat: 43.01, lon: 7 },
]
const island = { lat: 44, lon: 8.0005 }
const straightM = (a: RoadPlace, b: RoadPlace): number => haversineM(a.lat, a.lon, b.lat, b.lon)

/** What the route planner relies on in every road network. */
export function roadNetworkContract(name: string, make: () => RoadNetwork): void {
  const car = { mode: 'car', objective: 'shortest' } as const

  describe(`RoadNetwork: ${name}`, () => {
    it('gives a way with its length, time and points, longitude first, from end to end', async () => {
      const way = (await make().route(southWest, northEast, car))!
      expect(Math.abs(way.distanceM - straightM(southWest, northEast))).toBeLessThan(1)
      expect(way.durationS).toBeGreaterThan(way.distanceM / 40)
      const [first, last] = [way.geometry[0]!, way.geometry.at(-1)!]
      expect(straightM({ lon: first[0], lat: first[1] }, southWest)).toBeLessThan(1)
      expect(straightM({ lon: last[0], lat: last[1] }, northEast)).toBeLessThan(1)
    })

    it('prefers the faster way to the shorter one where that counts', async () => {
      const [fastest, shortest] = await Promise.all(
        (['fastest', 'shortest'] as const).map((objective) =>
          make().route(southWest, northEast, { mode: 'car', objective }),
        ),
      )
      expect(fastest!.durationS).toBeLessThanOrEqual(shortest!.durationS)
      expect(shortest!.distanceM).toBeLessThanOrEqual(fastest!.distanceM)
    })

    it.each([
      ['a high', { heightM: 3.3 }, southWest, northEast],
      ['a heavy', { weightT: 7.5 }, southEast, northWest],
    ])('leads %s vehicle round what is too low or weak for it', async (_which, size, from, to) => {
      const [direct, round] = [
        await make().route(from, to, car),
        await make().route(from, to, { ...car, ...size }),
      ]
      expect(direct!.distanceM).toBeLessThan(straightM(from, to) + 1)
      expect(round!.distanceM).toBeGreaterThan(1.3 * straightM(from, to))
    })

    it('has no way where none leads', async () => {
      expect(await make().route(southWest, island, car)).toBeNull()
    })

    it('agrees in the matrix with its ways: rows are origins, NaN is no way, the diagonal is nothing', async () => {
      const network = make()
      const places = [southWest, southEast, island, northEast]
      const { distanceM, durationS } = await network.matrix(places, car)
      expect(distanceM).toHaveLength(16)
      for (const [i, from] of places.entries())
        for (const [j, to] of places.entries()) {
          const cell = i * places.length + j
          if (i === j) {
            expect([distanceM[cell], durationS[cell]]).toEqual([0, 0])
            continue
          }
          const way = await network.route(from, to, car)
          expect(Math.abs(distanceM[cell]! - (way?.distanceM ?? NaN))).toEqual(
            way ? expect.closeTo(0, 0) : NaN,
          )
          expect(Math.abs(durationS[cell]! - (way?.durationS ?? NaN))).toEqual(
            way ? expect.closeTo(0, 0) : NaN,
          )
        }
    })
  })
}
