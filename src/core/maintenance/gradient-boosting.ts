import { binMatrix } from './binning.ts'
import type { BoostedTrees, Objective, Tree } from './boosted-trees.ts'
import { alignColumns, type FeatureMatrix } from './feature-matrix.ts'
import { lossOf, type Loss } from './loss.ts'
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
  /** The target; 0 and 1 for the logistic objective; the number of the class for the softmax. */
  labels: ArrayLike<number>
  /** Positive weight of each row; 1 if absent. */
  weights?: ArrayLike<number>
}

/** XGBoost takes the base score of a file only in this form, so the mean is folded into the first trees. */
const BASE_SCORE = 0.5

/**
 * Fits sums of trees to labelled rows by second-order gradient boosting on histograms, one sum an output. Deterministic
 * given `random`. With a validation set the rounds after its best one are dropped.
 */
export function trainBoosting(
  training: LabelledRows,
  params: BoostingParams,
  random: Random,
  validation?: LabelledRows,
): BoostedTrees {
  const { matrix, labels } = training
  const { rows } = matrix
  if (rows === 0 || rows !== labels.length)
    throw new Error(`training needs one label a row, got ${rows} rows and ${labels.length} labels`)
  const weights = Float64Array.from({ length: rows }, (_, i) => training.weights?.[i] ?? 1)
  const loss = lossOf(params.objective, labels)
  const { classes } = loss
  const binned = binMatrix(
    matrix,
    params.maxCuts,
    params.objective === 'reg:squarederror' ? undefined : labels,
  )
  const start = loss.start(labels, weights)
  const margins = start.map((margin) => new Float64Array(rows).fill(margin))
  const gradient = start.map(() => new Float64Array(rows))
  const hessian = start.map(() => new Float64Array(rows))
  const watch = validation && watcher(validation, matrix.names, start, loss)
  const trees: Tree[] = []
  for (let round = 0; round < params.rounds; round++) {
    loss.differentiate(margins, labels, weights, gradient, hessian)
    const sampled = sample(rows, params.rowShare, random)
    const features = sample(matrix.columns.length, params.featureShare, random)
    for (let k = 0; k < classes; k++) {
      const tree = growTree(binned, gradient[k]!, hessian[k]!, sampled, features, params)
      trees.push(tree)
      addTree(tree, matrix.columns, margins[k]!)
    }
    if (watch && round + 1 - watch(trees.slice(-classes), round + 1) >= params.patience) break
  }
  const kept = watch ? trees.slice(0, classes * watch([], 0)) : trees
  return {
    objective: params.objective,
    classes,
    baseScores: start.map(() => BASE_SCORE),
    featureNames: matrix.names,
    attributes: {},
    trees: foldIntoFirst(
      kept,
      start.map((margin) => margin - (params.objective === 'binary:logistic' ? 0 : BASE_SCORE)),
    ),
    treeClass: kept.map((_, i) => i % classes),
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
  return {
    ...models[0]!,
    trees: models.flatMap(({ trees }) => trees.map((tree) => mapLeaves(tree, (value) => value / members))),
    treeClass: models.flatMap(({ treeClass }) => treeClass),
  }
}

const mapLeaves = (tree: Tree, change: (value: number) => number): Tree => ({
  ...tree,
  condition: tree.condition.map((value, node) => (tree.left[node]! < 0 ? Math.fround(change(value)) : value)),
})

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

/** Takes the trees of each new round with the number of rounds so far and gives the number that did best; no trees only ask. */
function watcher(validation: LabelledRows, names: readonly string[], start: readonly number[], loss: Loss) {
  const { columns, rows } = alignColumns(validation.matrix, names)
  const margins = start.map((margin) => new Float64Array(rows).fill(margin))
  let best = 1
  let least = Infinity
  return (trees: readonly Tree[], rounds: number): number => {
    if (trees.length === 0) return best
    trees.forEach((tree, k) => addTree(tree, columns, margins[k]!))
    const mean = loss.mean(margins, validation)
    if (mean < least) {
      least = mean
      best = rounds
    }
    return best
  }
}

const foldIntoFirst = (trees: readonly Tree[], start: readonly number[]): Tree[] =>
  trees.map((tree, i) => (i < start.length ? mapLeaves(tree, (value) => value + start[i]!) : tree))
