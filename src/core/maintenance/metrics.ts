/** Root mean square error. */
export function rootMeanSquareError(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < truth.length; i++) sum += (predicted[i]! - truth[i]!) ** 2
  return Math.sqrt(sum / truth.length)
}

/** The asymmetric score of the PHM 2008 challenge, summed over units: late predictions cost more (Saxena et al. 2008). */
export function phmScore(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  let score = 0
  for (let i = 0; i < truth.length; i++) {
    const late = predicted[i]! - truth[i]!
    score += late < 0 ? Math.exp(-late / 13) - 1 : Math.exp(late / 10) - 1
  }
  return score
}

export interface Detection {
  precision: number
  recall: number
  f1: number
}

/** Precision, recall and F1 of yes-or-no predictions; 0 where a ratio has nothing to divide by. */
export function detectionOf(predicted: ArrayLike<boolean>, truth: ArrayLike<number>): Detection {
  let hit = 0
  let said = 0
  let real = 0
  for (let i = 0; i < truth.length; i++) {
    if (predicted[i]) said++
    if (truth[i] === 1) real++
    if (predicted[i] && truth[i] === 1) hit++
  }
  return {
    precision: said ? hit / said : 0,
    recall: real ? hit / real : 0,
    f1: hit ? (2 * hit) / (said + real) : 0,
  }
}

/** The best F1 that a single threshold gives on these rows, and that threshold, midway to the next lower probability. */
export function bestThreshold(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
): { threshold: number; f1: number } {
  const order = Array.from(probabilities, (_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!)
  const real = Array.from(truth).reduce((sum, label) => sum + label, 0)
  let hit = 0
  let best = 0
  let threshold = 0.5
  for (let k = 0; k < order.length; k++) {
    hit += truth[order[k]!]!
    const here = probabilities[order[k]!]!
    const next = k + 1 < order.length ? probabilities[order[k + 1]!]! : 0
    if (next === here) continue
    const f1 = (2 * hit) / (k + 1 + real)
    if (f1 > best) {
      best = f1
      threshold = (here + next) / 2
    }
  }
  return { threshold, f1: best }
}

/** Expected calibration error: mean distance of frequency from probability over ten equal bins, weighted by rows (Naeini 2015). */
export function calibrationError(probabilities: ArrayLike<number>, truth: ArrayLike<number>): number {
  const bins = Array.from({ length: 10 }, () => ({ p: 0, y: 0 }))
  for (let i = 0; i < truth.length; i++) {
    const bin = bins[Math.min(9, Math.floor(probabilities[i]! * 10))]!
    bin.p += probabilities[i]!
    bin.y += truth[i]!
  }
  return bins.reduce((sum, { p, y }) => sum + Math.abs(p - y), 0) / truth.length
}
