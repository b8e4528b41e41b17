import {
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { feature } from 'topojson-client'
import landUrl from 'world-atlas/land-50m.json?url'
import { colour } from '../data/theme.ts'
import type { Vehicle } from './vehicles.ts'

setWorkerUrl(workerUrl)

export interface MapView {
  show(vehicles: readonly Vehicle[]): void
  /** The way of one vehicle; an empty one hides it. */
  track(line: readonly (readonly [longitude: number, latitude: number])[]): void
  goTo(longitude: number, latitude: number): void
  fit(vehicles: readonly Vehicle[]): void
  close(): void
}

type Collection = Parameters<GeoJSONSource['setData']>[0]
const empty: Collection = { type: 'FeatureCollection', features: [] }

/** Land from the package, vehicles from the API: no tile, glyph or style comes from elsewhere. */
export function openMap(container: HTMLElement, onVehicle: (thing: string) => void): MapView {
  const map = new MapLibre({
    container,
    style: style(),
    center: [8, 47],
    zoom: 3,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  let shown = empty
  let way: Collection = empty
  const source = (id: string): GeoJSONSource | undefined => map.getSource<GeoJSONSource>(id)
  map.on('load', () => {
    void source('vehicles')?.setData(shown)
    void source('track')?.setData(way)
    void land().then((data) => void source('land')?.setData(data))
  })
  map.on('click', 'vehicle', ({ features }) => {
    const thing = features?.[0]?.properties['thing'] as unknown
    if (typeof thing === 'string') onVehicle(thing)
  })
  map.on('click', 'cluster', ({ features, lngLat }) => {
    const id = features?.[0]?.properties['cluster_id'] as unknown
    if (typeof id !== 'number') return
    void source('vehicles')
      ?.getClusterExpansionZoom(id)
      .then((zoom) => map.easeTo({ center: lngLat, zoom: zoom + 0.5 }))
  })
  for (const layer of ['vehicle', 'cluster']) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'))
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''))
  }
  return {
    show(vehicles) {
      shown = { type: 'FeatureCollection', features: vehicles.flatMap(featureOf) } as Collection
      void source('vehicles')?.setData(shown)
    },
    track(line) {
      way =
        line.length < 2
          ? empty
          : {
              type: 'Feature',
              properties: {},
              geometry: { type: 'LineString', coordinates: line.map((place) => [...place]) },
            }
      void source('track')?.setData(way)
    },
    goTo: (longitude, latitude) =>
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 14) }),
    fit(vehicles) {
      const places = vehicles.flatMap(({ place }) => (place ? [place] : []))
      if (places.length === 0) return
      const [lon, lat] = [places.map((p) => p.longitude), places.map((p) => p.latitude)]
      map.fitBounds(
        [
          [Math.min(...lon), Math.min(...lat)],
          [Math.max(...lon), Math.max(...lat)],
        ],
        { padding: 60, maxZoom: 15, animate: false },
      )
    },
    close: () => map.remove(),
  }
}

const featureOf = ({ device, place, tone }: Vehicle) =>
  place
    ? [
        {
          type: 'Feature',
          properties: { thing: device.thing, tone, alarm: tone in urgency ? 1 : 0 },
          geometry: { type: 'Point', coordinates: [place.longitude, place.latitude] },
        },
      ]
    : []
const urgency = { critical: 1, major: 1, minor: 1, warning: 1 }

let landOnce: Promise<Collection> | undefined
const land = (): Promise<Collection> =>
  (landOnce ??= fetch(landUrl)
    .then(async (response) => (await response.json()) as { objects: { land: unknown } })
    .then((topology) => feature(topology, topology.objects.land) as Collection))

function style(): StyleSpecification {
  const geojson = (more: object = {}) => ({ type: 'geojson' as const, data: empty as never, ...more })
  const text = {
    'text-field': ['get', 'point_count_abbreviated'] as never,
    'text-size': 12,
    'text-allow-overlap': true,
  }
  return {
    version: 8,
    sources: {
      land: geojson(),
      track: geojson(),
      vehicles: geojson({
        cluster: true,
        clusterRadius: 46,
        clusterMaxZoom: 13,
        clusterProperties: { alarms: ['+', ['get', 'alarm']] },
      }),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colour('sea') } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colour('land') } },
      { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': colour('line'), 'line-width': 1 } },
      {
        id: 'track',
        type: 'line',
        source: 'track',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colour('accent'), 'line-width': 3, 'line-opacity': 0.8 },
      },
      {
        id: 'cluster',
        type: 'circle',
        source: 'vehicles',
        filter: ['has', 'point_count'],
        paint: {
          'circle-color': colour('raised'),
          'circle-radius': ['interpolate', ['linear'], ['get', 'point_count'], 2, 13, 50, 18, 1000, 28],
          'circle-stroke-width': 2,
          'circle-stroke-color': [
            'case',
            ['>', ['get', 'alarms'], 0],
            colour('critical'),
            colour('strong-line'),
          ],
        },
      },
      {
        id: 'count',
        type: 'symbol',
        source: 'vehicles',
        filter: ['has', 'point_count'],
        layout: text,
        paint: { 'text-color': colour('text') },
      },
      {
        id: 'vehicle',
        type: 'circle',
        source: 'vehicles',
        filter: ['!', ['has', 'point_count']],
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 4, 15, 7],
          'circle-color': [
            'match',
            ['get', 'tone'],
            ...['critical', 'major', 'minor', 'warning'].flatMap((tone) => [tone, colour(tone)]),
            'moving',
            colour('good'),
            'standing',
            colour('muted'),
            colour('sea'),
          ] as never,
          'circle-stroke-width': 1.5,
          'circle-stroke-color': ['match', ['get', 'tone'], 'silent', colour('muted'), colour('surface')],
        },
      },
    ],
  }
}
