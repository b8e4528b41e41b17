import { missingBin, type BinnedMatrix } from './binning.ts'
import type { Tree } from './boosted-trees.ts'
import { roundestBetween } from './round-number.ts'

export interface TreeParams {
  maxDepth: number
  maxLeaves: number
  learningRate: number
  /** L2 penalty on leaf weights. */
  lambda: number
  /** Least gain that a split must bring. */
  gamma: number
  /** Least sum of hessians on either side of a split. */
  minChildWeight: number
}

interface Split {
  gain: number
  feature: number
  cut: number
  defaultLeft: boolean
}

interface Leaf {
  node: number
  depth: number
  rows: Uint32Array
  histogram: Float64Array
  g: number
  h: number
  split: Split | null
}

/**
 * Grows one tree best-first on gradient histograms (Friedman 2001 with the second-order gain of Chen and Guestrin 2016,
 * eq. 7; missing values by their algorithm 3). A child's histogram is its parent's less its sibling's.
 */
export function growTree(
  binned: BinnedMatrix,
  gradient: Float64Array,
  hessian: Float64Array,
  rows: Uint32Array,
  features: Uint32Array,
  params: TreeParams,
): Tree {
  const nodes = emptyTree()
  const scratch = { g: new Float64Array(rows.length), h: new Float64Array(rows.length) }
  const offsets = offsetsOf(binned, features)
  const histogramOf = (of: Uint32Array) =>
    buildHistogram(binned, gradient, hessian, of, features, offsets, scratch)
  const leafOf = (node: number, depth: number, of: Uint32Array, histogram: Float64Array): Leaf => {
    let g = 0
    let h = 0
    for (const row of of) {
      g += gradient[row]!
      h += hessian[row]!
    }
    const weight = -g / (h + params.lambda)
    nodes.weight[node] = Math.fround(weight)
    nodes.condition[node] = Math.fround(weight * params.learningRate)
    nodes.cover[node] = Math.fround(h)
    const split =
      depth < params.maxDepth ? bestSplit(binned, histogram, features, offsets, g, h, params) : null
    return { node, depth, rows: of, histogram, g, h, split }
  }

  addNode(nodes, 2147483647)
  const open = [leafOf(0, 0, rows, histogramOf(rows))]
  for (let leaves = 1; leaves < params.maxLeaves; leaves++) {
    const next = takeBest(open)
    if (!next?.split) break
    const { split, node, depth, histogram } = next
    const [leftRows, rightRows] = partition(binned, next.rows, split)
    const [left, right] = [addNode(nodes, node), addNode(nodes, node)]
    nodes.left[node] = left
    nodes.right[node] = right
    nodes.feature[node] = split.feature
    nodes.condition[node] = thresholdOf(binned, split, leftRows, rightRows)
    nodes.defaultLeft[node] = split.defaultLeft
    nodes.gain[node] = Math.fround(2 * split.gain)
    const leftIsSmaller = leftRows.length <= rightRows.length
    const small = histogramOf(leftIsSmaller ? leftRows : rightRows)
    for (let i = 0; i < histogram.length; i++) histogram[i]! -= small[i]!
    open.push(leafOf(left, depth + 1, leftRows, leftIsSmaller ? small : histogram))
    open.push(leafOf(right, depth + 1, rightRows, leftIsSmaller ? histogram : small))
  }
  return nodes
}

/**
 * Where to part a node's rows: anywhere between the highest value on the left and the lowest on the right parts them alike,
 * for other nodes' values in between say nothing here.
 */
function thresholdOf(
  { columns, cuts }: BinnedMatrix,
  { feature, cut }: Split,
  left: Uint32Array,
  right: Uint32Array,
): number {
  const of = columns[feature]!
  let highest = -Infinity
  let lowest = Infinity
  // Missing values compare as false.
  for (const row of left) if (of[row]! > highest) highest = of[row]!
  for (const row of right) if (of[row]! < lowest) lowest = of[row]!
  return highest > -Infinity && lowest < Infinity
    ? roundestBetween(highest, lowest, Math.fround)
    : cuts[feature]![cut]!
}

type Growing = { -readonly [K in keyof Tree]: Tree[K] extends readonly (infer V)[] ? V[] : never }

const emptyTree = (): Growing => ({
  left: [],
  right: [],
  parent: [],
  feature: [],
  condition: [],
  defaultLeft: [],
  weight: [],
  gain: [],
  cover: [],
})

function addNode(nodes: Growing, parent: number): number {
  nodes.parent.push(parent)
  for (const column of [nodes.condition, nodes.weight, nodes.gain, nodes.cover, nodes.feature]) column.push(0)
  nodes.defaultLeft.push(false)
  nodes.right.push(-1)
  return nodes.left.push(-1) - 1
}

/** Removes and gives the open leaf whose split gains most, the oldest among equals. */
function takeBest(open: Leaf[]): Leaf | undefined {
  let best = -1
  for (let i = 0; i < open.length; i++) {
    const split = open[i]!.split
    if (split && (best < 0 || split.gain > open[best]!.split!.gain)) best = i
  }
  return best < 0 ? undefined : open.splice(best, 1)[0]
}

/** Where each feature's pairs of gradient and hessian begin in a histogram; one more entry for the end. */
function offsetsOf({ cuts }: BinnedMatrix, features: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(features.length + 1)
  features.forEach((feature, f) => {
    offsets[f + 1] = offsets[f]! + 2 * (missingBin(cuts[feature]!) + 1)
  })
  return offsets
}

function buildHistogram(
  binned: BinnedMatrix,
  gradient: Float64Array,
  hessian: Float64Array,
  rows: Uint32Array,
  features: Uint32Array,
  offsets: Uint32Array,
  scratch: { g: Float64Array; h: Float64Array },
): Float64Array {
  const n = rows.length
  const { g, h } = scratch
  for (let i = 0; i < n; i++) {
    g[i] = gradient[rows[i]!]!
    h[i] = hessian[rows[i]!]!
  }
  const histogram = new Float64Array(offsets[features.length]!)
  for (let f = 0; f < features.length; f++) {
    const bins = binned.bins[features[f]!]!
    const base = offsets[f]!
    for (let i = 0; i < n; i++) {
      const at = base + 2 * bins[rows[i]!]!
      histogram[at]! += g[i]!
      histogram[at + 1]! += h[i]!
    }
  }
  return histogram
}

function bestSplit(
  binned: BinnedMatrix,
  histogram: Float64Array,
  features: Uint32Array,
  offsets: Uint32Array,
  g: number,
  h: number,
  params: TreeParams,
): Split | null {
  const { lambda, minChildWeight } = params
  const parentScore = (g * g) / (h + lambda)
  let best: Split | null = null
  let bestGain = Math.max(params.gamma, 1e-9)
  for (let f = 0; f < features.length; f++) {
    const feature = features[f]!
    const cuts = binned.cuts[feature]!.length
    const base = offsets[f]!
    const missing = base + 2 * missingBin(binned.cuts[feature]!)
    const missingG = histogram[missing]!
    const missingH = histogram[missing + 1]!
    let leftG = 0
    let leftH = 0
    for (let cut = 0; cut < cuts; cut++) {
      leftG += histogram[base + 2 * cut]!
      leftH += histogram[base + 2 * cut + 1]!
      for (let side = 0; side < (missingH > 0 ? 2 : 1); side++) {
        const lg = side === 0 ? leftG : leftG + missingG
        const lh = side === 0 ? leftH : leftH + missingH
        const rg = g - lg
        const rh = h - lh
        if (lh < minChildWeight || rh < minChildWeight) continue
        const gain = ((lg * lg) / (lh + lambda) + (rg * rg) / (rh + lambda) - parentScore) / 2
        if (gain <= bestGain) continue
        bestGain = gain
        // What was never seen missing goes where most went.
        best = { gain, feature, cut, defaultLeft: missingH > 0 ? side === 1 : lh >= rh }
      }
    }
  }
  return best
}

function partition(binned: BinnedMatrix, rows: Uint32Array, split: Split): [Uint32Array, Uint32Array] {
  const bins = binned.bins[split.feature]!
  const missing = missingBin(binned.cuts[split.feature]!)
  const left = new Uint32Array(rows.length)
  const right = new Uint32Array(rows.length)
  let l = 0
  let r = 0
  for (const row of rows) {
    const bin = bins[row]!
    if (bin === missing ? split.defaultLeft : bin <= split.cut) left[l++] = row
    else right[r++] = row
  }
  return [left.slice(0, l), right.slice(0, r)]
}
