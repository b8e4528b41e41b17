import {
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { session } from '../session/session.ts'
import { ALONE_ZOOM } from './clusters.ts'
import { land } from './land-source.ts'
import { mapStyle, type RoadSource } from './map-style.ts'
import { latitudeOf, longitudeOf } from './mercator.ts'
import { vehicleOverlay } from './vehicle-overlay.ts'
import type { Vehicle } from './vehicles.ts'

setWorkerUrl(workerUrl)

export type Place = readonly [longitude: number, latitude: number]
export interface MapEvent {
  kind: 'harsh' | 'stop'
  place: Place
}

export interface MapView {
  show(vehicles: readonly Vehicle[]): void
  select(thing: string | null): void
  /** The way of one vehicle with what happened on it; an empty one hides it. */
  track(line: readonly Place[], events: readonly MapEvent[]): void
  goTo(place: Place): void
  fit(places: readonly Place[]): void
  close(): void
}

type Collection = Parameters<GeoJSONSource['setData']>[0]

/** Opens the map. Roads are those that this installation was given, if any. */
export function openMap(
  container: HTMLElement,
  roads: RoadSource | null,
  onVehicle: (thing: string) => void,
): MapView {
  const map = new MapLibre({
    container,
    style: mapStyle(roads),
    center: [8, 47],
    zoom: 3,
    minZoom: 1,
    maxZoom: 19,
    renderWorldCopies: false,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    transformRequest: (url) =>
      url.startsWith(`${location.origin}/v1/`)
        ? { url, headers: { authorization: `Bearer ${session.peek()?.token ?? ''}` } }
        : { url },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl(), 'bottom-left')
  const source = (id: string): GeoJSONSource | undefined => map.getSource<GeoJSONSource>(id)
  let way: Collection = nothing
  let happened: Collection = nothing
  map.on('style.load', () => {
    void source('track')?.setData(way)
    void source('events')?.setData(happened)
    land()
      .then((data) => source('land')?.setData(data))
      .catch(() => {}) // vehicles show without it
  })
  // A tile that does not come leaves its part of the map bare; the next look asks again.
  map.on('error', () => {})

  const fit = (places: readonly Place[], padding = 60): void => {
    if (places.length === 0) return
    const [lon, lat] = [places.map(([longitude]) => longitude), places.map(([, latitude]) => latitude)]
    map.fitBounds(
      [
        [least(lon), least(lat)],
        [most(lon), most(lat)],
      ],
      { padding, maxZoom: 15, animate: false },
    )
  }
  const overlay = vehicleOverlay(map, {
    onVehicle,
    onCluster: (members) => {
      const before = map.getZoom()
      fit(members.map(({ toX, toY }) => [longitudeOf(toX), latitudeOf(toY)]))
      // Where they all stand in one place, a closer look still parts them from the others.
      if (map.getZoom() < before + 0.5) map.setZoom(Math.min(before + 2, ALONE_ZOOM + 2))
    },
  })
  return {
    show: overlay.show,
    select: overlay.select,
    track(line, events) {
      way =
        line.length < 2
          ? nothing
          : { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line.map((place) => [...place]) } } // prettier-ignore
      happened = {
        type: 'FeatureCollection',
        features: events.map(({ kind, place }) => ({ type: 'Feature', properties: { kind }, geometry: { type: 'Point', coordinates: [...place] } })), // prettier-ignore
      }
      void source('track')?.setData(way)
      void source('events')?.setData(happened)
    },
    goTo: ([longitude, latitude]) =>
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 14.5) }),
    fit,
    close() {
      overlay.close()
      map.remove()
    },
  }
}

const nothing: Collection = { type: 'FeatureCollection', features: [] }
/** Math.min takes no list as long as a fleet. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b))
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))
