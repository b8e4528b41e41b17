import { binMatrix } from './binning.ts'
import { logistic, logit, type BoostedTrees, type Objective, type Tree } from './boosted-trees.ts'
import { alignColumns, type FeatureMatrix } from './feature-matrix.ts'
import { shuffled, type Random } from './seeded-random.ts'
import { growTree, type TreeParams } from './tree-growth.ts'

export interface BoostingParams extends TreeParams {
  objective: Objective
  rounds: number
  /** Cuts a feature, at most 4,096. */
  maxCuts: number
  /** Share of rows and of features that each tree sees. */
  rowShare: number
  featureShare: number
  /** Rounds without improvement on the validation set before growth stops. */
  patience: number
}

export const boostingDefaults: BoostingParams = {
  objective: 'reg:squarederror',
  rounds: 300,
  maxDepth: 6,
  maxLeaves: 64,
  learningRate: 0.05,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  maxCuts: 254,
  rowShare: 1,
  featureShare: 1,
  patience: 30,
}

export interface LabelledRows {
  matrix: FeatureMatrix
  /** The target, or 0 and 1 for the logistic objective. */
  labels: ArrayLike<number>
  /** Positive weight of each row; 1 if absent. */
  weights?: ArrayLike<number>
}

/** XGBoost takes the base score of a file only in this form, so the mean is folded into the first tree. */
const BASE_SCORE = 0.5

/**
 * Fits a sum of trees to labelled rows by second-order gradient boosting on histograms. Deterministic given `random`.
 * With a validation set the trees after its best round are dropped.
 */
export function trainBoosting(
  training: LabelledRows,
  params: BoostingParams,
  random: Random,
  validation?: LabelledRows,
): BoostedTrees {
  const { matrix, labels } = training
  if (matrix.rows === 0 || matrix.rows !== labels.length)
    throw new Error(`training needs one label a row, got ${matrix.rows} rows and ${labels.length} labels`)
  const weights = Float64Array.from({ length: matrix.rows }, (_, i) => training.weights?.[i] ?? 1)
  const binned = binMatrix(matrix, params.maxCuts)
  const start = startMargin(labels, weights, params.objective)
  const margins = new Float64Array(matrix.rows).fill(start)
  const gradient = new Float64Array(matrix.rows)
  const hessian = new Float64Array(matrix.rows)
  const watch = validation && watcher(validation, matrix.names, start, params.objective)
  const trees: Tree[] = []
  for (let round = 0; round < params.rounds; round++) {
    differentiate(margins, labels, weights, params.objective, gradient, hessian)
    const rows = sample(matrix.rows, params.rowShare, random)
    const features = sample(matrix.columns.length, params.featureShare, random)
    const tree = growTree(binned, gradient, hessian, rows, features, params)
    trees.push(tree)
    addTree(tree, matrix.columns, margins)
    if (watch && trees.length - watch(tree, trees.length) >= params.patience) break
  }
  const kept = watch ? trees.slice(0, watch(null, 0)) : trees
  return {
    objective: params.objective,
    baseScore: BASE_SCORE,
    featureNames: matrix.names,
    attributes: {},
    trees: foldIntoFirst(kept, start - (params.objective === 'binary:logistic' ? 0 : BASE_SCORE)),
  }
}

/** Trains `members` models that differ only in what they sampled, and averages their margins in one: less luck, same file form. */
export function trainBagged(
  training: LabelledRows,
  params: BoostingParams,
  random: Random,
  members: number,
): BoostedTrees {
  const models = Array.from({ length: members }, () => trainBoosting(training, params, random))
  const trees = models.flatMap((model) => model.trees)
  return { ...models[0]!, trees: trees.map((tree) => scaleLeaves(tree, 1 / members)) }
}

const scaleLeaves = (tree: Tree, factor: number): Tree => ({
  ...tree,
  condition: tree.condition.map((value, node) =>
    tree.left[node]! < 0 ? Math.fround(value * factor) : value,
  ),
})

function startMargin(labels: ArrayLike<number>, weights: Float64Array, objective: Objective): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]! * labels[i]!
    total += weights[i]!
  }
  const mean = sum / total
  return objective === 'binary:logistic' ? logit(Math.min(Math.max(mean, 1e-6), 1 - 1e-6)) : mean
}

function differentiate(
  margins: Float64Array,
  labels: ArrayLike<number>,
  weights: Float64Array,
  objective: Objective,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  for (let i = 0; i < margins.length; i++) {
    const w = weights[i]!
    if (objective === 'binary:logistic') {
      const p = logistic(margins[i]!)
      gradient[i] = w * (p - labels[i]!)
      hessian[i] = w * Math.max(p * (1 - p), 1e-16)
    } else {
      gradient[i] = w * (margins[i]! - labels[i]!)
      hessian[i] = w
    }
  }
}

/** A share of 0..n−1 in ascending order, at least one. */
function sample(n: number, share: number, random: Random): Uint32Array {
  if (share >= 1) return Uint32Array.from({ length: n }, (_, i) => i)
  const take = Math.max(1, Math.round(n * share))
  return shuffled(n, random).slice(0, take).sort()
}

function addTree(tree: Tree, columns: readonly Float32Array[], margins: Float64Array): void {
  const { left, right, feature, condition, defaultLeft } = tree
  for (let row = 0; row < margins.length; row++) {
    let node = 0
    while (left[node]! >= 0) {
      const value = columns[feature[node]!]![row]!
      const goesLeft = Number.isNaN(value) ? defaultLeft[node]! : value < condition[node]!
      node = goesLeft ? left[node]! : right[node]!
    }
    margins[row]! += condition[node]!
  }
}

/** Takes each new tree with the number of trees so far and gives the number of trees that did best; null only asks. */
function watcher(validation: LabelledRows, names: readonly string[], start: number, objective: Objective) {
  const { columns } = alignColumns(validation.matrix, names)
  const margins = new Float64Array(validation.matrix.rows).fill(start)
  let best = 1
  let least = Infinity
  return (tree: Tree | null, trees: number): number => {
    if (!tree) return best
    addTree(tree, columns, margins)
    const loss = meanLoss(margins, validation, objective)
    if (loss < least) {
      least = loss
      best = trees
    }
    return best
  }
}

function meanLoss(margins: Float64Array, { labels, weights }: LabelledRows, objective: Objective): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < margins.length; i++) {
    const w = weights?.[i] ?? 1
    const m = margins[i]!
    const y = labels[i]!
    // log(1 + e^m) − y·m without overflow
    const loss =
      objective === 'binary:logistic'
        ? Math.max(m, 0) - y * m + Math.log1p(Math.exp(-Math.abs(m)))
        : (m - y) ** 2
    sum += w * loss
    total += w
  }
  return sum / total
}

function foldIntoFirst(trees: readonly Tree[], start: number): Tree[] {
  return trees.map((tree, i) =>
    i > 0
      ? tree
      : {
          ...tree,
          condition: tree.condition.map((value, node) =>
            tree.left[node]! < 0 ? Math.fround(value + start) : value,
          ),
        },
  )
}
