import { logistic, logit, type BoostedTrees } from './boosted-trees.ts'
import { alignColumns, type FeatureMatrix } from './feature-matrix.ts'

/** Scores rows: `margin` before the link function, `predict` after it. */
export interface TreeScorer {
  margin(matrix: FeatureMatrix): Float32Array
  predict(matrix: FeatureMatrix): Float32Array
}

/**
 * A scorer of boosted trees with XGBoost's arithmetic: features, thresholds and running sums in float32. Columns are
 * found by name, so their order does not matter.
 */
export function treeScorer(model: BoostedTrees): TreeScorer {
  const size = model.trees.reduce((sum, tree) => sum + tree.left.length, 0)
  const left = new Int32Array(size)
  const right = new Int32Array(size)
  const feature = new Int32Array(size)
  const condition = new Float32Array(size)
  const defaultLeft = new Uint8Array(size)
  const roots: number[] = []
  let offset = 0
  for (const tree of model.trees) {
    roots.push(offset)
    for (let node = 0; node < tree.left.length; node++) {
      const at = offset + node
      left[at] = tree.left[node]! < 0 ? -1 : offset + tree.left[node]!
      right[at] = offset + tree.right[node]!
      feature[at] = tree.feature[node]!
      condition[at] = tree.condition[node]!
      defaultLeft[at] = tree.defaultLeft[node] ? 1 : 0
    }
    offset += tree.left.length
  }
  const base = Math.fround(model.objective === 'binary:logistic' ? logit(model.baseScore) : model.baseScore)

  const margin = (matrix: FeatureMatrix): Float32Array => {
    const { columns } = alignColumns(matrix, model.featureNames)
    const margins = new Float32Array(matrix.rows).fill(base)
    for (const root of roots) {
      for (let row = 0; row < matrix.rows; row++) {
        let node = root
        while (left[node]! >= 0) {
          const value = columns[feature[node]!]![row]!
          const goesLeft = Number.isNaN(value) ? defaultLeft[node] === 1 : value < condition[node]!
          node = goesLeft ? left[node]! : right[node]!
        }
        margins[row]! += condition[node]! // a Float32Array rounds each partial sum, as XGBoost does
      }
    }
    return margins
  }
  return {
    margin,
    predict: (matrix) => {
      const margins = margin(matrix)
      return model.objective === 'binary:logistic' ? margins.map(logistic) : margins
    },
  }
}
