import type { Learned } from '../device/profile.ts'
import { mean, std, type WindowRow } from '../window/window.ts'

/** Fewer minutes do not show what is usual: half a shift. */
const FEWEST_MINUTES = 240
/** Turns a median absolute deviation into the standard deviation of a normal distribution. */
const NORMAL = 1.4826
/** A constant series has no spread; readings still differ by their resolution. */
const LEAST_RELATIVE_SPREAD = 1e-4
/** Less movement than this is not worth a version of the configuration. */
const WORTH_PUBLISHING = 0.1

/**
 * What is usual for each measure of one device: the median of its minute means, and a spread that a single reading keeps:
 * of the means (by MAD) and within minutes, added as variances. Both forgive up to half of the minutes being bad.
 * Measures with too few minutes are left out.
 */
export function learnSeries(windows: readonly WindowRow[]): Record<string, Learned> {
  const byMeasure = Map.groupBy(
    windows.filter((w) => w.n > 0),
    (w) => w.measure,
  )
  const learned: Record<string, Learned> = {}
  for (const [measure, rows] of byMeasure) {
    if (rows.length < FEWEST_MINUTES) continue
    const means = rows.map(mean)
    const centre = median(means)
    const between = NORMAL * median(means.map((x) => Math.abs(x - centre)))
    const within = median(rows.filter((w) => w.n > 1).map(std))
    const spread = Math.max(Math.hypot(between, within), LEAST_RELATIVE_SPREAD * Math.abs(centre), 1e-9)
    learned[measure] = { median: centre, spread }
  }
  return learned
}

/** What to publish after learning anew; null if nothing has moved enough. Measures that were not seen keep their word. */
export function newlyLearned(
  before: Readonly<Record<string, Learned>>,
  now: Readonly<Record<string, Learned>>,
): Record<string, Learned> | null {
  const moved = Object.entries(now).some(([measure, { median: centre, spread }]) => {
    const old = Object.hasOwn(before, measure) ? before[measure] : undefined
    return (
      old === undefined ||
      Math.abs(centre - old.median) > WORTH_PUBLISHING * old.spread ||
      Math.abs(spread - old.spread) > WORTH_PUBLISHING * old.spread
    )
  })
  return moved ? { ...before, ...now } : null
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
