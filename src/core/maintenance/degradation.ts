import type { Random } from './seeded-random.ts'
import type { TimeToFailure } from './weibull.ts'

export interface DegradationPoint {
  /** In any unit of time; the answer is in the same. */
  time: number
  value: number
}

const PATHS = 2000
/** Standard errors by which growth must be above nothing, else there is no trend to follow. */
const SIGNIFICANT = 3

/**
 * Time until a growing signal first passes its limit, S(t) = floor + θ·exp(β·t) (Gebraeel et al. 2005): least squares on
 * ln(S − floor), quantiles over sampled (θ, β). Zero where the fit has passed the limit. Null with fewer than five points
 * above the floor or where no significant growth shows. Paths that shrink never fail, so `p90` may be infinite.
 */
export function firstPassage(
  points: readonly DegradationPoint[],
  limit: { floor: number; failure: number },
  now: number,
  random: Random,
): TimeToFailure | null {
  const above = points.filter(({ time, value }) => time <= now && value > limit.floor)
  if (above.length < 5 || limit.failure <= limit.floor) return null
  const n = above.length
  const y = above.map(({ value }) => Math.log(value - limit.floor))
  const centre = above.reduce((sum, { time }) => sum + time, 0) / n
  const level = y.reduce((sum, value) => sum + value, 0) / n
  const sxx = above.reduce((sum, { time }) => sum + (time - centre) ** 2, 0)
  const rate = above.reduce((sum, { time }, i) => sum + (time - centre) * (y[i]! - level), 0) / sxx
  const residual = above.reduce((sum, { time }, i) => sum + (y[i]! - level - rate * (time - centre)) ** 2, 0)
  const sigma = Math.sqrt(residual / (n - 2))
  const rateError = sigma / Math.sqrt(sxx)
  if (!(sxx > 0) || !(rate > SIGNIFICANT * rateError)) return null
  const target = Math.log(limit.failure - limit.floor)
  const passages = Float64Array.from({ length: PATHS }, () => {
    const slope = rate + rateError * normal(random)
    const start = level + (sigma / Math.sqrt(n)) * normal(random) + slope * (now - centre)
    if (start >= target) return 0
    return slope > 0 ? (target - start) / slope : Infinity
  }).sort()
  const quantile = (q: number): number => passages[Math.floor(q * (PATHS - 1))]!
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9) }
}

/** A standard normal deviate (Box and Muller 1958). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
