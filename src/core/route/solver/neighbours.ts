import type { Terms } from './terms.ts'

/** Every stop's stops, nearest first, itself leading. */
export function neighboursOf({ stops, side, cost }: Terms, most = 300): Int32Array[] {
  return Array.from({ length: stops }, (_, a) => {
    const row = a * side
    const all = Int32Array.from({ length: stops }, (_, b) => b)
    all.sort((b, c) => (b === a ? -1 : c === a ? 1 : cost[row + b]! - cost[row + c]! || b - c))
    return all.slice(0, most)
  })
}
