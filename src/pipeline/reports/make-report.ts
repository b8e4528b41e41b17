import { calendarEdges } from '../../core/history/calendar.ts'
import { isoDay, localParts } from '../../core/report/local-text.ts'
import { reportId } from '../../core/report/report-id.ts'
import type { Report, Section } from '../../core/report/report.ts'
import { trades, type EpochMs, type Trade } from '../../core/telemetry/reading.ts'
import type { ReportStore } from '../../ports/report-store.ts'
import { buildingReport } from './building-report.ts'
import { fleetReport } from './fleet-report.ts'
import { plantReport } from './plant-report.ts'
import { dayEdges } from './report-parts.ts'
import { devicesOf, type ReportRequest, type ReportSources } from './report-sources.ts'

const sectionsOf: Record<Trade, (sources: ReportSources, request: ReportRequest) => Promise<Section[]>> = {
  plant: plantReport,
  fleet: fleetReport,
  building: buildingReport,
}
const titles: Record<Trade, string> = {
  plant: 'Plant report',
  fleet: 'Fleet report',
  building: 'Building report',
}

/** Makes a report. The same request on the same store gives the same report but for when it was made. */
export async function makeReport(
  sources: ReportSources,
  request: Omit<ReportRequest, 'knownUntil'>,
  madeAt: EpochMs,
): Promise<Report> {
  const { trade, site, from, to, timeZone } = request
  const known = { ...request, knownUntil: Math.min(to, madeAt) }
  const days = dayEdges(known).length - 1
  return {
    id: reportId(trade, isoDay(localParts(from, timeZone)), days, site),
    trade,
    title: titles[trade],
    site,
    from,
    to,
    timeZone,
    madeAt,
    sections: await sectionsOf[trade](sources, known),
  }
}

/** The last whole week, Monday to Sunday of the zone (ISO 8601), before a moment. */
export function lastWeek(now: EpochMs, timeZone: string): { from: EpochMs; to: EpochMs } {
  const WEEK = 7 * 86_400_000
  const edges = calendarEdges(timeZone, 'week', now - WEEK, now)
  const end = edges.findLastIndex((edge) => edge <= now)
  return { from: edges[end - 1]!, to: edges[end]! }
}

/** What comes this late still counts; repairs and hourly jobs have passed by then. */
const SETTLE_MS = 2 * 3_600_000

/** Makes last week’s report of every trade of which anything was stored then and that has none yet. Gives their ids. */
export async function makeDueReports(
  sources: ReportSources,
  store: ReportStore,
  now: EpochMs,
  timeZone: string,
): Promise<string[]> {
  const week = lastWeek(now - SETTLE_MS, timeZone)
  const made: string[] = []
  for (const trade of trades as Trade[]) {
    const id = reportId(trade, isoDay(localParts(week.from, timeZone)), 7, null)
    if ((await store.get(id)) || !(await hasReadings(sources, trade, week))) continue
    await store.put(await makeReport(sources, { trade, site: null, ...week, timeZone }, now))
    made.push(id)
  }
  return made
}

/** So many devices, spread over all of them, are asked whether they sent anything. */
const ASKED = 40
const MEASURES = 3

async function hasReadings(
  sources: ReportSources,
  trade: Trade,
  week: { from: EpochMs; to: EpochMs },
): Promise<boolean> {
  const devices = await devicesOf(sources, { trade, site: null })
  const types = new Map(
    (await sources.devices.types()).map((type) => [type.name, Object.keys(type.measures)]),
  )
  const every = Math.ceil(devices.length / ASKED)
  for (const [i, { thing, type }] of devices.entries()) {
    if (i % every !== 0) continue
    for (const measure of (types.get(type) ?? []).slice(0, MEASURES))
      if (await sources.series({ thing, measure, ...week, points: 7 })) return true
  }
  return false
}
