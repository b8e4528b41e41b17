import { useMemo, useRef } from 'preact/hooks'
import { segment } from '../api/client.ts'
import type { Latest } from '../api/types.ts'
import { activeAlarms, worstByThing } from '../data/active-alarms.ts'
import { byName, count, value } from '../data/format.ts'
import { latestByThing, statusByThing } from '../data/presence.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { linkTo, route, setQuery, go } from '../router.ts'
import { Age, Empty, Loading, Panel, ProblemNote, SeverityMark, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { FleetMap } from './fleet-map.tsx'
import { FleetPositions } from './fleet-positions.ts'
import { useTrack } from './use-track.ts'
import { VehicleDetail } from './vehicle-detail.tsx'
import { vehicleOf, type Vehicle } from './vehicles.ts'

const EVERY_MS = 2000
const STATUS_MS = 15_000
const SHOWN = 60

export function FleetPage() {
  const { parts, query } = route.value
  const thing = parts[1]
  const positions = useRef(new FleetPositions())
  const { data, problem, reload } = useData('fleet', (signal) => positions.current.refresh(signal), EVERY_MS)
  const { data: status } = useData(
    'fleet status',
    (signal) => statusByThing('?trade=fleet', signal),
    STATUS_MS,
  )
  const known = devices.value
  const worst = worstByThing.value
  const vehicles = useMemo(
    () =>
      [...(known?.values() ?? [])]
        .filter(({ trade }) => trade === 'fleet')
        .map((device) => vehicleOf(device, data?.get(device.thing), status, worst.get(device.thing))), // prettier-ignore
    [known, data, status, worst],
  )
  const tripAt = Number(query.get('trip') ?? NaN)
  const { line, events } = useTrack(thing, Number.isFinite(tripAt) ? tripAt : null)
  if (vehicles.length === 0)
    return (
      <Empty title="No vehicle is registered yet">
        <a href="#/devices?register=1">Register one</a> with a type of the trade fleet. It shows here with its
        first <code>latitude</code> and <code>longitude</code>; <code>speed</code>, <code>fuelLevel</code> and{' '}
        <code>driver</code> add to it.
      </Empty>
    )
  const selected = vehicles.find(({ device }) => device.thing === thing)
  const moving = vehicles.filter(({ position, presence }) => presence === 'online' && (position?.speedKmh ?? 0) > 3).length // prettier-ignore
  const alarmed = vehicles.filter(({ device }) => worst.has(device.thing)).length
  const low = new Set((activeAlarms.value ?? []).filter(({ rule }) => rule === 'fuel-low').map(({ thing }) => thing)).size // prettier-ignore
  return (
    <>
      <div class="tiles">
        <Tile
          label="Vehicles"
          value={count(vehicles.length)}
          note={
            data ? `${count(vehicles.filter(({ position }) => position).length)} with a position` : '\u00a0'
          }
        />
        <Tile label="Moving" value={data ? count(moving) : '–'} note="faster than 3 km/h" />
        <Tile
          label="With an alarm"
          value={count(alarmed)}
          href="#/alarms"
          note="drivers, fuel, connections"
        />
        <Tile label="Low on fuel" value={count(low)} note="below 20 %" href="#/alarms?text=fuel" />
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      <div class="columns">
        <Panel
          title="Where they are"
          actions={<span class="muted">every {EVERY_MS / 1000} s; click a cluster to look closer</span>}
        >
          <FleetMap
            vehicles={vehicles}
            track={line}
            events={events}
            trackKey={`${thing ?? ''} ${query.get('trip') ?? ''}`}
            selected={selected}
            onVehicle={(name) => go(['fleet', name])}
          />
          <p class="legend body" aria-hidden="true">
            <span>
              <i class="dot moving" /> moving
            </span>
            <span>
              <i class="dot standing" /> standing
            </span>
            <span>
              <i class="dot gone" /> silent or offline
            </span>
            <span>
              <i class="dot alarmed" /> with an alarm, by its colour
            </span>
            <span>
              <i class="dot harsh" /> harsh driving
            </span>
          </p>
        </Panel>
        {thing !== undefined && !selected ? (
          <Panel title={thing}>
            <Empty title="There is no such vehicle">
              <a href="#/fleet">Show all vehicles</a>
            </Empty>
          </Panel>
        ) : selected ? (
          <VehicleDetail key={selected.device.thing} vehicle={selected} />
        ) : (
          <VehicleList vehicles={vehicles} loaded={data !== null} />
        )}
      </div>
    </>
  )
}

function VehicleList({ vehicles, loaded }: { vehicles: readonly Vehicle[]; loaded: boolean }) {
  const { query } = route.value
  const worst = worstByThing.value
  const text = (query.get('text') ?? '').toLowerCase()
  const listed = vehicles
    .filter(({ device }) =>
      `${device.thing} ${device.site ?? ''} ${device.type}`.toLowerCase().includes(text),
    )
    .sort(
      (a, b) =>
        Number(worst.has(b.device.thing)) - Number(worst.has(a.device.thing)) ||
        byName(a.device.thing, b.device.thing),
    )
  const shown = listed.slice(0, SHOWN)
  const names = shown.map(({ device }) => segment(device.thing)).join()
  const { data: latest } = useData(`fleet latest ${names}`, (signal) => latestOf(names, signal), 15_000)
  return (
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
      {!loaded ? (
        <Loading />
      ) : listed.length === 0 ? (
        <Empty title="No vehicle matches">
          <button type="button" class="small" onClick={() => setQuery({ text: null })}>
            Show all vehicles
          </button>
        </Empty>
      ) : (
        <Table
          label="Vehicles"
          items={shown}
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
            { title: 'km/h', cell: ({ position }) => rounded(position?.speedKmh), numeric: true },
            { title: 'Fuel', cell: ({ device }) => fuelOf(latest?.get(device.thing)), numeric: true },
            { title: 'Heard', cell: ({ position }) => <Age at={position?.at} />, numeric: true },
          ]}
        />
      )}
      {listed.length > SHOWN && (
        <p class="more muted">
          {count(listed.length - SHOWN)} more: type part of a name above, or use the map.
        </p>
      )}
    </Panel>
  )
}

const latestOf = async (names: string, signal: AbortSignal): Promise<Map<string, Latest>> =>
  names === '' ? new Map() : latestByThing(`?things=${names}`, signal)

function fuelOf(latest: Latest | undefined): string {
  const level = rounded(latest?.values.find(({ measure }) => measure === 'fuelLevel')?.value)
  return level === '–' ? level : `${level} %`
}

const rounded = (x: number | null | undefined): string => value(typeof x === 'number' ? Math.round(x) : null)
