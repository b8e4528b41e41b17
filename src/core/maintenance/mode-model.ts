import type { BoostedTrees, Tree } from './boosted-trees.ts'
import type { FeatureMatrix } from './feature-matrix.ts'
import { trainBoosting, type BoostingParams } from './gradient-boosting.ts'
import type { Random } from './seeded-random.ts'
import { treeScorer } from './tree-scorer.ts'

/**
 * One booster a target, each learned against all other rows, in one file: XGBoost's `multi:softprob` whose class 0, nothing,
 * stays at margin 0. The odds of a class against class 0 are then those of its own booster, also behind an endpoint that
 * gives the shares of the classes. A single target is a plain logistic model.
 */
export function trainModes(
  matrix: FeatureMatrix,
  targets: readonly Float64Array[],
  params: BoostingParams,
  random: Random,
): BoostedTrees {
  const models = targets.map((labels) => trainBoosting({ matrix, labels }, params, random))
  const [first] = models
  if (models.length === 1) return first!
  const trees: Tree[] = []
  for (let round = 0; round < params.rounds; round++)
    trees.push(nothing, ...models.map((model) => model.trees[round]!))
  const classes = models.length + 1
  return {
    ...first!,
    objective: 'multi:softprob',
    classes,
    baseScores: Array<number>(classes).fill(first!.baseScores[0]!),
    trees,
    treeClass: trees.map((_, i) => i % classes),
  }
}

/** A tree that adds nothing: XGBoost wants as many trees of each class. */
const nothing: Tree = {
  left: [-1],
  right: [-1],
  parent: [2147483647],
  feature: [0],
  condition: [0],
  defaultLeft: [false],
  weight: [0],
  gain: [0],
  cover: [0],
}

/** What each booster says by itself of each row: its probability before calibration, one array a target. */
export function modeScores(model: BoostedTrees, matrix: FeatureMatrix): Float32Array[] {
  const shares = treeScorer(model).predict(matrix)
  if (model.objective !== 'multi:softprob') return shares
  const [none, ...modes] = shares
  return modes.map((of) => of.map((share, row) => share / (share + none![row]!)))
}
