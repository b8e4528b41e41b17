import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { themeVersion } from '../data/theme.ts'
import { Empty } from '../ui/parts.tsx'
import type { RoadSource } from './map-style.ts'
import type { MapEvent, MapView, Place } from './map-view.ts'
import type { Vehicle } from './vehicles.ts'

/** The map, which is fetched when it is first shown. Without WebGL the list beside it says the same. */
export function FleetMap(props: {
  vehicles: readonly Vehicle[]
  track: readonly Place[]
  events: readonly MapEvent[]
  /** Says which way it is. */
  trackKey: string
  selected: Vehicle | undefined
  onVehicle: (thing: string) => void
}) {
  const { vehicles, track, events, trackKey, selected } = props
  const container = useRef<HTMLDivElement>(null)
  const view = useRef<MapView | null>(null)
  const current = useRef(props)
  current.current = props
  const fitted = useRef(false)
  const seen = useRef('')
  const [failure, setFailure] = useState('')
  const [roads, setRoads] = useState<RoadSource | null>(null)
  const theme = themeVersion.value

  useEffect(() => {
    let gone = false
    if (!hasWebGl()) {
      setFailure('This browser draws no maps: WebGL is turned off or missing.')
      return undefined
    }
    Promise.all([import('./map-view.ts'), roadSource()])
      .then(([{ openMap }, found]) => {
        if (gone || !container.current) return
        setRoads(found)
        view.current = openMap(container.current, found, (thing) => current.current.onVehicle(thing))
        view.current.show(current.current.vehicles)
        view.current.select(current.current.selected?.device.thing ?? null)
        view.current.track(current.current.track, current.current.events)
        fitted.current = false
        fit()
      })
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)))
    return () => {
      gone = true
      view.current?.close()
      view.current = null
    }
  }, [theme])

  function fit(): void {
    const { vehicles, selected } = current.current
    if (fitted.current || !view.current || !vehicles.some(({ position }) => position)) return
    fitted.current = true
    view.current.fit(vehicles.flatMap(placeOf))
    if (selected?.position) view.current.goTo([selected.position.longitude, selected.position.latitude])
  }

  useEffect(() => {
    view.current?.show(vehicles)
    fit()
  }, [vehicles])
  useEffect(() => {
    view.current?.track(track, events)
    // The way is looked up again and again; where people look is theirs once they have seen it.
    if (track.length < 2 || seen.current === trackKey) return
    seen.current = trackKey
    view.current?.fit(track)
  }, [track, events, trackKey])
  useEffect(() => {
    view.current?.select(selected?.device.thing ?? null)
    if (selected?.position) view.current?.goTo([selected.position.longitude, selected.position.latitude])
  }, [selected?.device.thing])

  return (
    <div
      ref={container}
      class="map"
      role="region"
      aria-label="Map of the fleet; the list beside it says the same"
    >
      {failure !== '' && (
        <Empty title="The map cannot be drawn">{failure} The list beside it shows every vehicle.</Empty>
      )}
      {roads && <small class="attribution">{roads.attribution}</small>}
    </div>
  )
}

const placeOf = ({ position }: Vehicle): Place[] =>
  position ? [[position.longitude, position.latitude]] : []

/** The roads that this installation was given; without them the map shows land and sea. */
const roadSource = async (): Promise<RoadSource | null> => call<RoadSource>('/v1/map/roads').catch(() => null)

function hasWebGl(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null
}
