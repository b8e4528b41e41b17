import { useEffect, useRef, useState } from 'preact/hooks'
import { themeVersion } from '../data/theme.ts'
import { Empty } from '../ui/parts.tsx'
import type { MapView } from './map-view.ts'
import type { Vehicle } from './vehicles.ts'

type Line = readonly (readonly [longitude: number, latitude: number])[]

/** The map, which is fetched when it is first shown. Without WebGL the list beside it says the same. */
export function FleetMap(props: {
  vehicles: readonly Vehicle[]
  track: Line
  selected: Vehicle | undefined
  onVehicle: (thing: string) => void
}) {
  const { vehicles, track, selected } = props
  const container = useRef<HTMLDivElement>(null)
  const view = useRef<MapView | null>(null)
  const current = useRef(props)
  current.current = props
  const fitted = useRef(false)
  const [failure, setFailure] = useState('')
  const theme = themeVersion.value

  useEffect(() => {
    let gone = false
    if (!hasWebGl()) {
      setFailure('This browser draws no maps: WebGL is turned off or missing.')
      return undefined
    }
    import('./map-view.ts')
      .then(({ openMap }) => {
        if (gone || !container.current) return
        view.current = openMap(container.current, (thing) => current.current.onVehicle(thing))
        view.current.show(current.current.vehicles)
        view.current.track(current.current.track)
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
    if (fitted.current || !view.current || !current.current.vehicles.some(({ place }) => place)) return
    fitted.current = true
    view.current.fit(current.current.vehicles)
  }

  useEffect(() => {
    view.current?.show(vehicles)
    fit()
  }, [vehicles])
  useEffect(() => view.current?.track(track), [track])
  useEffect(() => {
    if (selected?.place) view.current?.goTo(selected.place.longitude, selected.place.latitude)
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
    </div>
  )
}

function hasWebGl(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null
}
