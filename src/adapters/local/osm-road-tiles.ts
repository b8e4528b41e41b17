import { latitudeOf, longitudeOf } from '../../core/map/mercator.ts'
import { isCoast, roadLines } from '../../core/map/road-lines.ts'
import { roadMap, type RoadMap } from '../../core/map/road-map.ts'
import type { RoadTiles } from '../../ports/road-tiles.ts'
import { readOsm } from './osm-road-network.ts'

/** Tiles of an OpenStreetMap extract, which is read once, at first use. */
export function osmRoadTiles({ file }: { file: string }): RoadTiles {
  let reading: Promise<RoadMap> | null = null
  const map = async (): Promise<RoadMap> => {
    reading ??= readOsm(file, { alsoKeep: isCoast }).then((osm) => roadMap(roadLines(osm)))
    return reading.catch((error: unknown) => {
      reading = null // the next request tries again
      throw error
    })
  }
  return {
    async bounds() {
      const { bounds } = await map()
      if (!bounds) return null
      const { west, south, east, north } = bounds
      return [longitudeOf(west), latitudeOf(south), longitudeOf(east), latitudeOf(north)]
    },
    tile: async (zoom, x, y) => (await map()).tile(zoom, x, y),
  }
}
