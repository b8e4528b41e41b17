import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { buildRoadGraph } from '../../core/route/build-road-graph.ts'
import { osmXmlParser, type OsmData, type OsmXmlOptions } from '../../core/route/osm-xml.ts'
import { pathFinder, type PathFinder, type PathOptions } from '../../core/route/path-finder.ts'
import type { RoadGraph } from '../../core/route/road-graph.ts'
import type { TravelMode } from '../../core/route/road-access.ts'
import type { RoadNetwork, RoadProfile } from '../../ports/road-network.ts'

/**
 * The road port on an OpenStreetMap extract, `.osm` or `.osm.gz`. The file is read once, at first use; the graph
 * of each mode is built when it is first asked for.
 */
export function osmRoadNetwork(options: { file: string }): RoadNetwork {
  let reading: ReturnType<typeof readOsm> | null = null
  const finders = new Map<TravelMode, PathFinder>()

  async function finder(mode: TravelMode): Promise<PathFinder> {
    const known = finders.get(mode)
    if (known) return known
    reading ??= readOsm(options.file)
    const osm = await reading.catch((error: unknown) => {
      reading = null // the next request tries again
      throw error
    })
    const made = finders.get(mode) ?? pathFinder(buildRoadGraph(osm, mode))
    finders.set(mode, made)
    return made
  }

  return {
    async route(from, to, profile) {
      return (await finder(profile.mode)).path(from, to, optionsOf(profile))
    },
    async matrix(places, profile) {
      const paths = await finder(profile.mode)
      const n = places.length
      const [distanceM, durationS] = [new Float64Array(n * n), new Float64Array(n * n)]
      for (const [i, from] of places.entries()) {
        for (const [j, reached] of paths.reach(from, places, optionsOf(profile)).entries()) {
          if (i === j) continue
          distanceM[i * n + j] = reached.distanceM
          durationS[i * n + j] = reached.durationS
        }
      }
      return { distanceM, durationS }
    },
  }
}

/** The graph of one mode, for those who want the roads themselves. */
export const readRoadGraph = async (file: string, mode: TravelMode): Promise<RoadGraph> =>
  buildRoadGraph(await readOsm(file), mode)

const optionsOf = ({ mode, objective, ...size }: RoadProfile): PathOptions =>
  mode === 'car' ? { objective, vehicle: size } : { objective }

/** An extract, `.osm` or `.osm.gz`, read as it streams. */
export async function readOsm(file: string, options?: OsmXmlOptions): Promise<OsmData> {
  const parser = osmXmlParser(options)
  const source = createReadStream(file)
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip()) : source
  if (bytes !== source) source.on('error', (error) => bytes.destroy(error))
  const decoder = new TextDecoder('utf-8')
  for await (const chunk of bytes) parser.push(decoder.decode(chunk as Buffer, { stream: true }))
  parser.push(decoder.decode())
  const data = parser.end()
  if (data.ways.length === 0) throw new Error('it holds no roads; it should be an OpenStreetMap extract, XML')
  return data
}
