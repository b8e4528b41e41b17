/** What stands where a bucket has no reading. */
export type Fill = 'none' | 'null' | 'locf' | 'linear'
export const fills: readonly Fill[] = ['none', 'null', 'locf', 'linear']

/**
 * Values at every edge in `edges`, from values known at some of them (both ascending; `at` within `edges`). locf
 * carries the last known value forward; linear joins the known values on both sides by time; where there is nothing to
 * go by, null stays.
 */
export function fillGaps(
  edges: ArrayLike<number>,
  at: ArrayLike<number>,
  values: ArrayLike<number | null>,
  fill: Exclude<Fill, 'none'>,
): (number | null)[] {
  const out: (number | null)[] = []
  let i = 0
  for (let e = 0; e < edges.length; e++) {
    while (i < at.length && at[i]! < edges[e]!) i++
    out.push(i < at.length && at[i] === edges[e] ? values[i]! : null)
  }
  if (fill === 'null') return out
  let known = -1
  for (let e = 0; e < out.length; e++) {
    if (out[e] === null) continue
    if (known >= 0 && fill === 'linear') {
      const slope = (out[e]! - out[known]!) / (edges[e]! - edges[known]!)
      for (let k = known + 1; k < e; k++) out[k] = out[known]! + slope * (edges[k]! - edges[known]!)
    }
    if (fill === 'locf' && known >= 0) out.fill(out[known]!, known + 1, e)
    known = e
  }
  if (fill === 'locf' && known >= 0) out.fill(out[known]!, known + 1)
  return out
}
