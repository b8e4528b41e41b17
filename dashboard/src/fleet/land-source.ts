import type { Feature, FeatureCollection } from 'geojson'
import { feature } from 'topojson-client'
import landUrl from 'world-atlas/land-50m.json?url'
import { landPolygons, type Ring } from './land-polygons.ts'

let landOnce: Promise<FeatureCollection> | undefined
export const land = (): Promise<FeatureCollection> =>
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
const toFeature = (polygon: readonly Ring[]): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'Polygon', coordinates: polygon as [number, number][][] },
})
