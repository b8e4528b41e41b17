import { selectRows, type FeatureMatrix } from './feature-matrix.ts'
import { trainBoosting, type BoostingParams } from './gradient-boosting.ts'
import type { Random } from './seeded-random.ts'
import { splitByFold } from './stratified-folds.ts'
import { treeScorer } from './tree-scorer.ts'

/** Each row's prediction by a model that was trained on the other folds alone. */
export function outOfFold(
  matrix: FeatureMatrix,
  labels: Float64Array,
  folds: Uint8Array,
  params: BoostingParams,
  random: Random,
): Float64Array {
  const unseen = new Float64Array(labels.length)
  for (const fold of new Set(folds)) {
    const { inside, outside } = splitByFold(folds, fold)
    const model = trainBoosting(
      { matrix: selectRows(matrix, outside), labels: outside.map((row) => labels[row]!) },
      params,
      random,
    )
    const [scores] = treeScorer(model).predict(selectRows(matrix, inside))
    inside.forEach((row, i) => (unseen[row] = scores![i]!))
  }
  return unseen
}
