/** Which points of a curve to draw, ascending by index. */
export type Chosen = number[]

/**
 * Largest-triangle-three-buckets (Steinarsson 2013, section 4.2): at most `points` indexes that keep the curve's
 * shape; first and last always stay. NaN values are never chosen unless they are first or last.
 */
export function lttb(x: ArrayLike<number>, y: ArrayLike<number>, points: number): Chosen {
  const n = x.length
  if (points >= n || points < 3) return points >= n ? all(n) : n === 0 ? [] : points < 2 ? [0] : [0, n - 1]
  const chosen = [0]
  const width = (n - 2) / (points - 2)
  let previous = 0
  for (let b = 0; b < points - 2; b++) {
    const start = Math.floor(b * width) + 1
    const end = Math.floor((b + 1) * width) + 1
    const nextEnd = Math.min(Math.floor((b + 2) * width) + 1, n)
    let meanX = 0
    let meanY = 0
    let count = 0
    for (let i = end; i < Math.max(nextEnd, end + 1); i++) {
      if (Number.isNaN(y[i]!)) continue
      meanX += x[i]!
      meanY += y[i]!
      count++
    }
    if (count > 0) {
      meanX /= count
      meanY /= count
    } else {
      meanX = x[Math.min(end, n - 1)]!
      meanY = y[previous]!
    }
    let best = -1
    let largest = -1
    const px = x[previous]!
    const py = Number.isNaN(y[previous]!) ? meanY : y[previous]!
    for (let i = start; i < end; i++) {
      const area = Math.abs((px - meanX) * (y[i]! - py) - (px - x[i]!) * (meanY - py))
      if (area > largest) {
        largest = area
        best = i
      }
    }
    if (best < 0) continue
    chosen.push(best)
    previous = best
  }
  chosen.push(n - 1)
  return chosen
}

/** Lowest and highest of each of `points / 2` equal runs of indexes: no peak is ever lost. */
export function minMax(y: ArrayLike<number>, points: number): Chosen {
  const n = y.length
  if (points >= n) return all(n)
  const runs = Math.max(1, Math.floor(points / 2))
  const chosen: Chosen = []
  for (let r = 0; r < runs; r++) {
    const start = Math.floor((r * n) / runs)
    const end = Math.floor(((r + 1) * n) / runs)
    let low = -1
    let high = -1
    for (let i = start; i < end; i++) {
      if (Number.isNaN(y[i]!)) continue
      if (low < 0 || y[i]! < y[low]!) low = i
      if (high < 0 || y[i]! > y[high]!) high = i
    }
    if (low < 0) continue
    chosen.push(Math.min(low, high))
    if (low !== high) chosen.push(Math.max(low, high))
  }
  return chosen
}

const all = (n: number): Chosen => Array.from({ length: n }, (_, i) => i)
