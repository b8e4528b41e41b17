import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import { settleStored, type StoredReading } from '../../../core/history/settle-stored.ts'
import { DAY, QUARTER } from '../../../core/history/lake-layout.ts'
import { merge, type Moments } from '../../../core/window/window.ts'

interface Key {
  device: string
  measure: string
  ts: EpochMs
}

/** A row of the lake's table of readings: `received` is the first receipt of the value, `confirmed` the last of an equal one. */
export interface ReadingRow extends Key {
  value: number | null
  text: string | null
  quality: number
  received: EpochMs
  confirmed: EpochMs | null
}

export interface MomentsRow extends Key, Moments {}

export interface WindowLakeRow extends MomentsRow {
  version: EpochMs
  repaired: boolean
}

/** A day of a zone is made of the parts that it has in lake days; the zone here is UTC, so a day has one part. */
export interface DayRow extends MomentsRow {
  zone: string
  part: number
}

/** What lands; compaction derives quarter-hours and days from the windows that it publishes. */
export interface LakeRows {
  readings: ReadingRow[]
  windows: WindowLakeRow[]
}
export type LandedTable = keyof LakeRows
export const landedTables: readonly LandedTable[] = ['readings', 'windows']

/** The rows that effects make. Copies of a reading stay side by side: compaction settles them. */
export function lakeRowsOf(effects: readonly DataEffect[]): LakeRows {
  const rows: LakeRows = { readings: [], windows: [] }
  for (const effect of effects) {
    if (effect.kind === 'window') {
      const { thing: device, minute, ...rest } = effect.window
      rows.windows.push({ device, ts: minute * 60_000, ...rest })
    } else if (effect.kind === 'readings') {
      const { thing: device, receivedAt: received, columns } = effect.batch
      for (const { measure, at, value, text, quality } of columns)
        for (let i = 0; i < at.length; i++)
          rows.readings.push({
            device,
            measure,
            ts: Math.floor(at[i]!),
            value: Number.isNaN(value[i]!) ? null : value[i]!,
            text: text?.[i] ?? null,
            quality: quality[i]!,
            received,
            confirmed: null,
          })
    }
  }
  return rows
}

const bySeries = (a: Key, b: Key): number =>
  a.device === b.device
    ? a.measure === b.measure
      ? a.ts - b.ts
      : a.measure < b.measure ? -1 : 1
    : a.device < b.device ? -1 : 1 // prettier-ignore

const seriesOf = (row: Key): string => `${row.device}\n${row.measure}`

/** Each reading once, as all copies together say (DESIGN section 4). Sorted by device, measure and time. */
export function settledReadings(rows: readonly ReadingRow[]): ReadingRow[] {
  const settled: ReadingRow[] = []
  for (const group of Map.groupBy(rows, seriesOf).values()) {
    const { device, measure } = group[0]!
    for (const r of settleStored(group.map(storedOf)))
      settled.push({
        device,
        measure,
        ts: r.at,
        value: Number.isNaN(r.value) ? null : r.value,
        text: r.text,
        quality: r.quality,
        received: r.receivedAt,
        confirmed: r.confirmedAt,
      })
  }
  return settled.sort(bySeries)
}

const storedOf = ({ ts, value, text, quality, received, confirmed }: ReadingRow): StoredReading => ({
  at: ts,
  value: value ?? NaN,
  text,
  quality,
  receivedAt: received,
  confirmedAt: confirmed,
})

/** Each window once: the newer version, and a repaired one before a streamed one. Sorted. */
export function settledWindows(rows: readonly WindowLakeRow[]): WindowLakeRow[] {
  const sorted = rows.toSorted(
    (a, b) => bySeries(a, b) || Number(a.repaired) - Number(b.repaired) || a.version - b.version,
  )
  return sorted.filter((row, i) => i === sorted.length - 1 || bySeries(row, sorted[i + 1]!) !== 0)
}

/** Quarter-hours of settled windows, sorted as they are. */
export const quartersOf = (windows: readonly WindowLakeRow[]): MomentsRow[] => rolledUp(windows, QUARTER)

export const daysOf = (windows: readonly WindowLakeRow[]): DayRow[] =>
  rolledUp(windows, DAY).map((row) => ({ ...row, zone: 'UTC', part: row.ts / DAY }))

function rolledUp(windows: readonly WindowLakeRow[], stepMs: number): MomentsRow[] {
  const rows: MomentsRow[] = []
  for (const { device, measure, ts, n, sum, m2, min, max, first, last } of windows) {
    const moments: Moments = { n, sum, m2, min, max, first, last }
    const at = Math.floor(ts / stepMs) * stepMs
    const open = rows.at(-1)
    if (open?.ts === at && open.device === device && open.measure === measure)
      Object.assign(open, merge(open, moments))
    else rows.push({ device, measure, ts: at, ...moments })
  }
  return rows
}
