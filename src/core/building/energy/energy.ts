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
  const knots = noKnots()
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    if (before === undefined) {
      push(knots, point.at, 0, 0)
      continue
    }
    const gap = point.at - before.at
    if (gap <= longestGapMs) {
      // Half a trapezoid is curved; a knot a minute at most keeps the straight line between knots within it.
      const parts = Math.max(1, Math.min(60, Math.round(gap / 60_000)))
      for (let k = 1; k <= parts; k++) {
        const middle = before.value + ((point.value - before.value) * (k - 0.5)) / parts
        const at = k < parts ? before.at + (gap * k) / parts : point.at
        push(knots, at, (middle * gap) / parts / HOUR, gap / parts)
      }
    } else {
      push(knots, before.at + step, (before.value * step) / HOUR, step)
      push(knots, point.at, 0, 0)
    }
  }
  const last = points.at(-1)
  if (last !== undefined) push(knots, last.at + step, (last.value * step) / HOUR, step)
  return series(knots)
}

/**
 * Energy of a cumulative counter in kWh. A fall is a rollover where the counter's end is known and the value before was
 * in its last tenth, else a reset: the meter started again at zero. A value that leaves the row and comes back is a
 * misreading, and a fall to where no meter could have got since is an exchange. Consumption between two values spreads evenly.
 */
export function energyFromCounter(points: readonly Point[], rolloverKWh?: number): EnergySeries {
  const knots = noKnots()
  const kept = withoutMisreadings(points, rolloverKWh)
  const most = MOST_RATE * usualRate(kept)
  for (const [i, point] of kept.entries()) {
    const before = kept[i - 1]
    const gap = point.at - (before ?? point).at
    const delta = counterDelta((before ?? point).value, point.value, rolloverKWh)
    // A new meter that begins anywhere: nobody knows what was used meanwhile.
    const exchanged = before !== undefined && point.value < before.value && delta > most * gap
    push(knots, point.at, exchanged ? 0 : delta, exchanged ? 0 : gap)
  }
  return series(knots)
}

/** After a fall so many times the usual rate is not what a meter has counted since its reset. */
const MOST_RATE = 20

/** kWh per ms that three of four rising steps stay below; Infinity where nothing rises. */
function usualRate(points: readonly Point[]): number {
  const rates = points.flatMap(({ at, value }, i) => {
    const before = points[i - 1]
    return before !== undefined && value > before.value ? [(value - before.value) / (at - before.at)] : []
  })
  rates.sort((a, b) => a - b)
  return rates[Math.floor(0.75 * (rates.length - 1))] ?? Infinity
}

/** A misreading lasts no longer than this many values. */
const LONGEST_MISREADING = 5

function withoutMisreadings(points: readonly Point[], rolloverKWh: number | undefined): Point[] {
  const kept: Point[] = []
  for (let i = 0; i < points.length; i++) {
    const point = points[i]!
    const before = kept.at(-1)
    if (before !== undefined) {
      const after = points.slice(i + 1, i + 1 + LONGEST_MISREADING)
      // Up and back again to where it was: a counter that falls by itself would not stop above its former value.
      const falls = after.findIndex(({ value }) => value < point.value)
      if (point.value > before.value && falls >= 0 && after[falls]!.value >= before.value) continue
      // Down and back in one leap: what was reset climbs in steps.
      const rolled = rolloverKWh !== undefined && before.value > 0.9 * rolloverKWh
      const back = after.findIndex(({ value }) => value >= before.value)
      const low = back <= 0 ? point : after[back - 1]!
      const leap = back >= 0 && after[back]!.value - low.value > 0.5 * (before.value - point.value)
      if (point.value < before.value && leap && !rolled) continue
    }
    kept.push(point)
  }
  return kept
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

/** Energy that is known by spans, as it was stored: even within each, nothing between them. Spans ascend and do not overlap. */
export function energyFromSpans(spans: readonly { from: EpochMs; to: EpochMs; kWh: number }[]): EnergySeries {
  const knots = noKnots()
  for (const { from, to, kWh } of spans) {
    push(knots, from, 0, 0)
    push(knots, to, kWh, to - from)
  }
  return series(knots)
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

/**
 * Energy and coverage since the knot before, at ascending times; even in between. Not cumulative: a sum since whenever
 * reading began would give the same hour other last digits when it is computed again.
 */
interface Knots {
  at: number[]
  kWh: number[]
  covered: number[]
}

const noKnots = (): Knots => ({ at: [], kWh: [], covered: [] })

function push({ at, kWh, covered }: Knots, time: number, energy: number, coveredMs: number): void {
  const last = at.length - 1
  if (last >= 0 && time <= at[last]!) {
    kWh[last]! += energy
    covered[last]! += coveredMs
    return
  }
  at.push(time)
  kWh.push(energy)
  covered.push(coveredMs)
}

function series({ at, kWh, covered }: Knots): EnergySeries {
  const n = at.length
  /** First knot after a moment. */
  const after = (t: number): number => {
    let [low, high] = [0, n]
    while (low < high) {
      const middle = (low + high) >> 1
      if (at[middle]! > t) high = middle
      else low = middle + 1
    }
    return low
  }
  return {
    from: at[0] ?? 0,
    to: at[n - 1] ?? 0,
    between(from, to) {
      const sum: Energy = { kWh: 0, coveredMs: 0 }
      for (let i = Math.max(1, after(from)); i < n && at[i - 1]! < to; i++) {
        const share = (Math.min(to, at[i]!) - Math.max(from, at[i - 1]!)) / (at[i]! - at[i - 1]!)
        sum.kWh += share * kWh[i]!
        sum.coveredMs += share * covered[i]!
      }
      return sum
    },
  }
}

function typicalStep(points: readonly Point[], longestGapMs: number): number {
  const steps = points.slice(1).map((p, i) => p.at - points[i]!.at)
  steps.sort((a, b) => a - b)
  return Math.min(longestGapMs, steps[Math.floor(steps.length / 2)] ?? 60_000)
}
