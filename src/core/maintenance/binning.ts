import type { FeatureMatrix } from './feature-matrix.ts'

/** Bins a feature may have at most, the last one for missing values: a bin is one byte. */
export const BINS = 256
export const MISSING_BIN = BINS - 1

/** Each column as bins. Bin b of a feature holds the values with exactly b cuts at or below them. */
export interface BinnedMatrix {
  readonly rows: number
  readonly bins: readonly Uint8Array[]
  readonly cuts: readonly Float32Array[]
}

/**
 * Cuts each column at quantiles of its distinct values. A value v goes left of cut k if and only if v < cut k in
 * float32, which is XGBoost's own test, so a tree grown on bins scores raw values alike.
 */
export function binMatrix(matrix: FeatureMatrix, maxCuts: number): BinnedMatrix {
  const cuts = matrix.columns.map((column) => cutsOf(column, Math.min(maxCuts, MISSING_BIN - 1)))
  return { rows: matrix.rows, cuts, bins: matrix.columns.map((column, f) => binColumn(column, cuts[f]!)) }
}

function cutsOf(column: Float32Array, maxCuts: number): Float32Array {
  const present = column.filter((value) => !Number.isNaN(value)).sort()
  const distinct = present.filter((value, i) => i === 0 || value !== present[i - 1])
  const cuts: number[] = []
  if (distinct.length <= maxCuts) {
    for (let i = 1; i < distinct.length; i++) cuts.push(between(distinct[i - 1]!, distinct[i]!))
  } else {
    for (let k = 1; k <= maxCuts; k++) {
      const upper = present[Math.floor((k * present.length) / (maxCuts + 1))]!
      const lower = distinct[lowerBound(distinct, upper) - 1]
      if (lower === undefined) continue
      const cut = between(lower, upper)
      if (cuts.at(-1) !== cut) cuts.push(cut)
    }
  }
  // One cut above all values lets a split part what is missing from what is there.
  const top = distinct.at(-1)
  if (top !== undefined && present.length < column.length && cuts.length < MISSING_BIN - 1)
    cuts.push(Math.fround(top + (Math.abs(top) + 1) * 1e-3))
  return Float32Array.from(cuts)
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

function binColumn(column: Float32Array, cuts: Float32Array): Uint8Array {
  const bins = new Uint8Array(column.length)
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (Number.isNaN(value)) {
      bins[row] = MISSING_BIN
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
