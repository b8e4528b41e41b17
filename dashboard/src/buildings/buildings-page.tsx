import type { Device } from '../api/types.ts'
import { byName, count, plural, value } from '../data/format.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { numberIn, textIn } from '../data/facts.ts'
import { linkTo, route, setQuery } from '../router.ts'
import { Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { loadBuildings, savingText, total, type Buildings } from './building-data.ts'
import { Building } from './building.tsx'

/** Every building with its comfort, energy and cost, and one of them closer: zones, plan, why. */
export function BuildingsPage() {
  const chosen = route.value.parts[1]
  const members = [...(devices.value?.values() ?? [])].filter(({ trade }) => trade === 'building')
  const bySite = Map.groupBy(members, ({ site }) => site ?? '')
  const { data, problem, reload } = useData('buildings', loadBuildings, 15_000)
  if (members.length === 0)
    return (
      <Empty title="No building is connected yet">
        <a href="#/devices?register=1">Register a device</a> with a type of the trade building and the
        building as its site: <code>temperature</code>, <code>humidity</code>, <code>co2</code>,{' '}
        <code>motion</code>, and meters of <code>power</code> or <code>energy</code>.
      </Empty>
    )
  if (problem && !data) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const names = [...bySite.keys()].filter((name) => name !== '').sort(byName)
  const only = chosen ?? (names.length === 1 ? names[0] : undefined)
  return (
    <>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {only === undefined ? (
        <BuildingList names={names} data={data} bySite={bySite} />
      ) : (
        <>
          {names.length > 1 && (
            <p>
              <a href="#/buildings">All {count(names.length)} buildings</a>
            </p>
          )}
          <Building key={only} site={only} data={data} members={bySite.get(only) ?? []} />
        </>
      )}
      {only === undefined && bySite.has('') && (
        <p class="note">
          {plural(bySite.get('')?.length ?? 0, 'device')} of the trade building{' '}
          {bySite.get('')?.length === 1 ? 'has' : 'have'} no site. Give them one under{' '}
          <a href="#/devices?trade=building">Devices</a>.
        </p>
      )}
    </>
  )
}

const round = (x: number | null): string => value(x === null ? null : Math.round(x))
export const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((found): found is number => found !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length
}

function BuildingList(props: {
  names: readonly string[]
  data: Buildings
  bySite: ReadonlyMap<string, readonly Device[]>
}) {
  const { names, data, bySite } = props
  const text = (route.value.query.get('text') ?? '').toLowerCase()
  const rows = names
    .filter((name) => name.toLowerCase().includes(text))
    .map((name) => {
      const hours = data.hours.get(name) ?? []
      const decision = data.decisions.get(name)
      return {
        name,
        zones: data.zones.get(name) ?? [],
        devices: bySite.get(name)?.length ?? 0,
        kWh: total(hours, ({ kWh }) => kWh),
        expected: total(hours, ({ expectedKWh }) => expectedKWh),
        cost: total(hours, ({ cost }) => cost),
        currency: data.currency.get(name) ?? '',
        saving: numberIn(decision, 'saving'),
        action: textIn(decision, 'action'),
      }
    })
  const known = rows.filter(({ kWh }) => kWh !== null)
  const ppd = meanOf(rows.flatMap(({ zones }) => zones.map((zone) => zone.ppd)))
  const currencies = new Set(rows.flatMap(({ currency }) => (currency === '' ? [] : [currency])))
  return (
    <>
      <div class="tiles">
        <Tile
          label="Buildings"
          value={count(names.length)}
          note={plural(
            rows.reduce((n, { zones }) => n + zones.length, 0),
            'zone',
          )}
        />{' '}
        {/* prettier-ignore */}
        <Tile label="Discomfort, mean" value={round(ppd)} unit="% dissatisfied" note="predicted, ISO 7730" />
        <Tile
          label="Energy, 24 h"
          value={round(known.reduce((n, { kWh }) => n + (kWh ?? 0), 0))}
          unit="kWh"
          note={`of ${plural(known.length, 'building')} with meters`}
        />
        <Tile
          label="Cost, 24 h"
          value={currencies.size === 1 ? round(rows.reduce((n, { cost }) => n + (cost ?? 0), 0)) : '–'}
          unit={[...currencies][0] ?? ''}
          note={currencies.size > 1 ? 'several currencies' : '\u00a0'}
        />
        <Tile
          label="Steered"
          value={count(rows.filter(({ action }) => action === 'apply').length)}
          unit={`of ${count(names.length)}`}
          note="plans applied now"
        />
      </div>
      <Panel
        title="Buildings"
        actions={
          <input
            type="search"
            aria-label="Find a building"
            placeholder="Find"
            value={route.value.query.get('text') ?? ''}
            onInput={(event) => setQuery({ text: event.currentTarget.value })}
          />
        }
      >
        <Table
          label="Buildings"
          items={rows}
          keyOf={({ name }) => name}
          columns={[
            { title: 'Building', cell: ({ name }) => <a href={linkTo(['buildings', name])}>{name}</a> },
            { title: 'Zones', cell: ({ zones }) => zones.length || '–', numeric: true },
            { title: 'Devices', cell: (row) => row.devices, numeric: true, minor: true },
            {
              title: 'Dissatisfied',
              cell: ({ zones }) => percentText(meanOf(zones.map((zone) => zone.ppd))),
              numeric: true,
            },
            { title: 'kWh, 24 h', cell: ({ kWh }) => round(kWh), numeric: true },
            { title: 'Expected', cell: ({ expected }) => round(expected), numeric: true, minor: true },
            { title: 'Cost, 24 h', cell: ({ cost, currency }) => (cost === null ? '–' : `${value(Math.round(cost * 100) / 100)} ${currency}`), numeric: true }, // prettier-ignore
            {
              title: 'Plan against schedule',
              cell: ({ saving, action }) => planText(saving, action),
              minor: true,
            },
          ]}
        />
      </Panel>
    </>
  )
}

const percentText = (percent: number | null): string => (percent === null ? '–' : `${Math.round(percent)} %`)
function planText(saving: number | null, action: string | null): string {
  if (saving === null || action === null) return 'none yet'
  return `${action === 'apply' ? 'applied' : 'advised'}, ${savingText(saving)}`
}
