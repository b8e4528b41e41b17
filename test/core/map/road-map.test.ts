import { VectorTile } from '@mapbox/vector-tile'
import fc from 'fast-check'
import { PbfReader } from 'pbf'
import { describe, expect, it } from 'vitest'
import { clipLine } from '../../../src/core/map/clip-line.ts'
import { mercatorX, mercatorY } from '../../../src/core/map/mercator.ts'
import { roadLines, type LineClass, type MapLine } from '../../../src/core/map/road-lines.ts'
import { roadMap } from '../../../src/core/map/road-map.ts'
import { vectorTile } from '../../../src/core/map/vector-tile.ts'
import { osmXmlParser } from '../../../src/core/route/osm-xml.ts'

const decode = (tile: Uint8Array) => new VectorTile(new PbfReader(tile)).layers

function line(points: readonly (readonly [x: number, y: number])[], of: LineClass = 'street'): MapLine {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return { class: of, name: '', points: Float64Array.from(points.flat()), west: Math.min(...xs), north: Math.min(...ys), east: Math.max(...xs), south: Math.max(...ys) } // prettier-ignore
}

describe('vectorTile', () => {
  const unit = fc.integer({ min: -64, max: 4160 })
  const part = fc.array(fc.tuple(unit, unit), { minLength: 2, maxLength: 6 }).map((points) => points.flat())
  const drawn = fc.record({
    tags: fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), { maxKeys: 3, noNullPrototype: true }), // prettier-ignore
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
  })

  it('is read by others as it was meant', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 5 }), (lines) => {
        const layer = decode(vectorTile('roads', lines))['roads']!
        expect(layer.extent).toBe(4096)
        expect(layer.version).toBe(2)
        const found = Array.from({ length: layer.length }, (_, i) => layer.feature(i)).map((feature) => ({
          tags: { ...feature.properties },
          parts: feature.loadGeometry().map((points) => points.flatMap(({ x, y }) => [x, y])),
        }))
        expect(found).toEqual(lines)
      }),
      { numRuns: 100 },
    )
  })

  it('is empty where there is nothing to draw', () => {
    expect(decode(vectorTile('roads', []))).toEqual({})
  })
})

describe('clipLine', () => {
  it('keeps what lies within, cuts what crosses, and parts what leaves and comes back', () => {
    expect(clipLine([1, 1, 9, 9], 0, 10)).toEqual([[1, 1, 9, 9]])
    expect(clipLine([-5, 5, 15, 5], 0, 10)).toEqual([[0, 5, 10, 5]])
    expect(clipLine([5, 5, 5, 20, 8, 20, 8, 5], 0, 10)).toEqual([[5, 5, 5, 10], [8, 10, 8, 5]]) // prettier-ignore
    expect(clipLine([-5, -5, -1, 20], 0, 10)).toEqual([])
  })

  it('never leaves the square, and loses no length within it', () => {
    const near = fc.double({ min: -30, max: 40, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(near, near), { minLength: 2, maxLength: 8 }), (points) => {
        const flat = points.flat()
        const parts = clipLine(flat, 0, 10)
        for (const value of parts.flat()) expect(Math.abs(value - 5)).toBeLessThanOrEqual(5 + 1e-9)
        expect(parts.map(length).reduce((a, b) => a + b, 0)).toBeCloseTo(sampled(flat), 0)
      }),
      { numRuns: 60 },
    )
  })

  const length = (part: readonly number[]): number => {
    let sum = 0
    for (let i = 2; i < part.length; i += 2) sum += Math.hypot(part[i]! - part[i - 2]!, part[i + 1]! - part[i - 1]!) // prettier-ignore
    return sum
  }
  /** The same by brute force. */
  function sampled(flat: readonly number[]): number {
    const STEPS = 2000
    let sum = 0
    for (let i = 2; i < flat.length; i += 2) {
      const [x0, y0, x1, y1] = [flat[i - 2]!, flat[i - 1]!, flat[i]!, flat[i + 1]!]
      const step = Math.hypot(x1 - x0, y1 - y0) / STEPS
      for (let k = 0.5; k < STEPS; k++) {
        const [x, y] = [x0 + (k / STEPS) * (x1 - x0), y0 + (k / STEPS) * (y1 - y0)]
        if (x >= 0 && x <= 10 && y >= 0 && y <= 10) sum += step
      }
    }
    return sum
  }
})

describe('roadMap', () => {
  const tileOf = (place: { lat: number; lon: number }, zoom: number) =>
    [zoom, Math.floor(mercatorX(place.lon) * 2 ** zoom), Math.floor(mercatorY(place.lat) * 2 ** zoom)] as const // prettier-ignore
  const lengthOf = (map: ReturnType<typeof roadMap>, zoom: number, x: number, y: number): number =>
    decode(map.tile(zoom, x, y))['roads']?.length ?? 0

  it('finds a line in the tile that it lies in, at its edge, and in no other', () => {
    const map = roadMap([line([[0.5001, 0.5001], [0.5002, 0.5002]])]) // prettier-ignore
    for (const zoom of [12, 13, 14]) {
      const [x, y] = [Math.floor(0.5001 * 2 ** zoom), Math.floor(0.5001 * 2 ** zoom)]
      expect(lengthOf(map, zoom, x, y), `zoom ${zoom}`).toBe(1)
      expect(lengthOf(map, zoom, x + 5, y)).toBe(0)
    }
  })

  it('draws streets only where they can be seen, and coasts and motorways from afar', () => {
    const way = [[0.5, 0.5], [0.5004, 0.5004]] as const // prettier-ignore
    const map = roadMap([line(way), line(way, 'motorway'), line(way, 'coast')])
    expect([5, 8, 12].map((zoom) => lengthOf(map, zoom, 2 ** (zoom - 1), 2 ** (zoom - 1)))).toEqual([1, 2, 3])
  })

  it('answers for lines of any length the same as looking at all of them', () => {
    const place = fc.double({ min: 0.4, max: 0.6, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, place, place, place), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 12, max: 14 }),
        place,
        place,
        (ends, zoom, px, py) => {
          const lines = ends.map(([a, b, c, d]) => line([[a, b], [c, d]])) // prettier-ignore
          const [x, y] = [Math.floor(px * 2 ** zoom), Math.floor(py * 2 ** zoom)]
          const each = lines.reduce((n, one) => n + lengthOf(roadMap([one]), zoom, x, y), 0)
          expect(lengthOf(roadMap(lines), zoom, x, y)).toBe(each)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('knows roads with their names from an extract, and nothing that is none', () => {
    const parser = osmXmlParser({ alsoKeep: (tags) => tags.get('natural') === 'coastline' })
    parser.push(`<osm><node id="1" lat="43.73" lon="7.42"/><node id="2" lat="43.731" lon="7.421"/><node id="3" lat="43.74" lon="7.43"/>
      <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary_link"/><tag k="name" v="Quai Antoine 1er"/></way>
      <way id="11"><nd ref="2"/><nd ref="3"/><tag k="natural" v="coastline"/></way>
      <way id="12"><nd ref="1"/><nd ref="3"/><tag k="highway" v="proposed"/></way>
      <way id="13"><nd ref="1"/><nd ref="99"/><tag k="highway" v="residential"/></way></osm>`)
    const lines = roadLines(parser.end())
    expect(lines.map(({ class: c, name }) => [c, name])).toEqual([['primary', 'Quai Antoine 1er'], ['coast', '']]) // prettier-ignore
    const layer = decode(roadMap(lines).tile(...tileOf({ lat: 43.7305, lon: 7.4205 }, 14)))['roads']!
    expect(layer.feature(0).properties).toEqual({ class: 'primary', name: 'Quai Antoine 1er' })
  })
})
