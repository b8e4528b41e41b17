import type { OsmData, Tags } from '../route/osm-xml.ts'
import { mercatorX, mercatorY } from './mercator.ts'

/** What a map draws apart from each other, the most important first. */
export const lineClasses = ['coast', 'motorway', 'primary', 'secondary', 'street', 'path', 'ferry'] as const
export type LineClass = (typeof lineClasses)[number]

/** One line of the map on the unit square of Mercator, x and y in turn. */
export interface MapLine {
  class: LineClass
  name: string
  points: Float64Array
  west: number
  north: number
  east: number
  south: number
}

/** The lines of an extract. A way that the extract cuts keeps the points that are there. */
export function roadLines(osm: OsmData): MapLine[] {
  const indexOf = new Map(osm.nodeIds.map((id, index) => [id, index]))
  return osm.ways.flatMap(({ refs, tags }) => {
    const found = classOf(tags)
    if (found === null) return []
    const nodes = refs.flatMap((ref) => indexOf.get(ref) ?? [])
    return nodes.length < 2 ? [] : [lineOf(found, tags.get('name') ?? '', nodes, osm)]
  })
}

function lineOf(found: LineClass, name: string, nodes: readonly number[], { lat, lon }: OsmData): MapLine {
  const points = new Float64Array(nodes.length * 2)
  let [west, north, east, south] = [1, 1, 0, 0]
  for (const [i, node] of nodes.entries()) {
    const [x, y] = [mercatorX(lon[node]!), mercatorY(lat[node]!)]
    points[2 * i] = x
    points[2 * i + 1] = y
    west = Math.min(west, x)
    north = Math.min(north, y)
    east = Math.max(east, x)
    south = Math.max(south, y)
  }
  return { class: found, name, points, west, north, east, south }
}

export const isCoast = (tags: Tags): boolean => tags.get('natural') === 'coastline'

function classOf(tags: Tags): LineClass | null {
  if (isCoast(tags)) return 'coast'
  if (tags.get('route') === 'ferry') return 'ferry'
  if (tags.get('area') === 'yes') return null
  return byHighway[tags.get('highway')?.replace(/_link$/, '') ?? ''] ?? null
}

/** OSM wiki, Key:highway. What is not there (a proposed road, a bus stop) is no road to see. */
const byHighway: Readonly<Record<string, LineClass>> = {
  motorway: 'motorway',
  trunk: 'motorway',
  primary: 'primary',
  secondary: 'secondary',
  tertiary: 'secondary',
  unclassified: 'street',
  residential: 'street',
  living_street: 'street',
  service: 'street',
  road: 'street',
  pedestrian: 'path',
  track: 'path',
  footway: 'path',
  cycleway: 'path',
  path: 'path',
  steps: 'path',
  bridleway: 'path',
}
