import { logistic, logit, softmaxInPlace, type BoostedTrees } from './boosted-trees.ts'
import { alignColumns, type FeatureMatrix } from './feature-matrix.ts'

/** Scores rows: `margin` before the link function, `predict` after it. One array an output. */
export interface TreeScorer {
  margin(matrix: FeatureMatrix): Float32Array[]
  predict(matrix: FeatureMatrix): Float32Array[]
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
  const { objective, treeClass } = model
  const bases = model.baseScores.map((score) => (objective === 'binary:logistic' ? logit(score) : score))

  const margin = (matrix: FeatureMatrix): Float32Array[] => {
    const { columns } = alignColumns(matrix, model.featureNames)
    const margins = bases.map((base) => new Float32Array(matrix.rows).fill(base))
    for (const [i, root] of roots.entries()) {
      const sums = margins[treeClass[i]!]!
      for (let row = 0; row < matrix.rows; row++) {
        let node = root
        while (left[node]! >= 0) {
          const value = columns[feature[node]!]![row]!
          const goesLeft = Number.isNaN(value) ? defaultLeft[node] === 1 : value < condition[node]!
          node = goesLeft ? left[node]! : right[node]!
        }
        sums[row]! += condition[node]! // a Float32Array rounds each partial sum, as XGBoost does
      }
    }
    return margins
  }
  return {
    margin,
    predict: (matrix) => {
      const margins = margin(matrix)
      if (objective === 'binary:logistic') return margins.map((of) => of.map(logistic))
      if (objective === 'multi:softprob') shareOut(margins)
      return margins
    },
  }
}

function shareOut(margins: readonly Float32Array[]): void {
  const row = new Float32Array(margins.length)
  for (let i = 0; i < margins[0]!.length; i++) {
    for (let k = 0; k < row.length; k++) row[k] = margins[k]![i]!
    softmaxInPlace(row)
    for (let k = 0; k < row.length; k++) margins[k]![i] = row[k]!
  }
}
