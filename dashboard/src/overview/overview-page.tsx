import { useMemo } from 'preact/hooks'
import { activeAlarms, isUnacknowledged, severities } from '../data/active-alarms.ts'
import { count, duration, plural, short } from '../data/format.ts'
import { health, throughput } from '../data/health.ts'
import { latestByThing, presenceOf } from '../data/presence.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { AlarmTable } from '../alarms/alarm-table.tsx'
import { presenceText, Panel, Tile, type Presence } from '../ui/parts.tsx'
import { Empty } from '../ui/parts.tsx'
import { alarmLatency } from './alarm-latency.ts'
import { LiveMachines } from './live-machines.tsx'
import { Stages } from './stages.tsx'

const SHOWN_ALARMS = 6

export function OverviewPage() {
  const known = devices.value
  const { data: latest } = useData('overview latest', (signal) => latestByThing('', signal), 10_000)
  const alarms = activeAlarms.value ?? []
  const newest = alarms[0]
  const { data: latency } = useData(
    'latency',
    alarmLatency,
    undefined,
    alarms
      .map(({ id }) => id)
      .slice(0, 20)
      .join(),
  )
  const presence = useMemo(() => {
    const counts: Record<Presence, number> = { reporting: 0, silent: 0, never: 0, suspended: 0, retired: 0 }
    for (const device of known?.values() ?? []) counts[presenceOf(device, latest?.get(device.thing))]++
    return counts
  }, [known, latest])
  if (known?.size === 0) return <Welcome />

  const rates = throughput.value
  const rate = rates.readings.slice(-5)
  const perSecond = rate.length > 0 ? rate.reduce((a, b) => a + b, 0) / rate.length : null
  const waiting = alarms.filter(isUnacknowledged).length
  return (
    <>
      <div class="tiles">
        <Tile
          label="Throughput"
          value={perSecond === null ? '–' : short(perSecond)}
          unit="readings/s"
          note={`${count(health.value?.gauges['readings_total'] ?? 0)} since the start`}
        />
        <Tile
          label="Alarm latency, median"
          value={latency ? (duration(latency.medianMs).split(' ')[0] ?? '–') : '–'}
          unit={latency ? (duration(latency.medianMs).split(' ')[1] ?? '') : ''}
          note={
            latency
              ? `worst ${duration(latency.worstMs)}, last ${plural(latency.n, 'alarm')}`
              : 'reading to alarm book; no alarm yet'
          }
        />
        <Tile
          label="Devices reporting"
          value={latest ? count(presence.reporting) : '–'}
          unit={`of ${count(known?.size ?? 0)}`}
          href="#/sites"
          note={
            (['silent', 'never', 'suspended', 'retired'] as const)
              .filter((p) => presence[p] > 0)
              .map((p) => `${presence[p]} ${presenceText[p]}`)
              .join(', ') || 'none silent'
          }
        />
        <Tile
          label="Active alarms"
          value={activeAlarms.value ? count(alarms.length) : '–'}
          tone={newest?.severity ?? 'calm'}
          href="#/alarms"
          note={alarms.length > 0 ? `${waiting} not acknowledged` : 'nothing stands'}
        />
        {severities.slice(0, 1).map((severity) => (
          <Tile
            key={severity}
            label="Critical"
            value={count(alarms.filter((alarm) => alarm.severity === severity).length)}
            href={`#/alarms?severity=${severity}`}
            note={`${count(alarms.filter((alarm) => alarm.severity === 'major').length)} major`}
          />
        ))}
      </div>
      <div class="columns">
        <div class="stack">
          <Panel title="Active alarms" actions={<a href="#/alarms">All alarms</a>}>
            {alarms.length === 0 ? (
              <Empty title="No alarm stands">
                Alarms appear here within a second of the reading that raises them.
              </Empty>
            ) : (
              <AlarmTable alarms={alarms.slice(0, SHOWN_ALARMS)} />
            )}
          </Panel>
          <LiveMachines />
        </div>
        <div class="stack">
          <TimeChart
            title="Readings per second"
            unit="/s"
            points={{ at: rates.at, mean: rates.readings }}
            bounds={throughputBounds(rates.at)}
            height={150}
          />
          <Stages />
        </div>
      </div>
    </>
  )
}

function throughputBounds(at: readonly number[]): { from: number; to: number } {
  const to = at.at(-1) ?? Date.now()
  return {
    from: Math.max(at[0] ?? 0, to - 900_000, 0) || to - 60_000,
    to: Math.max(to, (at[0] ?? to) + 60_000),
  }
}

function Welcome() {
  return (
    <Panel title="Welcome">
      <Empty title="No device is registered yet">
        <p>
          <a href="#/devices?register=">Register the first device</a> to get its certificate and the address
          to send to, or let the simulator fill this page:
        </p>
        <pre tabIndex={0}>telltale simulate --scenario demo</pre>
      </Empty>
    </Panel>
  )
}
