/** What has been learned of the time between a device's messages. */
export interface Rhythm {
  /** The longest gap that is usual, ms. */
  gapMs: number
  /** Gaps seen. */
  count: number
  /** Gaps in a row that were far longer than usual. */
  odd: number
}

export const newRhythm = (): Rhythm => ({ gapMs: 0, count: 0, odd: 0 })

/** Until so many gaps were seen, nothing is expected: a device that is being installed sends at random. */
export const WARM_UP_GAPS = 8
const HALF_LIFE_MS = 6 * 3_600_000
const ODD_FACTOR = 3
const ODD_RUN = 3

/**
 * The usual longest gap rises at once and halves every six hours that it is not seen, so bursts with pauses teach the
 * pause. A gap beyond three times the usual is an outage, not a habit, until it comes three times in a row.
 */
export function learnGap(rhythm: Rhythm, gapMs: number): Rhythm {
  const count = Math.min(rhythm.count + 1, 1_000_000)
  if (count <= WARM_UP_GAPS) return { gapMs: Math.max(rhythm.gapMs, gapMs), count, odd: 0 }
  if (gapMs > ODD_FACTOR * Math.max(rhythm.gapMs, 1000)) {
    const odd = rhythm.odd + 1
    return odd >= ODD_RUN ? { gapMs, count, odd: 0 } : { ...rhythm, count, odd }
  }
  const faded = rhythm.gapMs * 2 ** (-gapMs / HALF_LIFE_MS)
  return { gapMs: Math.max(gapMs, faded), count, odd: 0 }
}

/** Below this a minute job could not tell silence from its own rhythm. */
export const LEAST_SILENCE_MS = 60_000
const MISSED_MESSAGES = 3

/** The silence after which a device is missed: three expected intervals, a minute at least; infinite while unknown. */
export function expectedSilenceMs(rhythm: Rhythm, declaredIntervalMs: number | undefined): number {
  const interval = declaredIntervalMs ?? (rhythm.count >= WARM_UP_GAPS ? rhythm.gapMs : Infinity)
  return Math.max(LEAST_SILENCE_MS, MISSED_MESSAGES * interval)
}
