import type { Offsets } from './layout.ts'

/**
 * Slope by exponentially weighted least squares (time constant ten minutes), as weighted means and co-moments
 * relative to the newest point, so that single precision suffices whatever the size of times and values.
 */
export const trendFields = {
  trendW: 'f32',
  trendT: 'f32',
  trendY: 'f32',
  trendTT: 'f32',
  trendTY: 'f32',
} as const
export type TrendOffsets = Offsets<typeof trendFields>

export const TREND_TIME_CONSTANT_MINUTES = 10
/** Below this weighted spread of times (min²) two points lie too close together to give a slope. */
const LEAST_SPREAD = 1e-6

/** Forgets everything, as after a counter's reset. */
export function restartTrend(f32: Float32Array, base: number, o: TrendOffsets): void {
  f32[base + o.trendW] = 1
  f32[base + o.trendT] = 0
  f32[base + o.trendY] = 0
  f32[base + o.trendTT] = 0
  f32[base + o.trendTY] = 0
}

/** Adds a point that lies `minutes` after the newest one and `rise` above it; `decay` is e^(−minutes/10). */
export function addToTrend(
  f32: Float32Array,
  base: number,
  o: TrendOffsets,
  minutes: number,
  rise: number,
  decay: number,
): void {
  const w = f32[base + o.trendW]! * decay
  const t = f32[base + o.trendT]! - minutes
  const y = f32[base + o.trendY]! - rise
  const share = w / (w + 1)
  f32[base + o.trendW] = w + 1
  f32[base + o.trendT] = t * share
  f32[base + o.trendY] = y * share
  f32[base + o.trendTT] = f32[base + o.trendTT]! * decay + t * t * share
  f32[base + o.trendTY] = f32[base + o.trendTY]! * decay + t * y * share
}

/** Slope per minute, null while it is not determined. */
export function trendPerMinute(f32: Float32Array, base: number, o: TrendOffsets): number | null {
  const spread = f32[base + o.trendTT]!
  return spread > LEAST_SPREAD ? f32[base + o.trendTY]! / spread : null
}
