import type { Device } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { moment, value } from '../data/format.ts'
import { useData } from '../data/use-data.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { may } from '../session/me.ts'
import { Loading, Panel, ProblemNote, Tile } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { useState } from 'preact/hooks'
import {
  DAY,
  loadBuilding,
  total,
  type BuildingNow,
  type Buildings,
  type Plan,
  type Standing,
  type Zone,
} from './building-data.ts'
import { comfortText, comfortTone } from './comfort.ts'
import { OverrideDialog } from './override-dialog.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { Sensors } from './sensors.tsx'
import { SiteDialog } from './site-dialog.tsx'

interface BuildingProps {
  site: string
  data: Buildings
  members: readonly Device[]
}

/** One building: zones with their comfort, energy and cost, what is planned and why. */
export function Building(props: BuildingProps) {
  const { site, members } = props
  const {
    data: own,
    problem,
    reload,
  } = useData(`building ${site}`, (signal) => loadBuilding(site, signal), 15_000)
  const [describing, setDescribing] = useState(false)
  return (
    <>
      <div class="toolbar">
        <h2 class="building-name">{site}</h2>
        {may('admin') && own && (
          <button type="button" class="small push" onClick={() => setDescribing(true)}>
            {own.site ? 'Edit its description' : 'Describe this building'}
          </button>
        )}
      </div>
      {problem && <ProblemNote problem={problem} onRetry={reload} />}
      {own || problem ? <Figures {...props} own={own} onChanged={reload} /> : <Loading lines={12} />}
      {describing && own && (
        <SiteDialog
          site={site}
          described={own.site}
          members={members}
          onClose={() => setDescribing(false)}
          onSaved={reload}
        />
      )}
    </>
  )
}

function Figures(props: BuildingProps & { own: BuildingNow | null; onChanged: () => void }) {
  const { site, data, members, own, onChanged } = props
  const [overridden, setOverridden] = useState<Zone | null>(null)
  const zones = data.zones.get(site) ?? []
  const hours = data.hours.get(site) ?? []
  const currency = data.currency.get(site) ?? ''
  const [kWh, expected] = [total(hours, (hour) => hour.kWh), total(hours, (hour) => hour.expectedKWh)]
  const cost = total(hours, (hour) => hour.cost)
  const ppd = zones.flatMap((zone) => zone.ppd ?? [])
  const overrides = own?.overrides ?? []
  const isSet = (zone: string): boolean => overrides.some((o) => o.zone === zone)
  return (
    <>
      <div class="tiles">
        <Tile
          label="Zones"
          value={zones.length === 0 ? '–' : String(zones.length)}
          note={`${members.length} sensors and meters`}
        />
        <Tile
          label="Discomfort, mean"
          value={ppd.length === 0 ? '–' : value(Math.round(ppd.reduce((a, b) => a + b, 0) / ppd.length))}
          unit="% dissatisfied"
          note={ppd.length === 0 ? 'needs temperature and humidity' : 'predicted, ISO 7730'}
        />
        <Tile
          label="Energy, 24 h"
          value={value(kWh === null ? null : Math.round(kWh))}
          unit="kWh"
          note={
            expected === null ? 'no expectation learned yet' : `${value(Math.round(expected))} kWh expected`
          }
        />
        <Tile
          label="Cost, 24 h"
          value={value(cost === null ? null : Math.round(cost * 100) / 100)}
          unit={currency}
          note={
            cost !== null
              ? '\u00a0'
              : kWh === null
                ? 'nothing metered yet'
                : 'needs a tariff for the building'
          }
        />
        {own?.plan && own.plan.zones.length > 0 && <SavingTile plan={own.plan} />}
      </div>
      <div class="columns">
        <div class="stack">
          {zones.length > 0 ? (
            <Panel
              title="Zones"
              actions={<span class="muted">as of {moment(Math.max(...zones.map(({ at }) => at)))}</span>}
            >
              <Table
                label={`Zones of ${site}`}
                items={zones}
                keyOf={({ zone }) => zone}
                columns={[
                  { title: 'Zone', cell: ({ zone }) => <b>{zone}</b> },
                  {
                    title: 'Temperature',
                    cell: ({ temperatureC: t }) => `${value(tenth(t))} °C`,
                    numeric: true,
                  },
                  { title: 'Humidity', cell: ({ humidityPercent: h }) => `${value(h === null ? null : Math.round(h))} %`, numeric: true, minor: true }, // prettier-ignore
                  { title: 'CO₂', cell: ({ co2Ppm: c }) => `${value(c === null ? null : Math.round(c))} ppm`, numeric: true, minor: true }, // prettier-ignore
                  { title: 'Occupied', cell: ({ occupied }) => occupiedText(occupied), numeric: true },
                  { title: 'Comfort', cell: ({ pmv, ppd }) => <span class={`severity worded ${comfortTone(ppd)}`}>{comfortText(pmv, ppd)}</span> }, // prettier-ignore
                  { title: 'Plant', cell: plantText, minor: true },
                  ...(own && own.setPoints.size > 0
                    ? [{ title: 'Asked', cell: ({ zone }: Zone) => <SetPointsOf standing={own.setPoints.get(zone)} /> }] // prettier-ignore
                    : []),
                  ...(may('operator') && own?.site
                    ? [
                        {
                          title: 'By hand',
                          card: 'plain' as const,
                          cell: (zone: Zone) => (
                            <button
                              type="button"
                              class="small"
                              aria-label={`${isSet(zone.zone) ? 'Change' : 'Set'} ${zone.zone} by hand`}
                              onClick={() => setOverridden(zone)}
                            >
                              {isSet(zone.zone) ? 'Change' : 'Set'}
                            </button>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            </Panel>
          ) : (
            <Sensors site={site} members={members} described={own?.site !== null} />
          )}
          {hours.length > 1 && (
            <TimeChart
              title="Energy an hour"
              sub={
                hours.some(({ expectedKWh }) => expectedKWh !== null)
                  ? 'all meters; dashed: expected'
                  : 'all meters'
              }
              unit="kWh"
              floor={0}
              points={{
                at: hours.map(({ at }) => at + 1_800_000),
                mean: hours.map((hour) => hour.kWh),
                ...(hours.some(({ expectedKWh }) => expectedKWh !== null) && {
                  reference: hours.map(({ expectedKWh }) => expectedKWh),
                }),
              }}
              bounds={{ from: now() - DAY, to: now() }}
            />
          )}
        </div>
        <PlanPanel
          site={site}
          plan={own?.plan ?? null}
          overrides={overrides}
          loaded={own !== null}
          onPlanned={onChanged}
        />
      </div>
      {overridden && (
        <OverrideDialog
          site={site}
          zone={overridden}
          override={overrides.find((o) => o.zone === overridden.zone) ?? null}
          onClose={() => setOverridden(null)}
          onChanged={onChanged}
        />
      )}
    </>
  )
}

/** What is asked of a zone's plant, and whether it says that it does so. */
function SetPointsOf({ standing }: { standing: Standing | undefined }) {
  if (!standing?.desired) return <span class="muted">its own schedule</span>
  const { desired, reported } = standing
  if (desired.mode === 'schedule') return <span class="muted">its own schedule</span>
  const taken = reported?.heatC === desired.heatC && reported?.coolC === desired.coolC
  return (
    <span title={desired.until === undefined ? '' : `until ${moment(desired.until)}`}>
      <span class="nowrap">
        {value(tenth(desired.heatC ?? null))} to {value(tenth(desired.coolC ?? null))} °C
      </span>
      <span class="muted">
        {desired.source === 'operator' ? `, by ${desired.by ?? 'hand'}` : ', by plan'}
        {taken ? '' : reported ? ', not taken yet' : ', its plant does not say'}
      </span>
    </span>
  )
}

const tenth = (x: number | null): number | null => (x === null ? null : Math.round(x * 10) / 10)
/** A probability as people say it. */
function occupiedText(probability: number | null): string {
  if (probability === null) return '–'
  const percent = Math.round(probability * 100)
  return percent >= 90 ? 'yes' : percent <= 10 ? 'no' : `${percent} % sure`
}
function plantText({ heatingKw, coolingKw }: Zone): string {
  if (heatingKw !== null && heatingKw > 0.05) return `heating, ${value(tenth(heatingKw))} kW`
  if (coolingKw !== null && coolingKw > 0.05) return `cooling, ${value(tenth(coolingKw))} kW`
  return heatingKw === null && coolingKw === null ? '–' : 'off'
}

function SavingTile({ plan }: { plan: Plan }) {
  const { action, saving, savingLow, horizonHours } = plan
  const how = action === 'apply' ? 'applied' : 'advised'
  const over = `over ${horizonHours} h`
  return (
    <Tile
      label={`${saving < 0 ? 'Extra cost' : 'Saving'}, ${how}`}
      value={value(Math.abs(Math.round(saving * 100)))}
      unit="%"
      note={saving > 0 ? `${over}, at least ${Math.round(savingLow * 100)} %` : over}
    />
  )
}
