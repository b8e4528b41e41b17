import type { Extent, Buckets } from '../core/history/plan.ts'
import type { LakeKind, Tier } from '../core/history/lake-layout.ts'
import type { LakeRange } from '../core/history/lake-sql.ts'
import type { StoredReading } from '../core/history/settle-stored.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { Moments, WindowRow } from '../core/window/window.ts'

export interface SeriesReadings {
  thing: string
  measure: string
  readings: StoredReading[]
}

/** Moments by the instant that they start at. */
export interface SeriesMoments {
  thing: string
  measure: string
  moments: (Moments & { at: EpochMs })[]
}

/** The store of what is new, and of what came late for days that the lake has. */
export interface HotReader {
  /** Every copy, in the order of positions; the caller settles. */
  copies(range: LakeRange): Promise<SeriesReadings[]> | SeriesReadings[]
  windows(range: LakeRange): Promise<WindowRow[]> | WindowRow[]
  /** Minutes within the range whose windows are not, or not yet, what the readings say: to be recomputed from readings. */
  stale(range: LakeRange): Promise<{ thing: string; minute: number }[]> | { thing: string; minute: number }[]
  /** Lake days within the range on which it holds windows or stale minutes of these devices, ascending. */
  days(range: LakeRange): Promise<number[]> | number[]
  /** Measures that it has seen of these devices. */
  measures(things: readonly string[]): Promise<string[]> | string[]
}

/** What a lake's answer rests on. */
export interface LakeAnswer<T> {
  rows: T[]
  tiers: Tier[]
  /** Stretches whose file could not be read. */
  damaged: { from: EpochMs; to: EpochMs }[]
  /** Days were asked for, and some are days of another zone than the range says. */
  otherZone?: boolean
}

export interface Lake {
  /** What there is for these devices; its open days are those that the lake itself knows of. */
  extent(range: LakeRange): Promise<Extent> | Extent
  readings(range: LakeRange): Promise<LakeAnswer<SeriesReadings>>
  windows(range: LakeRange): Promise<LakeAnswer<WindowRow>>
  moments(
    kind: Exclude<LakeKind, 'readings'>,
    range: LakeRange,
    buckets: NonNullable<Buckets>,
  ): Promise<LakeAnswer<SeriesMoments>>
}
