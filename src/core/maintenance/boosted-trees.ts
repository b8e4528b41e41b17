export type Objective = 'reg:squarederror' | 'binary:logistic'

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

/** A sum of trees in XGBoost's terms. `baseScore` is in the space of the prediction: a probability for logistic. */
export interface BoostedTrees {
  readonly objective: Objective
  readonly baseScore: number
  readonly featureNames: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  readonly trees: readonly Tree[]
}

export const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin))
export const logit = (probability: number): number => Math.log(probability / (1 - probability))
