import {
  distanceFromHealthy,
  learnHealthy,
  type FeatureRow,
  type HealthyPeriod,
} from '../../core/maintenance/health-index.ts'
import {
  dayOf,
  hourlyRows,
  hourlySeries,
  machineDays,
  mergeDay,
  type MachineDay,
} from '../../core/maintenance/machine-days.ts'
import type { WindowSeries } from '../../core/maintenance/features.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'
import { closedWindows } from './closed-windows.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** The longest horizon of features. */
const LOOK_BACK_DAYS = 30
/** Late minutes of the last hours still count. */
const HOURS_AGAIN = 3
/** A machine seen for the first time brings what minutes there are, up to a week of them. */
const FIRST_LOOK_MS = 7 * DAY

export const machineFacts = {
  day: 'machine_day',
  healthy: 'machine_healthy',
  health: 'machine_health',
} as const

/** The machine's hours up to the cut-off, and the facts that keep them for the next time. */
export async function machineHistory(
  reader: TelemetryReader,
  thing: string,
  at: EpochMs,
): Promise<{ series: Record<string, WindowSeries>; facts: Fact[] }> {
  const from = dayOf(at) - LOOK_BACK_DAYS * DAY
  const stored = await reader.facts({
    type: machineFacts.day,
    thing,
    from,
    to: at,
    limit: LOOK_BACK_DAYS + 2,
  })
  const days = new Map<EpochMs, MachineDay>(stored.map((fact) => [fact.at, fact.value as MachineDay]))
  const newest = stored.at(-1)
  const since = newest
    ? Math.min(Math.floor(at / HOUR) * HOUR - HOURS_AGAIN * HOUR, newest.version)
    : at - FIRST_LOOK_MS
  const windows = await closedWindows(reader, thing, undefined, Math.floor(since / HOUR) * HOUR, at)
  const facts: Fact[] = []
  for (const [day, fresh] of machineDays(windows)) {
    const value = mergeDay(days.get(day) ?? {}, fresh)
    days.set(day, value)
    facts.push({
      type: machineFacts.day,
      thing,
      key: String(day),
      at: day,
      until: day + DAY,
      version: at,
      value,
    })
  }
  const ascending = [...days].sort(([a], [b]) => a - b).map(([, day]) => day)
  return { series: hourlySeries(thing, ascending), facts }
}

/** Fewer hours do not show how a healthy machine varies. */
const FEWEST_HEALTHY_HOURS = 24
/** A machine counts as healthy for its first week, or the week after it was put right. */
const HEALTHY_MS = 7 * DAY
/** The last day is what is judged: it may be the beginning of the end, so nothing is learned from it. */
const NOT_YET_MS = DAY
/** A longer healthy period is learned anew when it has grown by this much. */
const GROWN = 1.3

interface StoredHealthy extends HealthyPeriod {
  since: EpochMs
  hours: number
}

/** Hours that would be learned on top must themselves look healthy, or a slow failure would become the measure of health. */
function staysHealthy(known: StoredHealthy, fresh: readonly { row: FeatureRow }[]): boolean {
  const unlike = fresh.filter(({ row }) => distanceFromHealthy(known, row) > known.limit).length
  return unlike <= fresh.length / 10
}

/** What the machine is like when it is well: learned from its first hours since it was last put right. */
export async function healthyPeriod(
  reader: TelemetryReader,
  thing: string,
  series: Readonly<Record<string, WindowSeries>>,
  maintainedAt: EpochMs | null,
  at: EpochMs,
): Promise<{ healthy: HealthyPeriod | null; facts: Fact[] }> {
  const [last] = await reader.facts({ type: machineFacts.healthy, thing, from: at, to: at, limit: 1 })
  const known = last ? (last.value as unknown as StoredHealthy) : null
  const first = Math.min(...Object.values(series).map(({ rows }) => (rows[0]?.minute ?? Infinity) * 60_000))
  const since = maintainedAt ?? known?.since ?? first
  const rows = hourlyRows(series, since, Math.min(at - NOT_YET_MS, since + HEALTHY_MS))
  const learned = known !== null && known.since === since
  const grown = learned && rows.length >= GROWN * known.hours && staysHealthy(known, rows.slice(known.hours))
  const stale = !learned || grown
  if (!stale || rows.length < FEWEST_HEALTHY_HOURS) return { healthy: learned ? known : null, facts: [] }
  const healthy = learnHealthy(rows.map(({ row }) => row))
  if (!healthy) return { healthy: learned ? known : null, facts: [] }
  const value: StoredHealthy = { ...healthy, since, hours: rows.length }
  const fact: Fact = {
    type: machineFacts.healthy,
    thing,
    key: 'healthy',
    at,
    until: Number.MAX_SAFE_INTEGER,
    version: at,
    value: { ...value },
  }
  return { healthy, facts: [fact] }
}
