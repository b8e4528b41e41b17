/**
 * The parts of a line within a square, ends included: Liang and Barsky 1984 for each stretch. Points are x and y in turn.
 */
export function clipLine(points: ArrayLike<number>, low: number, high: number): number[][] {
  const parts: number[][] = []
  let part: number[] | null = null
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!]
    const seen = within(x0, y0, x1, y1, low, high)
    if (!seen) {
      part = null
      continue
    }
    const [from, to] = seen
    if (!part || from > 0) parts.push((part = [x0 + from * (x1 - x0), y0 + from * (y1 - y0)]))
    part.push(x0 + to * (x1 - x0), y0 + to * (y1 - y0))
    if (to < 1) part = null
  }
  return parts
}

/** Shares of the stretch at which it is first and last within the square; null where it never is. */
function within(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  low: number,
  high: number,
): [number, number] | null {
  let [from, to] = [0, 1]
  for (const [start, delta] of [
    [x0, x1 - x0],
    [y0, y1 - y0],
  ] as const) {
    if (delta === 0) {
      if (start < low || start > high) return null
      continue
    }
    const [a, b] = [(low - start) / delta, (high - start) / delta]
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  return from <= to ? [from, to] : null
}
