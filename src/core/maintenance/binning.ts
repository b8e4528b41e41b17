import type { FeatureMatrix } from './feature-matrix.ts'

/** Threat: a histogram of a node has this many bins a feature, so cost would outgrow the rows. */
const MAX_CUTS = 4096

/** Each column as bins. Bin b of a feature holds the values with exactly b cuts at or below them; the last is missing. */
export interface BinnedMatrix {
  readonly rows: number
  readonly bins: readonly Uint16Array[]
  readonly cuts: readonly Float32Array[]
  /** Bins a feature, and the one of missing values. */
  readonly stride: number
  readonly missing: number
}

/**
 * Cuts each column, half of the cuts at quantiles and half at equal steps, so that the rare values at the ends, where
 * machines fail, are told apart too. A value v goes left of cut k if and only if v < cut k in float32, which is
 * XGBoost's own test, so a tree grown on bins scores raw values alike.
 */
export function binMatrix(matrix: FeatureMatrix, maxCuts: number): BinnedMatrix {
  const cuts = matrix.columns.map((column) => cutsOf(column, Math.min(maxCuts, MAX_CUTS)))
  const missing = 1 + cuts.reduce((most, of) => Math.max(most, of.length), 0)
  return {
    rows: matrix.rows,
    cuts,
    bins: matrix.columns.map((column, f) => binColumn(column, cuts[f]!, missing)),
    missing,
    stride: missing + 1,
  }
}

function cutsOf(column: Float32Array, maxCuts: number): Float32Array {
  const present = column.filter((value) => !Number.isNaN(value)).sort()
  const distinct = present.filter((value, i) => i === 0 || value !== present[i - 1])
  const cuts = new Set<number>()
  if (distinct.length <= maxCuts) {
    for (let i = 1; i < distinct.length; i++) cuts.add(between(distinct[i - 1]!, distinct[i]!))
  } else {
    const [low, high] = [distinct[0]!, distinct.at(-1)!]
    const half = maxCuts >>> 1
    for (let k = 1; k <= half; k++) {
      const byRank = present[Math.floor((k * present.length) / (half + 1))]!
      const byValue = low + (k / (half + 1)) * (high - low)
      for (const target of [byRank, byValue]) {
        const at = lowerBound(distinct, target)
        if (at > 0 && at < distinct.length) cuts.add(between(distinct[at - 1]!, distinct[at]!))
      }
    }
  }
  // One cut above all values lets a split part what is missing from what is there.
  const top = distinct.at(-1)
  if (top !== undefined && present.length < column.length)
    cuts.add(Math.fround(top + (Math.abs(top) + 1) * 1e-3))
  return Float32Array.from(cuts).sort()
}

/** A float32 c with lower < c ≤ upper, in the middle where there is room. */
function between(lower: number, upper: number): number {
  const middle = Math.fround(lower / 2 + upper / 2)
  return middle > lower && middle <= upper ? middle : upper
}

/** Index of the first element that is not below the value. */
function lowerBound(ascending: Float32Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

function binColumn(column: Float32Array, cuts: Float32Array, missing: number): Uint16Array {
  const bins = new Uint16Array(column.length)
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (Number.isNaN(value)) {
      bins[row] = missing
      continue
    }
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (cuts[middle]! <= value) low = middle + 1
      else high = middle
    }
    bins[row] = low
  }
  return bins
}
