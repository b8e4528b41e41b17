import { MINUTE, type EpochMs } from '../telemetry/reading.ts'
import { endedBy, firstFrom, pool, type MeasureSpans, type Span } from './measure-spans.ts'
import { leastSquares, theilSen } from './trend.ts'

const HOUR = 3_600_000

/** The spans of time that features look back over, by the name they carry in a feature's name. */
export const horizons = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR } as const
export type Horizon = keyof typeof horizons
export const horizonNames = Object.keys(horizons) as Horizon[]

/** Points that a slope is taken through: Theil-Sen is quadratic, and 24 buckets keep a measure below 0.1 ms. */
const SLOPE_BUCKETS = 24

/** What is known of a device besides its windows. Times beyond the cut-off may be there and are not looked at. */
export interface ServiceHistory {
  installedAt: EpochMs | null
  maintainedAt: readonly EpochMs[]
  anomaliesAt: readonly EpochMs[]
}

export interface FeatureOptions {
  /** The device runs in a stretch whose mean of this measure lies above the limit. */
  running?: { measure: string; above: number }
  /** The measure that explains what is normal for the others: load, speed, ambient temperature. */
  load?: string
}

export type SpansByMeasure = Readonly<Record<string, MeasureSpans>>

/**
 * Features of one device as it was known at the cut-off, by name `<measure>.<statistic>.<horizon>`; what cannot be known
 * is NaN. Only stretches that end at or before the cut-off count, and only events before it, so a feature of a past moment
 * is the same whether it is computed then or later.
 */
export function featuresAt(
  series: SpansByMeasure,
  history: ServiceHistory,
  cutoff: EpochMs,
  options: FeatureOptions = {},
): Record<string, number> {
  const features: Record<string, number> = {}
  const load = options.load === undefined ? undefined : series[options.load]
  const loads = load && loadByStart(load, endedBy(load, cutoff))
  for (const [measure, spans] of Object.entries(series)) {
    const end = endedBy(spans, cutoff)
    const starts = horizonNames.map((name) => firstFrom(spans, (cutoff - horizons[name]) / MINUTE))
    const pools = nestedPools(spans, starts, end)
    const expected = loads && spans !== load ? expectationByLoad(spans, starts[3]!, end, loads) : null
    horizonNames.forEach((horizon, h) => {
      const pooled = pools[h]
      const put = (statistic: string, value: number): void => {
        features[`${measure}.${statistic}.${horizon}`] = value
      }
      put('mean', pooled?.mean ?? NaN)
      put('std', pooled ? deviation(pooled) : NaN)
      put('min', pooled?.min ?? NaN)
      put('max', pooled?.max ?? NaN)
      put('slopePerHour', slope(spans, starts[h]!, end, horizons[horizon], cutoff))
      put('ewmaDifference', pooled ? ewma(spans, starts[h]!, end, horizons[horizon] / 4) - pooled.mean : NaN)
      if (expected) put('loadResidual', expected(starts[h]!))
    })
  }
  return { ...features, ...serviceFeatures(series, history, cutoff, options) }
}

/** The moments since each of the starts, which descend in length: each stretch is looked at once. */
function nestedPools(spans: MeasureSpans, starts: readonly number[], end: number): (Span | null)[] {
  const { n, mean, m2, min, max } = spans
  const pools: (Span | null)[] = []
  let pooled: Span | null = null
  let until = end
  for (const start of starts) {
    for (let i = until - 1; i >= start; i--) {
      if (pooled) pool(pooled, n[i]!, mean[i]!, m2[i]!, min[i]!, max[i]!)
      else pooled = { start: 0, end: 0, n: n[i]!, mean: mean[i]!, m2: m2[i]!, min: min[i]!, max: max[i]! }
    }
    until = Math.min(until, start)
    pools.push(pooled && { ...pooled })
  }
  return pools
}

const deviation = ({ n, m2 }: Span): number => (n > 1 ? Math.sqrt(m2 / (n - 1)) : 0)

function serviceFeatures(
  series: SpansByMeasure,
  history: ServiceHistory,
  cutoff: EpochMs,
  { running }: FeatureOptions,
): Record<string, number> {
  const features: Record<string, number> = {}
  const serviced = history.maintainedAt.reduce((last, at) => (at < cutoff ? Math.max(last, at) : last), NEVER)
  const run = running && series[running.measure]
  const runHours = (from: EpochMs): number => {
    if (!run || !running) return NaN
    let minutes = 0
    for (let i = firstFrom(run, from / MINUTE); i < endedBy(run, cutoff); i++)
      if (run.mean[i]! > running.above) minutes += run.end[i]! - run.start[i]!
    return minutes / 60
  }
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

function slope(spans: MeasureSpans, from: number, end: number, horizonMs: number, cutoff: EpochMs): number {
  const bucketMinutes = horizonMs / SLOPE_BUCKETS / MINUTE
  const first = (cutoff - horizonMs) / MINUTE
  const sums = new Float64Array(SLOPE_BUCKETS)
  const counts = new Float64Array(SLOPE_BUCKETS)
  for (let i = from; i < end; i++) {
    const bucket = Math.floor((spans.start[i]! - first) / bucketMinutes)
    sums[bucket]! += spans.mean[i]! * spans.n[i]!
    counts[bucket]! += spans.n[i]!
  }
  const x: number[] = []
  const y: number[] = []
  for (let bucket = 0; bucket < SLOPE_BUCKETS; bucket++) {
    if (counts[bucket] === 0) continue
    x.push((bucket * bucketMinutes) / 60)
    y.push(sums[bucket]! / counts[bucket]!)
  }
  return theilSen(x, y)
}

/** Exponentially weighted mean in time; a gap lets the past fade as it should. */
function ewma(spans: MeasureSpans, from: number, end: number, timeConstantMs: number): number {
  let value = NaN
  let before = 0
  for (let i = from; i < end; i++) {
    const ended = spans.end[i]! * MINUTE
    const keep = i === from ? 0 : Math.exp((before - ended) / timeConstantMs)
    value = (i === from ? 0 : keep * value) + (1 - keep) * spans.mean[i]!
    before = ended
  }
  return value
}

function loadByStart(load: MeasureSpans, end: number): Map<number, number> {
  const loads = new Map<number, number>()
  for (let i = 0; i < end; i++) loads.set(load.start[i]!, load.mean[i]!)
  return loads
}

/** Fits what the measure is expected to be at a load, and gives the mean distance from it since a start; null where nothing pairs. */
function expectationByLoad(
  { start, mean }: MeasureSpans,
  from: number,
  end: number,
  loads: ReadonlyMap<number, number>,
): ((from: number) => number) | null {
  const x: number[] = []
  const y: number[] = []
  const index: number[] = []
  for (let i = from; i < end; i++) {
    const load = loads.get(start[i]!)
    if (load === undefined) continue
    x.push(load)
    y.push(mean[i]!)
    index.push(i)
  }
  const line = leastSquares(x, y)
  if (!line) return null
  return (since) => {
    let sum = 0
    let pairs = 0
    for (let k = index.length - 1; k >= 0 && index[k]! >= since; k--) {
      sum += y[k]! - line.intercept - line.slope * x[k]!
      pairs++
    }
    return pairs > 0 ? sum / pairs : NaN
  }
}
