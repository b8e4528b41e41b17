import { logistic, logit, softmaxInPlace, type Objective } from './boosted-trees.ts'

/** One array a class, one margin a row. */
type ByClass = readonly Float64Array[]

/** What boosting lowers: its first two derivatives by the margins, and its mean over rows. */
export interface Loss {
  classes: number
  /** The margins of a model without features. */
  start(labels: ArrayLike<number>, weights: Float64Array): number[]
  differentiate(
    margins: ByClass,
    labels: ArrayLike<number>,
    weights: Float64Array,
    gradient: ByClass,
    hessian: ByClass,
  ): void
  mean(margins: ByClass, rows: { labels: ArrayLike<number>; weights?: ArrayLike<number> }): number
}

export function lossOf(objective: Objective, labels: ArrayLike<number>): Loss {
  if (objective === 'reg:squarederror') return squared
  if (objective === 'binary:logistic') return logLoss
  return softmax(1 + Array.from(labels).reduce((most, label) => Math.max(most, label), 0))
}

/** A hessian of nothing would let a leaf grow without end. */
const LEAST_HESSIAN = 1e-16
const LEAST_SHARE = 1e-6

const squared: Loss = {
  classes: 1,
  start: (labels, weights) => [weightedMean(weights, (i) => labels[i]!)],
  differentiate: ([margins], labels, weights, [gradient], [hessian]) => {
    for (let i = 0; i < weights.length; i++) {
      gradient![i] = weights[i]! * (margins![i]! - labels[i]!)
      hessian![i] = weights[i]!
    }
  },
  mean: ([margins], { labels, weights }) =>
    weightedMean(weights ?? ones(labels), (i) => (margins![i]! - labels[i]!) ** 2),
}

const logLoss: Loss = {
  classes: 1,
  start: (labels, weights) => [
    logit(
      Math.min(
        Math.max(
          weightedMean(weights, (i) => labels[i]!),
          LEAST_SHARE,
        ),
        1 - LEAST_SHARE,
      ),
    ),
  ],
  differentiate: ([margins], labels, weights, [gradient], [hessian]) => {
    for (let i = 0; i < weights.length; i++) {
      const p = logistic(margins![i]!)
      gradient![i] = weights[i]! * (p - labels[i]!)
      hessian![i] = weights[i]! * Math.max(p * (1 - p), LEAST_HESSIAN)
    }
  },
  // log(1 + e^m) − y·m without overflow
  mean: ([margins], { labels, weights }) =>
    weightedMean(weights ?? ones(labels), (i) => {
      const m = margins![i]!
      return Math.max(m, 0) - labels[i]! * m + Math.log1p(Math.exp(-Math.abs(m)))
    }),
}

function softmax(classes: number): Loss {
  const shares = new Float64Array(classes)
  const fill = (margins: ByClass, i: number): void => {
    for (let k = 0; k < classes; k++) shares[k] = margins[k]![i]!
    softmaxInPlace(shares)
  }
  return {
    classes,
    start: (labels, weights) =>
      Array.from({ length: classes }, (_, k) =>
        Math.log(
          Math.max(
            weightedMean(weights, (i) => (labels[i] === k ? 1 : 0)),
            LEAST_SHARE,
          ),
        ),
      ),
    differentiate: (margins, labels, weights, gradient, hessian) => {
      for (let i = 0; i < weights.length; i++) {
        fill(margins, i)
        for (let k = 0; k < classes; k++) {
          const p = shares[k]!
          gradient[k]![i] = weights[i]! * (p - (labels[i] === k ? 1 : 0))
          hessian[k]![i] = weights[i]! * Math.max(p * (1 - p), LEAST_HESSIAN)
        }
      }
    },
    mean: (margins, { labels, weights }) =>
      weightedMean(weights ?? ones(labels), (i) => {
        fill(margins, i)
        return -Math.log(Math.max(shares[labels[i]!] ?? 0, Number.MIN_VALUE))
      }),
  }
}

const ones = (labels: ArrayLike<number>): Float64Array => new Float64Array(labels.length).fill(1)

function weightedMean(weights: ArrayLike<number>, value: (i: number) => number): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]! * value(i)
    total += weights[i]!
  }
  return sum / total
}
