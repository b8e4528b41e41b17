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

/** Columns of ascending stretches. A loop, for Float64Array.from takes ten times as long (`npm run -s bench -- scoring`). */
export function columnsOf(spans: readonly Span[]): MeasureSpans {
  const column = () => new Float64Array(spans.length)
  const columns = {
    start: column(),
    end: column(),
    n: column(),
    mean: column(),
    m2: column(),
    min: column(),
    max: column(),
  }
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i]!
    columns.start[i] = span.start
    columns.end[i] = span.end
    columns.n[i] = span.n
    columns.mean[i] = span.mean
    columns.m2[i] = span.m2
    columns.min[i] = span.min
    columns.max[i] = span.max
  }
  return columns
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
