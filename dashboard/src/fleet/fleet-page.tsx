import { useMemo } from 'preact/hooks'
import { call, segment, withQuery } from '../api/client.ts'
import type { Page, Reading } from '../api/types.ts'
import { worstByThing } from '../data/active-alarms.ts'
import { now } from '../data/clock.ts'
import { count, value } from '../data/format.ts'
import { latestByThing } from '../data/presence.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery, go } from '../router.ts'
import { Age, Empty, Loading, Panel, ProblemNote, SeverityMark, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { FleetMap } from './fleet-map.tsx'
import { VehicleDetail } from './vehicle-detail.tsx'
import { vehicleOf } from './vehicles.ts'

const EVERY_MS = 2000
const TRACK_MS = 3_600_000
const SHOWN = 60

export function FleetPage() {
  const { parts, query } = route.value
  const thing = parts[1]
  const text = (query.get('text') ?? '').toLowerCase()
  const { data, problem, reload } = useData(
    'fleet',
    (signal) => latestByThing('?trade=fleet', signal),
    EVERY_MS,
  )
  const known = devices.value
  const worst = worstByThing.value
  const vehicles = useMemo(
    () =>
      [...(known?.values() ?? [])]
        .filter(({ trade }) => trade === 'fleet')
        .map((device) => vehicleOf(device, data?.get(device.thing))),
    [known, data, worst],
  )
  const track = useTrack(thing)
  if (vehicles.length === 0)
    return (
      <Empty title="No vehicle is registered yet">
        <a href="#/devices?register=">Register one</a> with a type of the trade fleet. It shows here with its
        first <code>latitude</code> and <code>longitude</code>; <code>speed</code>, <code>fuelLevel</code> and{' '}
        <code>driver</code> add to it.
      </Empty>
    )
  const selected = vehicles.find(({ device }) => device.thing === thing)
  const moving = vehicles.filter(({ tone, speedKmh }) => tone !== 'silent' && (speedKmh ?? 0) > 3).length
  const alarmed = vehicles.filter(({ device }) => worst.has(device.thing))
  const low = vehicles.filter(({ fuelPercent }) => fuelPercent !== null && fuelPercent < 20).length
  const listed = vehicles
    .filter(({ device }) =>
      `${device.thing} ${device.site ?? ''} ${device.type}`.toLowerCase().includes(text),
    )
    .sort((a, b) => Number(worst.has(b.device.thing)) - Number(worst.has(a.device.thing)))
  return (
    <>
      <div class="tiles">
        <Tile
          label="Vehicles"
          value={count(vehicles.length)}
          note={`${count(vehicles.filter((v) => v.place).length)} with a position`}
        />
        <Tile label="Moving" value={data ? count(moving) : '–'} note="faster than 3 km/h" />
        <Tile label="With an alarm" value={count(alarmed.length)} href="#/alarms" />
        <Tile label="Fuel below 20 %" value={data ? count(low) : '–'} />
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <div class="columns">
        <Panel
          title="Where they are"
          actions={<span class="muted">every {EVERY_MS / 1000} s; click a cluster to look closer</span>}
        >
          <FleetMap
            vehicles={vehicles}
            track={track}
            selected={selected}
            onVehicle={(name) => go(['fleet', name])}
          />
        </Panel>
        {selected ? (
          <VehicleDetail vehicle={selected} />
        ) : (
          <Panel
            title="Vehicles"
            actions={
              <input
                type="search"
                aria-label="Find a vehicle"
                placeholder="Find"
                value={query.get('text') ?? ''}
                onInput={(event) => setQuery({ text: event.currentTarget.value })}
              />
            }
          >
            {!data ? (
              <Loading />
            ) : (
              <Table
                label="Vehicles"
                items={listed.slice(0, SHOWN)}
                keyOf={({ device }) => device.thing}
                columns={[
                  {
                    title: 'Vehicle',
                    cell: ({ device }) => {
                      const alarm = worst.get(device.thing)
                      return (
                        <>
                          {alarm && <SeverityMark severity={alarm.severity} bare />}{' '}
                          <a href={linkTo(['fleet', device.thing])}>{device.thing}</a>
                        </>
                      )
                    },
                  },
                  { title: 'km/h', cell: ({ speedKmh }) => value(speedKmh === null ? null : Math.round(speedKmh)), numeric: true }, // prettier-ignore
                  { title: 'Fuel', cell: ({ fuelPercent: f }) => (f === null ? '–' : `${Math.round(f)} %`), numeric: true }, // prettier-ignore
                  { title: 'Heard', cell: ({ at }) => <Age at={at} />, numeric: true },
                ]}
              />
            )}
            {listed.length > SHOWN && (
              <p class="body muted">
                {count(listed.length - SHOWN)} more: type part of a name above, or use the map.
              </p>
            )}
          </Panel>
        )}
      </div>
    </>
  )
}

type Place = readonly [longitude: number, latitude: number]
const noTrack: readonly Place[] = []

/** Where a vehicle was in the last hour. A position is latitude and longitude of one moment. */
function useTrack(thing: string | undefined): readonly Place[] {
  const { data } = useData(
    `track ${thing ?? ''}`,
    async (signal) => {
      if (thing === undefined) return noTrack
      const latitudes = new Map<number, number>()
      const line: Place[] = []
      const from = Math.floor(now() - TRACK_MS)
      let next: string | null = withQuery(`/v1/devices/${segment(thing)}/readings`, { measures: 'latitude,longitude', from, limit: 1000 }) // prettier-ignore
      for (let n = 0; next !== null && n < 10; n++) {
        const page: Page<Reading> = await call<Page<Reading>>(next, { signal })
        for (const { measure, at, value } of page.items) {
          if (value === null) continue
          const latitude = latitudes.get(at)
          if (measure === 'latitude') latitudes.set(at, value)
          else if (latitude !== undefined) line.push([value, latitude])
        }
        next = page.next
      }
      return line
    },
    15_000,
  )
  return data ?? noTrack
}
