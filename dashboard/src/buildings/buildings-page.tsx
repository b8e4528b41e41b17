import type { Fact, Latest } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, newestBy, numberIn, textIn } from '../data/facts.ts'
import { measureText, moment, unitText, value } from '../data/format.ts'
import { latestByThing } from '../data/presence.ts'
import { devices, measureTypeOf } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { linkTo } from '../router.ts'
import { Age, Empty, Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { comfortText, comfortTone } from './comfort.ts'
import { Decisions } from './decisions.tsx'

const DAY = 86_400_000

/** Zones with their comfort, what is planned and why, what it uses and costs. */
export function BuildingsPage() {
  const members = [...(devices.value?.values() ?? [])].filter(({ trade }) => trade === 'building')
  const { data, problem, reload } = useData(
    'buildings',
    async (signal) => {
      const range = { from: now() - DAY, to: now() + DAY }
      const [quarters, energy, decisions, latest] = await Promise.all([
        factsOf(factTypes.zoneQuarter, range, signal, 20_000),
        factsOf(factTypes.energyHour, range, signal, 10_000),
        factsOf(factTypes.decision, range, signal, 2000),
        latestByThing('?trade=building', signal),
      ])
      return { quarters, energy, decisions, latest }
    },
    15_000,
  )
  if (members.length === 0)
    return (
      <Empty title="No building is connected yet">
        <a href="#/devices?register=">Register a device</a> with a type of the trade building and the building
        as its site: <code>temperature</code>, <code>humidity</code>, <code>co2</code>, <code>motion</code>,
        and meters of <code>power</code> or <code>energy</code>.
      </Empty>
    )
  if (problem) return <ProblemNote problem={problem} onRetry={reload} />
  if (!data) return <Loading lines={10} />
  const bySite = Map.groupBy(members, ({ site }) => site ?? 'Without a site')
  return (
    <>
      {[...bySite].map(([site, own]) => (
        <Building
          key={site}
          site={site}
          quarters={data.quarters.filter(({ thing }) => thing === `site:${site}`)}
          energy={data.energy.filter(({ thing }) => thing === `site:${site}`)}
          decisions={data.decisions.filter(({ thing }) => thing === `site:${site}`)}
          rooms={own.map((device) => ({ device, latest: data.latest.get(device.thing) }))}
        />
      ))}
    </>
  )
}

interface BuildingProps {
  site: string
  quarters: readonly Fact[]
  energy: readonly Fact[]
  decisions: readonly Fact[]
  rooms: readonly { device: Parameters<typeof measureTypeOf>[0] & object; latest: Latest | undefined }[]
}

function Building({ site, quarters, energy, decisions, rooms }: BuildingProps) {
  const zones = [...newestBy(quarters, (fact) => textIn(fact, 'zone') ?? fact.key).values()]
  const sum = (name: string): number | null =>
    energy.some((fact) => numberIn(fact, name) !== null)
      ? energy.reduce((total, fact) => total + (numberIn(fact, name) ?? 0), 0)
      : null
  const currency = energy.map((fact) => textIn(fact, 'currency')).find((found) => found !== null) ?? ''
  const kWh = sum('kWh')
  const expected = sum('expectedKWh')
  const ppd = zones.map((zone) => numberIn(zone, 'ppd')).filter((found) => found !== null)
  const hours = [...Map.groupBy(energy, ({ at }) => at)].sort(([a], [b]) => a - b)
  return (
    <>
      <h2>{site}</h2>
      <div class="tiles">
        <Tile label="Zones" value={String(zones.length || '–')} note={`${rooms.length} sensors and meters`} />
        <Tile
          label="Discomfort, mean"
          value={ppd.length > 0 ? value(Math.round(ppd.reduce((a, b) => a + b, 0) / ppd.length)) : '–'}
          unit="% dissatisfied"
          note={ppd.length > 0 ? 'predicted, ISO 7730' : 'needs temperature and humidity'}
        />
        <Tile
          label="Energy, 24 h"
          value={value(kWh === null ? null : Math.round(kWh))}
          unit="kWh"
          note={
            expected === null || kWh === null
              ? 'no expectation learned yet'
              : `${value(Math.round(expected))} kWh expected`
          }
        />
        <Tile
          label="Cost, 24 h"
          value={value(sum('cost'))}
          unit={currency}
          note={currency === '' ? 'needs a tariff for the site' : '\u00a0'}
        />
      </div>
      <div class="columns">
        <div class="stack">
          {zones.length > 0 ? (
            <Panel title={`Zones of ${site}`}>
              <Table
                label={`Zones of ${site}`}
                items={zones}
                keyOf={(zone) => textIn(zone, 'zone') ?? zone.key}
                columns={[
                  { title: 'Zone', cell: (zone) => <b>{textIn(zone, 'zone') ?? zone.key}</b> },
                  { title: 'Temperature', cell: (zone) => `${value(numberIn(zone, 'endTemperatureC') ?? numberIn(zone, 'temperatureC'))} °C`, numeric: true }, // prettier-ignore
                  { title: 'Humidity', cell: (zone) => `${value(numberIn(zone, 'humidityPercent'))} %`, numeric: true, minor: true }, // prettier-ignore
                  { title: 'CO₂', cell: (zone) => `${value(numberIn(zone, 'co2Ppm'))} ppm`, numeric: true, minor: true }, // prettier-ignore
                  {
                    title: 'Occupied',
                    cell: (zone) => percent(numberIn(zone, 'occupiedNow')),
                    numeric: true,
                  },
                  { title: 'Comfort', cell: (zone) => <span class={`severity ${comfortTone(numberIn(zone, 'ppd'))}`}>{comfortText(numberIn(zone, 'pmv'), numberIn(zone, 'ppd'))}</span> }, // prettier-ignore
                  { title: 'As of', cell: (zone) => moment(zone.until), numeric: true, minor: true },
                ]}
              />
            </Panel>
          ) : (
            <Sensors site={site} rooms={rooms} />
          )}
          {hours.length > 1 && (
            <TimeChart
              title={`Energy an hour, ${site}`}
              sub="all meters, last 24 h"
              unit="kWh"
              points={{
                at: hours.map(([at]) => at + 1_800_000),
                mean: hours.map(([, facts]) =>
                  facts.reduce((n, fact) => n + (numberIn(fact, 'kWh') ?? 0), 0),
                ),
              }}
              bounds={{ from: now() - DAY, to: now() }}
            />
          )}
        </div>
        <Decisions site={site} decisions={decisions} />
      </div>
    </>
  )
}

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`)

/** What the sensors say, where no zone has been described yet. */
function Sensors({ site, rooms }: Pick<BuildingProps, 'site' | 'rooms'>) {
  return (
    <Panel title={`Sensors of ${site}`}>
      <p class="body muted">
        No zone of this building has been described yet, so comfort, plans and cost cannot be worked out.
        Describe the site with its zones, meters and tariff; then they appear with the next quarter of an
        hour.
      </p>
      <Table
        label={`Sensors of ${site}`}
        items={rooms}
        keyOf={({ device }) => device.thing}
        columns={[
          {
            title: 'Sensor',
            cell: ({ device }) => <a href={linkTo(['device', device.thing])}>{device.thing}</a>,
          },
          {
            title: 'Values',
            cell: ({ device, latest }) =>
              (latest?.values ?? [])
                .slice(0, 4)
                .map(
                  (v) =>
                    `${measureText(v.measure)} ${value(v.value)} ${unitText(measureTypeOf(device, v.measure).unit)}`,
                )
                .join(', ') || <span class="muted">nothing yet</span>,
          },
          { title: 'Heard', cell: ({ latest }) => <Age at={Math.max(0, ...(latest?.values ?? []).map(({ at }) => at))} />, numeric: true }, // prettier-ignore
        ]}
      />
    </Panel>
  )
}
