import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { landPolygons, type Ring } from '../../dashboard/src/fleet/land-polygons.ts'

const areaOf = (ring: Ring): number =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + ((ring[i]?.[0] ?? 0) * y - x * (ring[i]?.[1] ?? 0)) / 2, 0)

/** Whether a ray to the east crosses the rings an odd number of times, as a renderer fills them. */
function holds(polygons: readonly (readonly Ring[])[], lon: number, lat: number): boolean {
  let crossings = 0
  for (const ring of polygons.flat())
    for (let i = 1; i < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i - 1] ?? [0, 0], ring[i] ?? [0, 0]]
      if (ay > lat !== by > lat && ax + ((lat - ay) / (by - ay)) * (bx - ax) > lon) crossings++
    }
  return crossings % 2 === 1
}

const wrapped = (x: number): number => ((((x + 180) % 360) + 360) % 360) - 180

const require = createRequire(import.meta.url)
const { feature } = require('topojson-client') as {
  feature(topology: unknown, object: unknown): { features: { geometry: { coordinates: Ring[][] } }[] }
}

describe('landPolygons', () => {
  it('leaves alone what lies within the world', () => {
    const island: Ring = [[8, 1], [9, 1], [9, 2], [8, 1]] // prettier-ignore
    expect(landPolygons([[island]])).toEqual([[island]])
  })

  it('cuts a box in two wherever it crosses 180°, and keeps its area, hole and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: -180, max: 179 }), fc.integer({ min: 4, max: 150 }), (west, width) => {
        const box = (from: number, to: number, low: number, high: number): Ring =>
          [[from, low], [to, low], [to, high], [from, high], [from, low]].map(([x = 0, y = 0]) => [wrapped(x), y] as const) // prettier-ignore
        const cut = landPolygons([[box(west, west + width, 0, 10), box(west + 1, west + width - 1, 4, 5)]])
        expect(cut.length).toBeLessThanOrEqual(2)
        const area = cut.reduce((sum, [shell = [], ...gaps]) => sum + areaOf(shell) - gaps.reduce((all, gap) => all + areaOf(gap), 0), 0) // prettier-ignore
        expect(area).toBeCloseTo(width * 10 - (width - 2), 6)
        for (const [x] of cut.flat(2)) expect(Math.abs(x)).toBeLessThanOrEqual(180)
      }),
    )
  })

  it('draws the world’s land so that no edge runs back across it, and every place is on its side', () => {
    const topology = JSON.parse(readFileSync(require.resolve('world-atlas/land-50m.json'), 'utf8')) as { objects: { land: unknown } } // prettier-ignore
    const raw = feature(topology, topology.objects.land).features.flatMap(({ geometry }) => geometry.coordinates) // prettier-ignore
    const land = landPolygons(raw)
    expect(land.length).toBeGreaterThan(raw.length)
    const long = land.flatMap(([ring = []]) =>
      ring.filter(([x, y], i) => y > -90 && Math.abs(x - (ring[i - 1]?.[0] ?? x)) > 180),
    )
    expect(long).toEqual([])
    for (const [name, lon, lat, dry] of places) expect([name, holds(land, lon, lat)]).toEqual([name, dry])
  })
})

const places = [
  ['Berlin', 13.4, 52.5, true],
  ['Moscow', 37.6, 55.8, true],
  ['Chukotka, west of 180°', 178, 67.5, true],
  ['Chukotka, east of 180°', -175, 67, true],
  ['Vanua Levu', 179.3, -16.6, true],
  ['Kansas', -98, 38, true],
  ['the South Pole', 0, -89.9, true],
  ['Antarctica at 180°', 179.99, -86, true],
  ['the North Sea', 3, 56, false],
  ['Biscay', -5, 45.5, false],
  ['the Black Sea', 34, 43, false],
  ['the Caspian Sea', 51, 41, false],
  ['the Pacific at 180°', -179.9, 0, false],
] as const
