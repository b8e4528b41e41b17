import { severities, type Severity } from '../../core/alarm/transition.ts'
import { calendarEdges } from '../../core/history/calendar.ts'
import { localParts, shortDay } from '../../core/report/local-text.ts'
import type { Figure, Section } from '../../core/report/report.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Episode } from './alarm-episodes.ts'
import type { ReportRequest } from './report-sources.ts'

export const HOUR = 3_600_000

export const figure = (
  label: string,
  value: number | null,
  unit = '',
  { digits = 0, note = '' }: { digits?: number; note?: string } = {},
): Figure => ({ label, value, unit, digits, note })

/** Starts of the request’s days in its zone, and its end. */
export const dayEdges = ({ from, to, timeZone }: ReportRequest): EpochMs[] =>
  calendarEdges(timeZone, 'day', from, to).filter((at) => at >= from && at <= to)

export const dayLabels = (request: ReportRequest): string[] =>
  dayEdges(request)
    .slice(0, -1)
    .map((at) => shortDay(localParts(at, request.timeZone)))

/** Which of the days holds a moment, -1 for none. */
export const dayIndex = (edges: readonly EpochMs[], at: EpochMs): number =>
  at < edges[0]! || at >= edges.at(-1)! ? -1 : edges.findLastIndex((edge) => edge <= at)

/** Alarms by the day on which they were raised; no bars where there were none. */
export function alarmBars(episodes: readonly Episode[], request: ReportRequest): Section[] {
  const edges = dayEdges(request)
  const counts = new Map<Severity, number[]>()
  for (const { severity, from } of episodes) {
    const day = dayIndex(edges, from)
    if (day < 0) continue
    const days = counts.get(severity) ?? edges.slice(1).map(() => 0)
    days[day]!++
    counts.set(severity, days)
  }
  if (counts.size === 0) return []
  const bars = {
    title: 'Alarms raised, by day',
    unit: '',
    digits: 0,
    labels: dayLabels(request),
    series: severities.toReversed().flatMap((severity) => {
      const values = counts.get(severity)
      return values ? [{ name: severity, tone: severity, values }] : []
    }),
  }
  return [{ kind: 'bars', bars }]
}

/** How long they stood within the request, in hours, what stands at once counted once. */
export function hoursStanding(
  episodes: readonly Episode[],
  { from, knownUntil: to }: Pick<ReportRequest, 'from' | 'knownUntil'>,
): number {
  const spans = episodes
    .map((e) => [Math.max(e.from, from), Math.min(e.until ?? to, to)] as const)
    .sort(([a], [b]) => a - b)
  let [sum, end] = [0, from]
  for (const [start, until] of spans) {
    sum += Math.max(0, until - Math.max(start, end))
    end = Math.max(end, until)
  }
  return sum / HOUR
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
