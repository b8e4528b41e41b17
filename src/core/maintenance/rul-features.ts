import { featureMatrix, type FeatureMatrix } from './feature-matrix.ts'
import { solvePositiveDefinite } from './linear-solve.ts'
import { learnConditions, standardize, type OperatingConditions } from './operating-conditions.ts'
import type { Run } from './run-to-failure.ts'

const WINDOWS = [5, 15, 30]
const DECAYS = [0.05, 0.2]
const WEAR_WINDOWS = [10, 20, 40]
const BASELINE = 15
/** Life left beyond which wear does not show yet (Heimes 2008; the usual cap of C-MAPSS). */
const WEAR_HORIZON = 125

/** What the features need to know of the fleet. Plain values: it travels in a model file. */
export interface RulKnowledge {
  conditions: OperatingConditions
  /** Weights of the standardised sensors, and the offset, of the direction in which machines wear: 0 healthy, 1 failed. */
  wear: { weights: number[]; offset: number }
}

/** Learns regimes and the wear direction from runs that ended in failure. */
export function learnRulKnowledge(runs: readonly Run[]): RulKnowledge {
  const conditions = learnConditions(runs)
  const p = conditions.sensors.length + 1
  const normal = Array.from({ length: p }, () => new Float64Array(p))
  const target = new Float64Array(p)
  for (const run of runs) {
    const sensors = standardize(conditions, run)
    for (let i = 0; i < run.cycles.length; i++) {
      const wear = Math.max(0, 1 - (run.cycles.length - 1 - i) / WEAR_HORIZON)
      const row = [...sensors.map((values) => values[i]!), 1]
      for (let a = 0; a < p; a++) {
        target[a]! += row[a]! * wear
        for (let b = 0; b < p; b++) normal[a]![b]! += row[a]! * row[b]!
      }
    }
  }
  const ridge = 1e-3 * normal[p - 1]![p - 1]!
  for (let a = 0; a < p - 1; a++) normal[a]![a]! += ridge
  const solution = solvePositiveDefinite(normal, target) ?? new Float64Array(p)
  return { conditions, wear: { weights: Array.from(solution.subarray(0, p - 1)), offset: solution[p - 1]! } }
}

/**
 * Features of every cycle of the runs, row after row, each from its own and earlier cycles only: rolling means, exponential
 * means, slopes, and the distance from the unit's own beginning, of sensors standardised by regime and of their wear.
 */
export function rulFeatures(runs: readonly Run[], { conditions, wear }: RulKnowledge): FeatureMatrix {
  const rows = runs.reduce((sum, run) => sum + run.cycles.length, 0)
  const columns: Record<string, Float32Array> = {}
  let offset = 0
  for (const run of runs) {
    const put = (name: string, values: ArrayLike<number>): void => {
      const column = (columns[name] ??= new Float32Array(rows).fill(NaN))
      column.set(values, offset)
    }
    put('cycle', run.cycles)
    const sensors = standardize(conditions, run)
    sensors.forEach((values, k) => {
      const name = `s${conditions.sensors[k]! + 1}`
      for (const w of WINDOWS) put(`${name}.mean${w}`, rollingMean(values, w))
      for (const d of DECAYS) put(`${name}.ewma${d}`, exponentialMean(values, d))
      put(`${name}.slope30`, rollingSlope(values, 30))
      put(`${name}.sinceStart`, sinceStart(values))
    })
    const worn = Float64Array.from(run.cycles, (_, i) =>
      sensors.reduce((sum, values, k) => sum + wear.weights[k]! * values[i]!, wear.offset),
    )
    for (const w of WEAR_WINDOWS) put(`wear.mean${w}`, rollingMean(worn, w))
    for (const d of DECAYS) put(`wear.ewma${d}`, exponentialMean(worn, d))
    for (const w of WEAR_WINDOWS) put(`wear.slope${w}`, rollingSlope(worn, w))
    put('wear.sinceStart', sinceStart(worn))
    put(
      'wear.perCycle',
      exponentialMean(worn, 0.1).map((value, i) => value / run.cycles[i]!),
    )
    offset += run.cycles.length
  }
  return featureMatrix(columns)
}

export function rollingMean(values: Float64Array, window: number): Float64Array {
  let sum = 0
  return values.map((value, i) => {
    sum += value - (i >= window ? values[i - window]! : 0)
    return sum / Math.min(i + 1, window)
  })
}

/** Exponentially weighted mean without the pull of a starting value. */
export function exponentialMean(values: Float64Array, decay: number): Float64Array {
  let sum = 0
  let weight = 0
  return values.map((value) => {
    sum = (1 - decay) * sum + value
    weight = (1 - decay) * weight + 1
    return sum / weight
  })
}

/** Least-squares slope per cycle over the last `window` values; 0 below five. */
export function rollingSlope(values: Float64Array, window: number): Float64Array {
  return values.map((_, i) => {
    const n = Math.min(i + 1, window)
    if (n < 5) return 0
    let sxy = 0
    const centre = (n - 1) / 2
    for (let k = 0; k < n; k++) sxy += (k - centre) * values[i - n + 1 + k]!
    return sxy / ((n * (n * n - 1)) / 12)
  })
}

function sinceStart(values: Float64Array): Float64Array {
  const recent = exponentialMean(values, 0.1)
  const start = rollingMean(values, BASELINE)
  const fixed = start[Math.min(BASELINE, values.length) - 1]!
  return recent.map((value, i) => value - (i < BASELINE ? start[i]! : fixed))
}
