import { MINUTE, type EpochMs } from '../telemetry/reading.ts'
import { mean, merge, std, type Moments, type WindowRow } from '../window/window.ts'
import { leastSquares, theilSen } from './trend.ts'

const HOUR = 3_600_000

/** The spans that features look back over, by the name they carry in a feature's name. */
export const horizons = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR } as const
export type Horizon = keyof typeof horizons
const horizonNames = Object.keys(horizons) as Horizon[]

/** Points that a slope is taken through: Theil-Sen is quadratic, and 24 buckets keep a measure below 0.1 ms. */
const SLOPE_BUCKETS = 24

/** One measure's closed windows in ascending order, each covering `spanMinutes` from its `minute` on. */
export interface WindowSeries {
  spanMinutes: number
  rows: readonly WindowRow[]
}

/** What is known of a device besides its windows. Times beyond the cut-off may be there and are not looked at. */
export interface ServiceHistory {
  installedAt: EpochMs | null
  maintainedAt: readonly EpochMs[]
  anomaliesAt: readonly EpochMs[]
}

export interface FeatureOptions {
  /** The device runs in a window whose mean of this measure lies above the limit. */
  running?: { measure: string; above: number }
  /** The measure that explains what is normal for the others: load, speed, ambient temperature. */
  load?: string
}

/**
 * Features of one device as it was known at the cut-off, by name `<measure>.<statistic>.<horizon>`; what cannot be known
 * is NaN. Only windows that end at or before the cut-off count, and only events before it, so a feature of a past moment
 * is the same whether it is computed then or later.
 */
export function featuresAt(
  series: Readonly<Record<string, WindowSeries>>,
  history: ServiceHistory,
  cutoff: EpochMs,
  options: FeatureOptions = {},
): Record<string, number> {
  const features: Record<string, number> = {}
  const known = Object.fromEntries(
    Object.entries(series).map(([name, s]) => [name, { ...s, rows: until(s, cutoff) }]),
  )
  const load = options.load === undefined ? undefined : known[options.load]
  const loads = new Map(load?.rows.map((row) => [row.minute, mean(row)]))
  for (const [measure, s] of Object.entries(known)) {
    const expected = load && load !== s ? expectationByLoad(since(s, cutoff - horizons['30d']), loads) : null
    for (const horizon of horizonNames) {
      const rows = since(s, cutoff - horizons[horizon])
      const moments = rows.reduce<Moments | null>((sum, row) => (sum ? merge(sum, row) : row), null)
      const put = (statistic: string, value: number): void => {
        features[`${measure}.${statistic}.${horizon}`] = value
      }
      put('mean', moments ? mean(moments) : NaN)
      put('std', moments ? std(moments) : NaN)
      put('min', moments?.min ?? NaN)
      put('max', moments?.max ?? NaN)
      put('slopePerHour', slope(rows, horizons[horizon], cutoff))
      put('ewmaDifference', moments ? ewma(rows, s.spanMinutes, horizons[horizon] / 4) - mean(moments) : NaN)
      if (expected) put('loadResidual', expected(rows))
    }
  }
  return { ...features, ...serviceFeatures(known, history, cutoff, options) }
}

function serviceFeatures(
  known: Readonly<Record<string, WindowSeries>>,
  history: ServiceHistory,
  cutoff: EpochMs,
  { running }: FeatureOptions,
): Record<string, number> {
  const features: Record<string, number> = {}
  const serviced = history.maintainedAt.reduce((last, at) => (at < cutoff ? Math.max(last, at) : last), NEVER)
  const run = running && known[running.measure]
  const runHours = (from: EpochMs): number =>
    run && running
      ? (since(run, from).filter((row) => mean(row) > running.above).length * run.spanMinutes) / 60
      : NaN
  for (const horizon of horizonNames) {
    const from = cutoff - horizons[horizon]
    features[`anomalies.count.${horizon}`] = history.anomaliesAt.filter(
      (at) => at >= from && at < cutoff,
    ).length
    features[`runHours.sum.${horizon}`] = runHours(from)
  }
  const { installedAt } = history
  const installed = installedAt !== null && installedAt < cutoff ? installedAt : NaN
  features['age.hours'] = (cutoff - installed) / HOUR
  features['maintenance.hoursSince'] = serviced === NEVER ? NaN : (cutoff - serviced) / HOUR
  features['maintenance.runHoursSince'] = serviced === NEVER ? NaN : runHours(serviced)
  return features
}

const NEVER = -Infinity

const endOf = (row: WindowRow, spanMinutes: number): EpochMs => (row.minute + spanMinutes) * MINUTE

/** Windows that had ended by the cut-off. */
function until({ rows, spanMinutes }: WindowSeries, cutoff: EpochMs): readonly WindowRow[] {
  return rows.slice(
    0,
    firstWhere(rows, (row) => endOf(row, spanMinutes) > cutoff),
  )
}

/** Windows that began at or after the time. */
function since({ rows }: WindowSeries, from: EpochMs): readonly WindowRow[] {
  return rows.slice(firstWhere(rows, (row) => row.minute * MINUTE >= from))
}

/** Index of the first row from which the predicate holds for good; binary search. */
function firstWhere(rows: readonly WindowRow[], predicate: (row: WindowRow) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (predicate(rows[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

function slope(rows: readonly WindowRow[], horizonMs: number, cutoff: EpochMs): number {
  const buckets = new Map<number, Moments>()
  for (const row of rows) {
    const bucket = Math.floor(((row.minute * MINUTE - (cutoff - horizonMs)) / horizonMs) * SLOPE_BUCKETS)
    const so = buckets.get(bucket)
    buckets.set(bucket, so ? merge(so, row) : row)
  }
  const bucketHours = horizonMs / SLOPE_BUCKETS / HOUR
  return theilSen(
    [...buckets.keys()].map((bucket) => bucket * bucketHours),
    [...buckets.values()].map(mean),
  )
}

/** Exponentially weighted mean in time; a gap lets the past fade as it should. */
function ewma(rows: readonly WindowRow[], spanMinutes: number, timeConstantMs: number): number {
  let value = NaN
  let before = 0
  for (const row of rows) {
    const end = endOf(row, spanMinutes)
    const keep = Number.isNaN(value) ? 0 : Math.exp((before - end) / timeConstantMs)
    value = (Number.isNaN(value) ? 0 : keep * value) + (1 - keep) * mean(row)
    before = end
  }
  return value
}

/** Fits what the measure is expected to be at a load, and gives the mean distance from it; null where nothing pairs. */
function expectationByLoad(rows: readonly WindowRow[], loads: ReadonlyMap<number, number>) {
  const paired = (of: readonly WindowRow[]) => of.filter((row) => loads.has(row.minute))
  const xs = (of: readonly WindowRow[]) => of.map((row) => loads.get(row.minute)!)
  const fitted = paired(rows)
  const line = leastSquares(xs(fitted), fitted.map(mean))
  if (!line) return null
  return (of: readonly WindowRow[]): number => {
    const pairs = paired(of)
    if (pairs.length === 0) return NaN
    const atLoad = xs(pairs)
    return (
      pairs.reduce((sum, row, i) => sum + mean(row) - line.intercept - line.slope * atLoad[i]!, 0) /
      pairs.length
    )
  }
}
