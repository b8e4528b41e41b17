import type { FeatureMatrix } from './feature-matrix.ts'
import { roundestBetween } from './round-number.ts'

/** Threat: a histogram of a node has this many bins a feature, so cost would outgrow the rows. */
const MAX_CUTS = 4096

/** Each column as bins. Bin b of a feature holds the values with exactly b cuts at or below them; the last is missing. */
export interface BinnedMatrix {
  readonly rows: number
  readonly columns: readonly Float32Array[]
  readonly bins: readonly Uint16Array[]
  readonly cuts: readonly Float32Array[]
}

/** The bin of what is missing in a feature with so many cuts. */
export const missingBin = (cuts: Float32Array): number => cuts.length + 1

/**
 * Cuts each column. A value v goes left of cut k if and only if v < cut k in float32, which is XGBoost's own test, so a
 * tree grown on bins scores raw values alike. With classes the cuts are where one class meets the other, for no better
 * split lies elsewhere (Fayyad and Irani 1992). Where there are too many, half of the cuts lie at quantiles and half at equal
 * steps, so that the rare values at the ends, where machines fail, are told apart too.
 */
export function binMatrix(matrix: FeatureMatrix, maxCuts: number, classes?: ArrayLike<number>): BinnedMatrix {
  const { rows, columns } = matrix
  const most = Math.min(maxCuts, MAX_CUTS)
  const cuts = columns.map((column) => {
    const gaps = gapsOf(column, classes)
    return cutsOf(column, gaps.length <= most ? gaps : spreadGaps(column, most))
  })
  return { rows, columns, cuts, bins: columns.map((column, f) => binColumn(column, cuts[f]!)) }
}

/** A value that is there, and the next higher one that is. */
type Gap = readonly [lower: number, upper: number]

/** Between which neighbouring values a cut may be worth while. */
function gapsOf(column: Float32Array, classes?: ArrayLike<number>): Gap[] {
  const order = Uint32Array.from(column.keys())
    .filter((row) => !Number.isNaN(column[row]!))
    .sort((a, b) => column[a]! - column[b]!)
  const gaps: Gap[] = []
  /** The class of all rows of the value before, null where they differ. */
  let before: number | null = null
  for (let i = 0; i < order.length;) {
    const value = column[order[i]!]!
    let pure: number | null = classes ? classes[order[i]!]! : null
    const first = i
    for (; i < order.length && column[order[i]!] === value; i++)
      if (classes && classes[order[i]!] !== pure) pure = null
    if (first > 0 && (pure === null || pure !== before)) gaps.push([column[order[first - 1]!]!, value])
    before = pure
  }
  return gaps
}

function spreadGaps(column: Float32Array, most: number): Gap[] {
  const present = column.filter((value) => !Number.isNaN(value)).sort()
  const distinct = present.filter((value, i) => i === 0 || value !== present[i - 1])
  const [low, high] = [distinct[0]!, distinct.at(-1)!]
  const half = most >>> 1
  const gaps: Gap[] = []
  for (let k = 1; k <= half; k++) {
    const byRank = present[Math.floor((k * present.length) / (half + 1))]!
    const byValue = low + (k / (half + 1)) * (high - low)
    for (const target of [byRank, byValue]) {
      const at = lowerBound(distinct, target)
      if (at > 0 && at < distinct.length) gaps.push([distinct[at - 1]!, distinct[at]!])
    }
  }
  return gaps
}

function cutsOf(column: Float32Array, gaps: readonly Gap[]): Float32Array {
  const cuts = new Set(gaps.map(([lower, upper]) => roundestBetween(lower, upper, Math.fround)))
  // One cut above all values lets a split part what is missing from what is there.
  let top = -Infinity
  let missing = false
  for (const value of column) {
    if (value > top) top = value
    missing ||= Number.isNaN(value)
  }
  if (missing && top > -Infinity) cuts.add(Math.fround(top + (Math.abs(top) + 1) * 1e-3))
  return Float32Array.from(cuts).sort()
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

function binColumn(column: Float32Array, cuts: Float32Array): Uint16Array {
  const bins = new Uint16Array(column.length)
  const missing = missingBin(cuts)
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
