import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { osmXmlParser } from '../../../src/core/route/osm-xml.ts'

const xml = `<?xml version='1.0'?><!-- a <node id="9"> in a comment --><osm><node id='1' lat="1.5" lon="-2"/>
<node id="2" lat="3" lon="4"><tag k="barrier" v="gate"/></node><way id="7"><nd ref="1"/><nd ref="2"/>
<tag k="highway" v="primary"/><tag k="name" v="a > b &amp; &#x41;&#66;"/></way></osm>`
const whole = (pieces: string[]) => {
  const parser = osmXmlParser()
  pieces.forEach((piece) => parser.push(piece))
  return parser.end()
}

describe('osmXmlParser', () => {
  it('reads nodes, ways and tags, with entities and quotes', () => {
    const osm = whole([xml])
    expect(osm.nodeIds).toEqual([1, 2])
    expect(osm.lat).toEqual([1.5, 3])
    expect(osm.nodeTags.get(1)!.get('barrier')).toBe('gate')
    expect(osm.ways).toHaveLength(1)
    expect(osm.ways[0]!.refs).toEqual([1, 2])
    expect(osm.ways[0]!.tags.get('name')).toBe('a > b & AB')
  })

  it('reads the same however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: xml.length }), { maxLength: 6 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), xml.length]
        expect(whole(ends.slice(1).map((end, i) => xml.slice(ends[i], end)))).toEqual(whole([xml]))
      }),
      { seed: 3 },
    )
  })

  it('refuses a file that is cut off', () => {
    expect(() => whole([xml.slice(0, -4)])).toThrow(/cut off/)
  })
})
