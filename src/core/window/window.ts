import type { EpochMs } from '../telemetry/reading.ts'

/** Mergeable moments of a set of readings: n, sum and M2 give mean and sample standard deviation. */
export interface Moments {
  n: number
  sum: number
  /** Sum of squared distances from the mean (Welford 1962). */
  m2: number
  min: number
  max: number
  first: number
  last: number
}

/**
 * One minute of one series. `version` is the newest receipt that went in, of a repaired one it may be the time of its
 * repair; a streamed one never replaces a repaired one (docs/adr/0003).
 */
export interface WindowRow extends Moments {
  thing: string
  measure: string
  minute: number
  version: EpochMs
  repaired: boolean
}

export const mean = (w: Moments): number => w.sum / w.n
/** Sample standard deviation; 0 for a single reading. */
export const std = (w: Moments): number => (w.n > 1 ? Math.sqrt(w.m2 / (w.n - 1)) : 0)

/** Moments of a one-element set. */
export const momentsOf = (value: number): Moments => ({
  n: 1,
  sum: value,
  m2: 0,
  min: value,
  max: value,
  first: value,
  last: value,
})

/** Adds a later value in place. Welford 1962 with the mean taken from the sum, so that the sum stays exact. */
export function add(w: Moments, value: number): void {
  const before = value - w.sum / w.n
  w.n += 1
  w.sum += value
  w.m2 += before * (value - w.sum / w.n)
  if (value < w.min) w.min = value
  if (value > w.max) w.max = value
  w.last = value
}

/** Moments of the union of two sets, `b` being the later one (Chan, Golub and LeVeque 1979). */
export function merge(a: Moments, b: Moments): Moments {
  const n = a.n + b.n
  const distance = b.sum / b.n - a.sum / a.n
  return {
    n,
    sum: a.sum + b.sum,
    m2: a.m2 + b.m2 + (distance * distance * a.n * b.n) / n,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    first: a.first,
    last: b.last,
  }
}
