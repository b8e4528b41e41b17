/** Median of the values, NaN for none. Sorts its argument. */
export function medianInPlace(values: Float64Array): number {
  values.sort()
  const middle = values.length >>> 1
  if (values.length === 0) return NaN
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
}

/**
 * Median of the slopes of all pairs of points (Theil 1950, Sen 1968), in y per x; NaN below two points. Quadratic in
 * the number of points, so thin long series first.
 */
export function theilSen(x: readonly number[], y: readonly number[]): number {
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2)
  let n = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      if (x[j] !== x[i]) slopes[n++] = (y[j]! - y[i]!) / (x[j]! - x[i]!)
    }
  }
  return medianInPlace(slopes.subarray(0, n))
}

export interface Line {
  intercept: number
  slope: number
}

/** Ordinary least squares, each point with its weight; slope 0 where x does not vary. */
export function leastSquares(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Line | null {
  let n = 0
  let meanX = 0
  let meanY = 0
  let sxx = 0
  let sxy = 0
  for (let i = 0; i < x.length; i++) {
    const w = weights?.[i] ?? 1
    if (w <= 0) continue
    n += w
    const dx = x[i]! - meanX
    meanX += (w * dx) / n
    meanY += (w * (y[i]! - meanY)) / n
    sxx += w * dx * (x[i]! - meanX)
    sxy += w * dx * (y[i]! - meanY)
  }
  if (n === 0) return null
  const slope = sxx > 0 ? sxy / sxx : 0
  return { slope, intercept: meanY - slope * meanX }
}
