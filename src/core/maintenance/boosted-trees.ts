export const objectives = ['reg:squarederror', 'binary:logistic', 'multi:softprob'] as const
export type Objective = (typeof objectives)[number]

/**
 * One regression tree, node by node, node 0 the root. A leaf has left −1 and its value in `condition`; elsewhere a row
 * goes left if its feature is below `condition` in float32, and to the default side if it is missing.
 */
export interface Tree {
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly parent: readonly number[]
  readonly feature: readonly number[]
  readonly condition: readonly number[]
  readonly defaultLeft: readonly boolean[]
  /** What the node would predict were it a leaf, the gain of its split, and the hessian that it covers. */
  readonly weight: readonly number[]
  readonly gain: readonly number[]
  readonly cover: readonly number[]
}

/** A sum of trees in XGBoost's terms. A base score, one an output, is in the space of the prediction: a probability for logistic. */
export interface BoostedTrees {
  readonly objective: Objective
  /** Outputs a row: the classes of `multi:softprob`, else 1. */
  readonly classes: number
  readonly baseScores: readonly number[]
  readonly featureNames: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  readonly trees: readonly Tree[]
  /** The output that each tree adds to. */
  readonly treeClass: readonly number[]
}

export const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin))
export const logit = (probability: number): number => Math.log(probability / (1 - probability))

/** Margins to shares that add to one. */
export function softmaxInPlace(margins: Float64Array | Float32Array): void {
  let highest = -Infinity
  for (const margin of margins) if (margin > highest) highest = margin
  let sum = 0
  for (let k = 0; k < margins.length; k++) sum += margins[k] = Math.exp(margins[k]! - highest)
  for (let k = 0; k < margins.length; k++) margins[k]! /= sum
}
