import type { EpochMs } from '../../telemetry/reading.ts'
import { mean, type WindowRow } from '../../window/window.ts'

const HOUR = 3_600_000

export interface Energy {
  kWh: number
  /** How much of the span was measured; the rest counts as nothing, not as zero consumption known. */
  coveredMs: number
}

/** Energy of one meter as a function of time. Additive: the energies of adjacent spans sum to that of the whole. */
export interface EnergySeries {
  /** Energy of the half-open span from ≤ t < to. */
  between(from: EpochMs, to: EpochMs): Energy
  /** Where measurement begins and ends. */
  readonly from: EpochMs
  readonly to: EpochMs
}

export interface Point {
  at: EpochMs
  value: number
}

/** A gap longer than this is unknown: power is neither interpolated nor held across it. */
export const LONGEST_GAP_MS = 15 * 60_000

/**
 * Integrates power in kW by the trapezoid rule between points no further apart than `longestGapMs`. Beyond that the
 * last power is held for one typical step (as a device that reports on change means it) and the rest is not covered.
 * Points ascend by time.
 */
export function energyFromPower(points: readonly Point[], longestGapMs = LONGEST_GAP_MS): EnergySeries {
  const step = typicalStep(points, longestGapMs)
  const knots: Knots = { at: [], kWh: [], covered: [] }
  let [total, covered] = [0, 0]
  const knot = (at: EpochMs): void => push(knots, at, total, covered)
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    if (before !== undefined) {
      const gap = point.at - before.at
      if (gap <= longestGapMs) {
        // Half a trapezoid is curved; a knot a minute at most keeps the straight line between knots within it.
        const parts = Math.max(1, Math.min(60, Math.round(gap / 60_000)))
        for (let k = 1; k <= parts; k++) {
          const middle = before.value + ((point.value - before.value) * (k - 0.5)) / parts
          total += (middle * gap) / parts / HOUR
          covered += gap / parts
          if (k < parts) knot(before.at + (gap * k) / parts)
        }
      } else {
        total += (before.value * step) / HOUR
        covered += step
        knot(before.at + step)
      }
    }
    knot(point.at)
  }
  const last = points.at(-1)
  if (last !== undefined) {
    total += (last.value * step) / HOUR
    covered += step
    knot(last.at + step)
  }
  return series(knots)
}

/**
 * Energy of a cumulative counter in kWh. A fall is a rollover where the counter's end is known and the value before was
 * in its last tenth, else a reset: the meter started again at zero. Consumption between two values spreads evenly.
 */
export function energyFromCounter(points: readonly Point[], rolloverKWh?: number): EnergySeries {
  const knots: Knots = { at: [], kWh: [], covered: [] }
  let [total, covered] = [0, 0]
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    if (before !== undefined) {
      total += counterDelta(before.value, point.value, rolloverKWh)
      covered += point.at - before.at
    }
    push(knots, point.at, total, covered)
  }
  return series(knots)
}

function counterDelta(before: number, now: number, rolloverKWh: number | undefined): number {
  if (now >= before) return now - before
  return rolloverKWh !== undefined && before > 0.9 * rolloverKWh ? rolloverKWh - before + now : now
}

/** Power windows of one measure as points at the middle of their minutes, which the trapezoid rule wants. */
export const powerPoints = (windows: readonly WindowRow[], kilowattsPerUnit = 1): Point[] =>
  windows
    .filter((w) => w.n > 0)
    .map((w) => ({ at: w.minute * 60_000 + 30_000, value: mean(w) * kilowattsPerUnit }))
    .sort((a, b) => a.at - b.at)

/** Counter windows of one measure as points at the ends of their minutes. */
export const counterPoints = (windows: readonly WindowRow[], kWhPerUnit = 1): Point[] =>
  windows
    .filter((w) => w.n > 0)
    .map((w) => ({ at: (w.minute + 1) * 60_000, value: w.last * kWhPerUnit }))
    .sort((a, b) => a.at - b.at)

export interface HourOfEnergy extends Energy {
  from: EpochMs
}

/** Energy by universal hour over a range; the first and last hour are clipped to it. */
export function hourlyEnergy(meter: EnergySeries, from: EpochMs, to: EpochMs): HourOfEnergy[] {
  const hours: HourOfEnergy[] = []
  for (let at = from; at < to;) {
    const end = Math.min(to, (Math.floor(at / HOUR) + 1) * HOUR)
    hours.push({ from: at, ...meter.between(at, end) })
    at = end
  }
  return hours
}

/** Splits a meter's energy over zones by their shares; what the shares leave goes under ''. */
export function energyByZone(kWh: number, shares: Readonly<Record<string, number>>): Record<string, number> {
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0)
  const scale = given > 1 ? 1 / given : 1
  const zones: Record<string, number> = {}
  for (const [zone, share] of Object.entries(shares)) zones[zone] = kWh * share * scale
  const rest = kWh * (1 - given * scale)
  if (rest > 1e-12) zones[''] = rest
  return zones
}

/** Cumulative energy and coverage at ascending times; straight between. */
interface Knots {
  at: number[]
  kWh: number[]
  covered: number[]
}

function push(knots: Knots, at: number, kWh: number, covered: number): void {
  const n = knots.at.length
  // A second value for the same moment replaces the first.
  const i = n > 0 && at <= knots.at[n - 1]! ? n - 1 : n
  if (i === n) knots.at.push(at)
  knots.kWh[i] = kWh
  knots.covered[i] = covered
}

function series(knots: Knots): EnergySeries {
  const { at, kWh, covered } = knots
  const n = at.length
  const cumulative = (t: number): [number, number] => {
    if (n === 0 || t <= at[0]!) return [0, 0]
    if (t >= at[n - 1]!) return [kWh[n - 1]!, covered[n - 1]!]
    let [low, high] = [0, n - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (at[middle]! <= t) low = middle
      else high = middle
    }
    const f = (t - at[low]!) / (at[high]! - at[low]!)
    return [kWh[low]! + f * (kWh[high]! - kWh[low]!), covered[low]! + f * (covered[high]! - covered[low]!)]
  }
  return {
    from: at[0] ?? 0,
    to: at[n - 1] ?? 0,
    between(from, to) {
      const a = cumulative(from)
      const b = cumulative(to)
      return { kWh: b[0] - a[0], coveredMs: b[1] - a[1] }
    },
  }
}

function typicalStep(points: readonly Point[], longestGapMs: number): number {
  const steps = points.slice(1).map((p, i) => p.at - points[i]!.at)
  steps.sort((a, b) => a - b)
  return Math.min(longestGapMs, steps[Math.floor(steps.length / 2)] ?? 60_000)
}
