import { MINUTE, type EpochMs } from '../telemetry/reading.ts'
import type { WindowRow } from '../window/window.ts'

/**
 * One measure's closed stretches of time in ascending order, by column: hours, and minutes where hours are too coarse.
 * `start` and `end` in minutes since the epoch, half-open; then the moments of what was measured in between.
 */
export interface MeasureSpans {
  start: Float64Array
  end: Float64Array
  n: Float64Array
  mean: Float64Array
  /** Sum of squared distances from the mean. */
  m2: Float64Array
  min: Float64Array
  max: Float64Array
}

/** One stretch by itself. */
export interface Span {
  start: number
  end: number
  n: number
  mean: number
  m2: number
  min: number
  max: number
}

export const HOUR_MINUTES = 60
export const hourOf = (at: EpochMs): number => Math.floor(at / MINUTE / HOUR_MINUTES)

export const spanOfWindow = ({ minute, n, sum, m2, min, max }: WindowRow): Span => ({
  start: minute,
  end: minute + 1,
  n,
  mean: sum / n,
  m2,
  min,
  max,
})

/** Adds a stretch to the moments of `into`, whose own ends stay (Chan, Golub and LeVeque 1979). */
export function pool(into: Span, n: number, mean: number, m2: number, min: number, max: number): void {
  const all = into.n + n
  const distance = mean - into.mean
  into.m2 += m2 + (distance * distance * into.n * n) / all
  into.mean += (distance * n) / all
  into.n = all
  if (min < into.min) into.min = min
  if (max > into.max) into.max = max
}

/** Columns of ascending stretches. */
export function columnsOf(spans: readonly Span[]): MeasureSpans {
  const column = (value: (span: Span) => number) => Float64Array.from(spans, value)
  return {
    start: column((s) => s.start),
    end: column((s) => s.end),
    n: column((s) => s.n),
    mean: column((s) => s.mean),
    m2: column((s) => s.m2),
    min: column((s) => s.min),
    max: column((s) => s.max),
  }
}

/** Index of the first stretch that begins at or after this minute. */
export function firstFrom({ start }: MeasureSpans, minute: number): number {
  let low = 0
  let high = start.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[middle]! < minute) low = middle + 1
    else high = middle
  }
  return low
}

/** Number of stretches that had ended by the cut-off. */
export function endedBy({ end }: MeasureSpans, cutoff: EpochMs): number {
  let low = 0
  let high = end.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (end[middle]! * MINUTE <= cutoff) low = middle + 1
    else high = middle
  }
  return low
}
