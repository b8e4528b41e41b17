/** A rising piecewise linear map from a model's probability to the frequency that was seen. Plain values, ascending in `from`. */
export interface Calibration {
  from: number[]
  to: number[]
}

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955) on predictions for rows that the model had not
 * seen. Each block stands at its mean, linear between blocks, so that ranking survives; the frequency of a block is
 * smoothed towards the whole's by one pseudo-row, so that nothing is certain.
 */
export function fitCalibration(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  const base = Array.from(labels).reduce((sum, label) => sum + label, 0) / Math.max(labels.length, 1)
  const blocks: Block[] = []
  for (let block of distinct(probabilities, labels)) {
    for (let last = blocks.at(-1); last && last.y / last.n >= block.y / block.n; last = blocks.at(-1)) {
      block = { n: last.n + block.n, x: last.x + block.x, y: last.y + block.y }
      blocks.pop()
    }
    blocks.push(block)
  }
  let highest = 0
  return {
    from: blocks.map(({ n, x }) => x / n),
    to: blocks.map(({ n, y }) => (highest = Math.max(highest, (y + base) / (n + 1)))),
  }
}

interface Block {
  n: number
  x: number
  y: number
}

/** One block for each distinct probability, ascending. */
function distinct(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Block[] {
  const blocks = new Map<number, Block>()
  for (let i = 0; i < labels.length; i++) {
    const x = probabilities[i]!
    const { n, x: sum, y } = blocks.get(x) ?? { n: 0, x: 0, y: 0 }
    blocks.set(x, { n: n + 1, x: sum + x, y: y + labels[i]! })
  }
  return [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block)
}

/** The calibrated probability; constant beyond the ends. */
export function calibrate({ from, to }: Calibration, probability: number): number {
  const above = from.findIndex((x) => x > probability)
  if (from.length === 0) return probability
  if (above < 0) return to.at(-1)!
  if (above === 0) return to[0]!
  const share = (probability - from[above - 1]!) / (from[above]! - from[above - 1]!)
  return to[above - 1]! + share * (to[above]! - to[above - 1]!)
}
