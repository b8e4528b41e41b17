import type { Device } from '../../core/device/profile.ts'
import type { ReportChart } from '../../core/report/report.ts'
import type { EpochMs, Trade } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { AlarmBook } from '../../ports/alarm-book.ts'
import type { DeviceDirectory } from '../../ports/device-directory.ts'
import type { TelemetryReader } from '../../ports/telemetry-reader.ts'
import type { WorkOrders } from '../../ports/work-orders.ts'

/** What reports are made from. */
export interface ReportSources {
  devices: Pick<DeviceDirectory, 'list' | 'types'>
  telemetry: Pick<TelemetryReader, 'facts'>
  alarms: Pick<AlarmBook, 'list' | 'history'>
  /** Absent where no work orders are kept. */
  orders?: Pick<WorkOrders, 'list'>
  /** One measure over the time, in about so many points; null where nothing is stored of it. */
  series(question: {
    thing: string
    measure: string
    from: EpochMs
    to: EpochMs
    points: number
  }): Promise<Pick<ReportChart, 'at' | 'mean' | 'min' | 'max'> | null>
}

/** What to report on. */
export interface ReportRequest {
  trade: Trade
  /** Null for every site. */
  site: string | null
  /** Half-open, whole days of the zone. */
  from: EpochMs
  to: EpochMs
  timeZone: string
  /** Up to here anything is known: the end, or when the report is made if that comes before. */
  knownUntil: EpochMs
}

const PAGE = 1000

export async function devicesOf(
  { devices }: ReportSources,
  { trade, site }: Pick<ReportRequest, 'trade' | 'site'>,
): Promise<Device[]> {
  const found: Device[] = []
  for (let cursor: string | undefined; ;) {
    const page = await devices.list({ trade, ...(site !== null && { site }), ...(cursor !== undefined && { cursor }), limit: PAGE }) // prettier-ignore
    found.push(...page)
    cursor = page.at(-1)?.thing
    if (page.length < PAGE) return found
  }
}

/** Facts that begin within a stretch of days. One question a day keeps each answer small. */
export async function* factsByDay(
  { telemetry }: ReportSources,
  type: string,
  edges: readonly EpochMs[],
): AsyncGenerator<Fact> {
  for (const [i, from] of edges.slice(0, -1).entries())
    yield* await telemetry.facts({ type, from, to: edges[i + 1]!, startingFrom: from, limit: MOST_A_DAY })
}
/** Threat: a fleet of 5,000 with twenty trips a day and events on each must not fill memory at once. */
const MOST_A_DAY = 500_000

/** A fact’s field, if it is a number. */
export function numberOf(fact: Pick<Fact, 'value'>, name: string): number | null {
  const found = fact.value[name]
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}
