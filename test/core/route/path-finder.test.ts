import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRoadGraph } from '../../../src/core/route/build-road-graph.ts'
import { haversineM } from '../../../src/core/route/geodesy.ts'
import { osmXmlParser } from '../../../src/core/route/osm-xml.ts'
import { pathFinder } from '../../../src/core/route/path-finder.ts'

const fixture = (name: string) => new URL(`../../fixtures/road/${name}`, import.meta.url)
const parse = (xml: string) => {
  const parser = osmXmlParser()
  parser.push(xml)
  return parser.end()
}
const osm = parse(gunzipSync(readFileSync(fixture('monaco.osm.gz'))).toString('utf8'))
const expected = JSON.parse(readFileSync(fixture('monaco_expected.json'), 'utf8')) as Record<
  'car' | 'foot',
  { from: [number, number]; to: [number, number]; distance_m: number }[]
>
const finders = { car: pathFinder(buildRoadGraph(osm, 'car')), foot: pathFinder(buildRoadGraph(osm, 'foot')) }
const place = ([lat, lon]: [number, number]) => ({ lat, lon })

/** A ring of four junctions with a short cut under a low bridge, and a spur behind a bollard. */
const town = (extra = '') => `<?xml version="1.0"?><osm>
 <node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="0.01"/><node id="3" lat="0.01" lon="0.01"/>
 <node id="4" lat="0.01" lon="0"/><node id="5" lat="0" lon="0.02"><tag k="barrier" v="bollard"/></node>
 <node id="6" lat="0" lon="0.03"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="A &amp; &lt;B&gt;"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>
 <way id="12"><nd ref="3"/><nd ref="4"/><tag k="highway" v="primary"/></way>
 <way id="13"><nd ref="4"/><nd ref="1"/><tag k="highway" v="primary"/></way>
 <way id="14"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="maxheight" v="3.2 m"/></way>
 <way id="15"><nd ref="2"/><nd ref="5"/><nd ref="6"/><tag k="highway" v="service"/></way>${extra}</osm>`
const at = (lat: number, lon: number) => ({ lat, lon })
const shortest = { objective: 'shortest' } as const

describe('pathFinder', () => {
  for (const mode of ['car', 'foot'] as const)
    it(`finds the expected ${mode} routes within 2 m`, () => {
      for (const { from, to, distance_m } of expected[mode])
        expect(
          Math.abs(finders[mode].path(place(from), place(to), shortest)!.distanceM - distance_m),
        ).toBeLessThanOrEqual(2)
    })

  it('gives a geometry as long as its distance, and the same length to one or many targets', () => {
    const inside = fc.record({
      lat: fc.double({ min: 43.728, max: 43.748, noNaN: true }),
      lon: fc.double({ min: 7.413, max: 7.436, noNaN: true }),
    })
    fc.assert(
      fc.property(inside, inside, inside, (from, to, other) => {
        const path = finders.car.path(from, to, shortest)
        const [reached] = finders.car.reach(from, [to, other], shortest)
        if (!path) {
          expect(reached!.distanceM).toBeNaN()
          return
        }
        const length = path.geometry.reduce((sum, [lon, lat], i) => {
          const [lonBefore, latBefore] = path.geometry[Math.max(0, i - 1)]!
          return sum + haversineM(latBefore, lonBefore, lat, lon)
        }, 0)
        expect(length).toBeCloseTo(path.distanceM, 1)
        expect(reached!.distanceM).toBeCloseTo(path.distanceM, 6)
        const fastest = finders.car.path(from, to, { objective: 'fastest' })!
        expect(fastest.durationS).toBeLessThanOrEqual(path.durationS + 1e-6)
        expect(path.distanceM).toBeLessThanOrEqual(fastest.distanceM + 1e-6)
      }),
      { seed: 7, numRuns: 150 },
    )
  })

  it('takes a high vehicle round the low bridge', () => {
    const finder = pathFinder(buildRoadGraph(parse(town()), 'car'))
    const direct = finder.path(at(0, 0), at(0.01, 0.01), shortest)!
    const round = finder.path(at(0, 0), at(0.01, 0.01), { ...shortest, vehicle: { heightM: 3.8 } })!
    expect(direct.distanceM).toBeCloseTo(haversineM(0, 0, 0.01, 0.01), 3)
    expect(round.distanceM).toBeGreaterThan(2200)
    expect(round.geometry).toHaveLength(3)
  })

  it('does not pass a bollard by car but does on foot', () => {
    const target = at(0, 0.03)
    const car = pathFinder(buildRoadGraph(parse(town()), 'car')).path(at(0, 0), target, shortest)
    const foot = pathFinder(buildRoadGraph(parse(town()), 'foot')).path(at(0, 0), target, shortest)
    expect(car).toBeNull()
    expect(foot!.distanceM).toBeCloseTo(haversineM(0, 0, 0, 0.03), 3)
  })

  it('obeys a turn restriction', () => {
    const restriction = `<relation id="1"><member type="way" ref="10" role="from"/><member type="node" ref="2" role="via"/>
      <member type="way" ref="11" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>`
    const path = (xml: string) =>
      pathFinder(buildRoadGraph(parse(xml), 'car')).path(at(0, 0.005), at(0.005, 0.01), shortest)!
    expect(path(town()).distanceM).toBeCloseTo(1112, 0)
    expect(path(town(restriction)).distanceM).toBeGreaterThan(2000)
  })
})
