import { roundestBetween } from './round-number.ts'

export interface Limit {
  /** Fall of the Gini impurity, in rows, when values below the limit are parted from the others; 0 where nothing parts them. */
  gain: number
  /** The roundest number that parts them so; NaN where nothing does. */
  limit: number
  /** Whether ones are more frequent from the limit on than below it. */
  above: boolean
}

/** The single limit that parts each target's ones from its zeros best. What is missing is not looked at. */
export function bestLimits(values: ArrayLike<number>, targets: readonly ArrayLike<number>[]): Limit[] {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => values[a]! - values[b]!)
  return targets.map((target) => bestLimit(values, target, order))
}

function bestLimit(values: ArrayLike<number>, target: ArrayLike<number>, order: Uint32Array): Limit {
  const n = order.length
  let all = 0
  for (const row of order) all += target[row]!
  const whole = impurity(n, all)
  let gain = 0
  let after = -1
  let above = true
  let ones = 0
  for (let k = 0; k < n - 1; k++) {
    ones += target[order[k]!]!
    if (values[order[k]!] === values[order[k + 1]!]) continue
    const found = whole - impurity(k + 1, ones) - impurity(n - k - 1, all - ones)
    if (found <= gain) continue
    gain = found
    after = k
    above = (all - ones) * (k + 1) > ones * (n - k - 1)
  }
  if (after < 0) return { gain: 0, limit: NaN, above }
  return {
    gain,
    limit: roundestBetween(values[order[after]!]!, values[order[after + 1]!]!, (value) => value),
    above,
  }
}

/** Rows times Gini impurity, halved. */
const impurity = (rows: number, ones: number): number => (rows === 0 ? 0 : (ones * (rows - ones)) / rows)

/** What is learned beside single limits must part this much better in proportion, and by so many rows, or chance would choose it. */
export const worthwhile = (gain: number, before: number): boolean => gain > 1.25 * before && gain > before + 2
