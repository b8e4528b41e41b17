import { MINUTE, type EpochMs } from '../telemetry/reading.ts'
import { mean, merge, std, type Moments, type WindowRow } from '../window/window.ts'
import type { WindowSeries } from './features.ts'
import type { FeatureRow } from './health-index.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HOUR_MINUTES = 60

/** One hour of one measure as plain numbers: start in minutes since the epoch, then its moments. */
export type HourRow = readonly [minute: number, n: number, sum: number, m2: number, min: number, max: number, first: number, last: number] // prettier-ignore

/** A day of hours by measure: what features look back over, a sixtieth of the minutes. */
export type MachineDay = Readonly<Record<string, readonly HourRow[]>>

export const dayOf = (at: EpochMs): EpochMs => Math.floor(at / DAY) * DAY

/** Minute windows merged to hours, by day and measure. Windows ascend by minute. */
export function machineDays(windows: readonly WindowRow[]): Map<EpochMs, MachineDay> {
  const hours = new Map<string, Map<number, Moments>>()
  for (const w of windows) {
    if (w.n === 0) continue
    const start = Math.floor(w.minute / HOUR_MINUTES) * HOUR_MINUTES
    const series = hours.get(w.measure) ?? new Map<number, Moments>()
    const so = series.get(start)
    series.set(start, so ? merge(so, w) : w)
    hours.set(w.measure, series)
  }
  const days = new Map<EpochMs, Record<string, HourRow[]>>()
  for (const [measure, series] of hours)
    for (const [minute, m] of [...series].sort(([a], [b]) => a - b)) {
      const day = dayOf(minute * MINUTE)
      const rows = days.get(day) ?? {}
      ;(rows[measure] ??= []).push([minute, m.n, m.sum, m.m2, m.min, m.max, m.first, m.last])
      days.set(day, rows)
    }
  return days
}

/** A day with the hours of `fresh` in place of its own. */
export function mergeDay(stored: MachineDay, fresh: MachineDay): MachineDay {
  const measures = new Set([...Object.keys(stored), ...Object.keys(fresh)])
  return Object.fromEntries(
    [...measures].map((measure) => {
      const rows = new Map((stored[measure] ?? []).map((row) => [row[0], row]))
      for (const row of fresh[measure] ?? []) rows.set(row[0], row)
      return [measure, [...rows.values()].sort((a, b) => a[0] - b[0])]
    }),
  )
}

/** Hourly series of one device for `featuresAt`, from its days. */
export function hourlySeries(thing: string, days: readonly MachineDay[]): Record<string, WindowSeries> {
  const rows: Record<string, WindowRow[]> = {}
  for (const day of days)
    for (const [measure, hours] of Object.entries(day))
      for (const [minute, n, sum, m2, min, max, first, last] of hours)
        (rows[measure] ??= []).push({ thing, measure, minute, n, sum, m2, min, max, first, last, version: 0, repaired: false }) // prettier-ignore
  return Object.fromEntries(
    Object.entries(rows).map(([measure, list]) => [
      measure,
      { spanMinutes: HOUR_MINUTES, rows: list.sort((a, b) => a.minute - b.minute) },
    ]),
  )
}

/** What each hour was like, named as `featuresAt` names the last hour: mean and spread of every measure. */
export function hourlyRows(
  series: Readonly<Record<string, WindowSeries>>,
  from: EpochMs,
  to: EpochMs,
): { at: EpochMs; row: FeatureRow }[] {
  const byHour = new Map<number, Record<string, number>>()
  for (const [measure, { rows }] of Object.entries(series))
    for (const w of rows) {
      const at = w.minute * MINUTE
      if (at < from || at + HOUR > to) continue
      const row = byHour.get(w.minute) ?? {}
      row[`${measure}.mean.1h`] = mean(w)
      row[`${measure}.std.1h`] = std(w)
      byHour.set(w.minute, row)
    }
  return [...byHour].sort(([a], [b]) => a - b).map(([minute, row]) => ({ at: minute * MINUTE, row }))
}
