import type { StyleSpecification } from 'maplibre-gl'
import { colour } from '../data/theme.ts'

export interface RoadSource {
  bounds: [number, number, number, number] | null
  minZoom: number
  maxZoom: number
  attribution: string
}

type Layer = StyleSpecification['layers'][number]
const empty = { type: 'FeatureCollection' as const, features: [] }

/** Land from the package, roads and vehicles from the API: no tile, glyph or style comes from elsewhere. */
export function mapStyle(roads: RoadSource | null): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: empty },
      track: { type: 'geojson', data: empty },
      events: { type: 'geojson', data: empty },
      ...(roads?.bounds && {
        roads: {
          type: 'vector',
          tiles: [`${new URL('/v1/map/roads', location.href).href}/{z}/{x}/{y}`],
          bounds: roads.bounds,
          minzoom: roads.minZoom,
          maxzoom: roads.maxZoom,
        },
      }),
    },
    layers: [
      {
        id: 'sea',
        type: 'background',
        // The world's outline is too coarse for a town: there the ground has one colour, and the map of roads its coast.
        paint: {
          'background-color': roads?.bounds
            ? ['interpolate', ['linear'], ['zoom'], 8, colour('sea'), 10, colour('land')]
            : colour('sea'),
        },
      },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colour('land') } },
      {
        id: 'shore',
        type: 'line',
        source: 'land',
        ...(roads?.bounds && { maxzoom: 9 }),
        paint: { 'line-color': colour('line'), 'line-width': 1 },
      },
      ...(roads?.bounds ? roadLayers() : []),
      {
        id: 'track',
        type: 'line',
        source: 'track',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colour('accent'), 'line-width': 3.5, 'line-opacity': 0.85 },
      },
      {
        id: 'events',
        type: 'circle',
        source: 'events',
        paint: {
          'circle-radius': 5,
          'circle-color': ['match', ['get', 'kind'], 'harsh', colour('major'), colour('accent')],
          'circle-stroke-width': 1.5,
          'circle-stroke-color': colour('surface'),
        },
      },
    ],
  }
}

function roadLayers(): Layer[] {
  const width = (...stops: number[]) => ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as never
  const line = (classes: readonly string[], paint: object, more: object = {}): Layer => ({
    id: `roads ${classes[0]}`,
    type: 'line',
    source: 'roads',
    'source-layer': 'roads',
    filter: ['in', ['get', 'class'], ['literal', classes]] as never,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint,
    ...more,
  })
  return [
    line(['coast'], { 'line-color': colour('strong-line'), 'line-width': 1.2 }),
    line(['ferry'], { 'line-color': colour('road'), 'line-width': 1, 'line-dasharray': [4, 4] }),
    line(['path'], { 'line-color': colour('road'), 'line-width': 1, 'line-dasharray': [2, 2], 'line-opacity': 0.6 }, { minzoom: 15 }), // prettier-ignore
    line(['street'], { 'line-color': colour('road'), 'line-width': width(12, 0.5, 15, 2.5, 18, 9) }),
    line(['secondary'], { 'line-color': colour('road'), 'line-width': width(10, 0.6, 15, 4, 18, 12) }),
    line(['primary'], { 'line-color': colour('road-main'), 'line-width': width(8, 0.7, 15, 5, 18, 14) }),
    line(['motorway'], { 'line-color': colour('road-main'), 'line-width': width(5, 0.8, 12, 3, 18, 16) }),
    {
      id: 'road names',
      type: 'symbol',
      source: 'roads',
      'source-layer': 'roads',
      minzoom: 14,
      filter: ['all', ['has', 'name'], ['!=', ['get', 'class'], 'path']],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-field': ['get', 'name'],
        'text-size': 11,
        'text-max-angle': 30,
      },
      paint: {
        'text-color': colour('muted'),
        'text-halo-color': colour('land'),
        'text-halo-width': 1.5,
      },
    },
  ]
}
