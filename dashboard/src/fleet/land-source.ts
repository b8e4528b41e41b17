import type { GeoJSONSource } from 'maplibre-gl'
import { feature } from 'topojson-client'
import landUrl from 'world-atlas/land-50m.json?url'
import { landPolygons, type Ring } from './land-polygons.ts'

type Collection = Parameters<GeoJSONSource['setData']>[0]

let landOnce: Promise<Collection> | undefined
export const land = (): Promise<Collection> =>
  (landOnce ??= fetch(landUrl)
    .then(async (response) => (await response.json()) as { objects: { land: unknown } })
    .then((topology) => ({
      type: 'FeatureCollection',
      features: feature(topology, topology.objects.land).features.flatMap(({ geometry }) =>
        geometry.type === 'MultiPolygon'
          ? landPolygons(geometry.coordinates as unknown as Ring[][]).map(toFeature)
          : [],
      ),
    })))
const toFeature = (polygon: readonly Ring[]) => ({
  type: 'Feature' as const,
  properties: {},
  geometry: { type: 'Polygon' as const, coordinates: polygon as [number, number][][] },
})
