import { activeAlarms, isUnacknowledged, severities } from '../data/active-alarms.ts'
import { count, duration, plural, short } from '../data/format.ts'
import { health, throughput, throughputNow } from '../data/health.ts'
import { countStatus } from '../data/presence.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { now } from '../data/clock.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { AlarmTable } from '../alarms/alarm-table.tsx'
import { Empty, Loading, Panel, Tile } from '../ui/parts.tsx'
import { alarmLatency } from './alarm-latency.ts'
import { DeviceConditions } from './device-conditions.tsx'
import { LiveMachines } from './live-machines.tsx'
import { Stages } from './stages.tsx'
import { Welcome } from './welcome.tsx'

const SHOWN_ALARMS = 6
const THROUGHPUT_MS = 900_000

export function OverviewPage() {
  const { data: counts } = useData('overview status', countStatus, 10_000)
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
  if (devices.value?.size === 0) return <Welcome />

  const rates = throughput.value
  const rate = throughputNow.value
  const waiting = alarms.filter(isUnacknowledged).length
  const of = (severity: string): number => alarms.filter((alarm) => alarm.severity === severity).length
  const absent = counts ? counts.silent + counts.offline : 0
  const [latencyValue = '–', latencyUnit = ''] = latency ? duration(latency.medianMs).split(' ') : []
  return (
    <>
      <div class="tiles">
        <Tile
          label="Throughput"
          value={rate === null ? '–' : short(rate)}
          unit="readings/s"
          note={`${count(health.value?.gauges['readings_total'] ?? 0)} since the start`}
        />
        <Tile
          label="Alarm latency, median"
          value={latencyValue}
          unit={latencyUnit}
          note={
            latency ? `worst ${duration(latency.worstMs)} of ${plural(latency.n, 'alarm')}` : 'no alarm yet'
          }
        />
        <Tile
          label="Devices online"
          value={counts ? count(counts.online) : '–'}
          unit={counts ? `of ${count(counts.devices)}` : ''}
          href="#/sites"
          note={counts ? (absent === 0 ? 'none missing' : `${count(absent)} silent or offline`) : '\u00a0'}
        />
        <Tile
          label="Active alarms"
          value={activeAlarms.value ? count(alarms.length) : '–'}
          tone={newest?.severity ?? 'calm'}
          href="#/alarms"
          note={alarms.length > 0 ? `${waiting} not acknowledged` : 'nothing stands'}
        />
        <Tile
          label="Critical"
          value={activeAlarms.value ? count(of('critical')) : '–'}
          tone={of('critical') > 0 ? 'critical' : 'calm'}
          href="#/alarms?severity=critical"
          note={severities
            .slice(1)
            .map((severity) => `${of(severity)} ${severity}`)
            .join(', ')}
        />
      </div>
      <div class="columns">
        <div class="stack">
          <Panel title="Active alarms" actions={<a href="#/alarms">All alarms</a>}>
            {activeAlarms.value === null ? (
              <Loading lines={3} />
            ) : alarms.length === 0 ? (
              <Empty title="No alarm stands">
                Alarms appear here within a second of the reading that raises them.
              </Empty>
            ) : (
              <AlarmTable brief alarms={alarms.slice(0, SHOWN_ALARMS)} />
            )}
            {alarms.length > SHOWN_ALARMS && (
              <p class="more">
                <a href="#/alarms">{count(alarms.length - SHOWN_ALARMS)} more</a>
              </p>
            )}
          </Panel>
          <LiveMachines />
        </div>
        <div class="stack">
          <TimeChart
            title="Readings per second"
            sub="15 min"
            unit="/s"
            points={{ at: rates.at, mean: rates.readings }}
            bounds={{ from: now() - THROUGHPUT_MS, to: now() }}
            floor={0}
            headline={{ value: rate, note: '' }}
            height={150}
          />
          <DeviceConditions counts={counts} />
          <Stages />
        </div>
      </div>
    </>
  )
}
