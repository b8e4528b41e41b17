import { cholesky, substitute } from './linear-solve.ts'
import { medianInPlace } from './trend.ts'

/** What a device is like when it is well, learned from a period that is taken as healthy. Plain values. */
export interface HealthyPeriod {
  features: string[]
  mean: number[]
  std: number[]
  /** Lower triangle of the shrunk correlation matrix, row by row. */
  factor: number[][]
  /** Median distance of the healthy rows, and the distance at which the index is 50. */
  usual: number
  limit: number
}

export type FeatureRow = Readonly<Record<string, number>>

/** Spreads beyond the usual distance at which health counts as half gone. */
const LIMIT_SPREADS = 8

/** Parts that are each judged by what the others taught, so that the usual distance is that of hours not yet seen. */
const PARTS = 4

/**
 * Learns the healthy state: means, deviations and a correlation matrix shrunk towards independence by as much as the
 * sample is too small to tell (Ledoit and Wolf 2004, eq. 14, on standardised features). Features that never change or are
 * not known are left out. Rows are in the order of time. Null below ten rows or without any feature.
 */
export function learnHealthy(rows: readonly FeatureRow[]): HealthyPeriod | null {
  if (rows.length < 10) return null
  const state = learnState(rows)
  if (!state) return null
  const distances = Float64Array.from(unseenDistances(rows) ?? rows.map(healthMeter(state)))
  const usual = medianInPlace(distances)
  const spread = 1.4826 * medianInPlace(distances.map((d) => Math.abs(d - usual)))
  return { ...state, usual, limit: usual + LIMIT_SPREADS * Math.max(spread, 0.01 * usual) }
}

/** Threat: the factor grows with the square, and an item of DynamoDB holds 400 KB. The first ones by name count. */
const MOST_FEATURES = 120

type HealthyState = Pick<HealthyPeriod, 'features' | 'mean' | 'std' | 'factor'>

function learnState(rows: readonly FeatureRow[]): HealthyState | null {
  const features: string[] = []
  const mean: number[] = []
  const std: number[] = []
  const names = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) names.add(name)
  const values = new Float64Array(rows.length)
  for (const name of [...names].sort()) {
    if (features.length === MOST_FEATURES) break
    let n = 0
    let sum = 0
    for (const row of rows) {
      const value = row[name] ?? NaN
      if (!Number.isFinite(value)) continue
      values[n++] = value
      sum += value
    }
    if (n < rows.length / 2) continue
    const average = sum / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += (values[i]! - average) ** 2
    const deviation = Math.sqrt(squares / (n - 1))
    if (!(deviation > 1e-9 * Math.abs(average))) continue
    features.push(name)
    mean.push(average)
    std.push(deviation)
  }
  if (features.length === 0) return null
  const factor = cholesky(shrunkCorrelation(rows.map((row) => standardized({ features, mean, std }, row))))
  return factor && { features, mean, std, factor: factor.map((row) => Array.from(row)) }
}

/** Each row's distance from what the other parts of the period were like; null where they are too few to tell. */
function unseenDistances(rows: readonly FeatureRow[]): number[] | null {
  if (rows.length < 10 * PARTS) return null
  const distances: number[] = []
  for (let part = 0; part < PARTS; part++) {
    const [from, to] = [part, part + 1].map((p) => Math.floor((p * rows.length) / PARTS)) as [number, number]
    const state = learnState([...rows.slice(0, from), ...rows.slice(to)])
    if (!state) return null
    distances.push(...rows.slice(from, to).map(healthMeter(state)))
  }
  return distances
}

/** Mahalanobis distance to the healthy period per square root of the number of features: about 1 when healthy. */
export function healthMeter(period: HealthyState): (row: FeatureRow) => number {
  const factor = period.factor.map((line) => Float64Array.from(line))
  return (row) => {
    const white = substitute(factor, standardized(period, row))
    return Math.sqrt(white.reduce((sum, value) => sum + value * value, 0) / white.length)
  }
}

/** Health from 100 (as in the healthy period) by 50 (at its limit) towards 0, halving with each such distance. */
export const healthIndex = ({ usual, limit }: HealthyPeriod, distance: number): number =>
  100 * 2 ** (-Math.max(0, distance - usual) / (limit - usual))

/** Deviations of one row's features from the healthy mean, the largest first; what is not known is left out. */
export function deviations(period: HealthyPeriod, row: FeatureRow): { feature: string; sigmas: number }[] {
  return period.features
    .map((feature, i) => ({ feature, sigmas: ((row[feature] ?? NaN) - period.mean[i]!) / period.std[i]! }))
    .filter(({ sigmas }) => Number.isFinite(sigmas))
    .sort((a, b) => Math.abs(b.sigmas) - Math.abs(a.sigmas))
}

/** Missing features stand at their mean, so that they speak neither for nor against. */
function standardized({ features, mean, std }: Omit<HealthyState, 'factor'>, row: FeatureRow) {
  const scores = new Float64Array(features.length)
  for (let i = 0; i < scores.length; i++) {
    const z = ((row[features[i]!] ?? NaN) - mean[i]!) / std[i]!
    scores[i] = Number.isFinite(z) ? z : 0
  }
  return scores
}

/** Loops over columns: with closures a row this was a tenth of what judging a machine takes (`npm run -s bench -- scoring`). */
function shrunkCorrelation(z: readonly Float64Array[]): Float64Array[] {
  const p = z[0]!.length
  const n = z.length
  const columns = Array.from({ length: p }, () => new Float64Array(n))
  for (let a = 0; a < p; a++) for (let i = 0; i < n; i++) columns[a]![i] = z[i]![a]!
  const sample = columns.map(() => new Float64Array(p))
  for (let a = 0; a < p; a++)
    for (let b = 0; b <= a; b++) {
      const [x, y] = [columns[a]!, columns[b]!]
      let sum = 0
      for (let i = 0; i < n; i++) sum += x[i]! * y[i]!
      sample[a]![b] = sample[b]![a] = sum / n
    }
  const target = sample.reduce((sum, row, a) => sum + row[a]!, 0) / p
  let spread = 0
  let error = 0
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const [x, y, mean] = [columns[a]!, columns[b]!, sample[a]![b]!]
      spread += (mean - (a === b ? target : 0)) ** 2
      for (let i = 0; i < n; i++) error += (x[i]! * y[i]! - mean) ** 2 / (n * n)
    }
  }
  // A little is always shrunk, so that two copies of one feature leave the matrix invertible.
  const shrink = Math.min(1, Math.max(spread > 0 ? error / spread : 1, 1e-3))
  return sample.map((row, a) => row.map((value, b) => (1 - shrink) * value + (a === b ? shrink * target : 0)))
}

/**
 * How far a machine is from its healthy self, as features: `<measure>.sigmas.<horizon>` for the mean of each measure, and
 * the mean distance of the hours of each horizon. Unlike levels, they mean the same for every machine.
 */
export function healthFeatures(
  period: HealthyPeriod,
  features: FeatureRow,
  distances: readonly { at: number; distance: number }[],
  cutoff: number,
): Record<string, number> {
  const found: Record<string, number> = { 'health.distance.1h': healthMeter(period)(features) / period.limit }
  for (const [horizon, ms] of Object.entries({ '24h': 86_400_000, '7d': 604_800_000 })) {
    const within = distances.filter(({ at }) => at >= cutoff - ms && at < cutoff)
    found[`health.distance.${horizon}`] =
      within.reduce((sum, { distance }) => sum + distance, 0) / within.length / period.limit
  }
  period.features.forEach((name, i) => {
    const [, measure] = /^(.*)\.mean\.1h$/.exec(name) ?? []
    if (measure === undefined) return
    for (const horizon of ['1h', '24h'])
      found[`${measure}.sigmas.${horizon}`] =
        ((features[`${measure}.mean.${horizon}`] ?? NaN) - period.mean[i]!) / period.std[i]!
  })
  return found
}
