/** Steps within a decade, the roundest first. */
const STEPS = [5, 2, 1]
/** Beyond this many digits one number is as good as another. */
const DIGITS = 5

/**
 * The roundest number above `lower` and up to `upper`, of equally round ones the nearest to the middle. Rows do not tell
 * where in a gap the limit lies; whoever built the machine will have set it at a round number.
 */
export function roundestBetween(lower: number, upper: number, precise: (value: number) => number): number {
  const middle = lower / 2 + upper / 2
  let decade = 10 ** (Math.floor(Math.log10(upper - lower)) + 1)
  for (let digits = 0; digits < DIGITS; digits++, decade /= 10)
    for (const step of STEPS) {
      const size = step * decade
      // 1 / size is whole where size is a fraction, and 86 / 10 is 8.6 where 86 × 0.1 is not.
      const candidate = precise(
        size < 1 ? Math.round(middle / size) / Math.round(1 / size) : Math.round(middle / size) * size,
      )
      if (candidate > lower && candidate <= upper) return candidate
    }
  const between = precise(middle)
  return between > lower && between <= upper ? between : upper
}
