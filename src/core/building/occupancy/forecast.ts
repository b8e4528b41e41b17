/** One hour that was observed: where in the week, which share of it was occupied, how long ago. */
export interface ObservedHour {
  /** 0 to 167, Monday's first hour first. */
  hourOfWeek: number
  share: number
  ageDays: number
}

/** Weeks until an observation counts half: habits of a season, not of last year. */
const HALF_LIFE_DAYS = 42
/** Weeks of evidence that the wider bin's mean is worth. */
const SHRINKAGE = 1.5

/**
 * Expected occupied share for each of the 168 hours of the week. A bin with few weeks leans on the same hour of its
 * kind of day (working day, Saturday or Sunday), that on what was supposed before, or else on the overall mean: empirical
 * Bayes shrinkage in two steps.
 */
export function forecastOccupancy(
  observed: readonly ObservedHour[],
  supposed: Float64Array | null = null,
): Float64Array {
  const week = totals(168)
  const dayKind = totals(48)
  const all = totals(1)
  for (const { hourOfWeek, share, ageDays } of observed) {
    const weight = 0.5 ** (Math.max(0, ageDays) / HALF_LIFE_DAYS)
    for (const [bins, bin] of [
      [week, hourOfWeek],
      [dayKind, kindOf(hourOfWeek)],
      [all, 0],
    ] as const) {
      bins.weight[bin]! += weight
      bins.sum[bin]! += weight * share
    }
  }
  const overall = all.weight[0]! > 0 ? all.sum[0]! / all.weight[0]! : 0.5
  const shrunk = (bins: Totals, bin: number, parent: number): number =>
    (bins.sum[bin]! + SHRINKAGE * parent) / (bins.weight[bin]! + SHRINKAGE)
  return Float64Array.from({ length: 168 }, (_, hour) =>
    shrunk(week, hour, shrunk(dayKind, kindOf(hour), supposed?.[hour] ?? overall)),
  )
}

interface Totals {
  weight: Float64Array
  sum: Float64Array
}
const totals = (n: number): Totals => ({ weight: new Float64Array(n), sum: new Float64Array(n) })

/** Hour of day within its kind of day: 0–23 on working days, 24–47 at weekends. */
const kindOf = (hourOfWeek: number): number => (hourOfWeek % 24) + (hourOfWeek >= 120 ? 24 : 0)
