import { pmv } from '../comfort.ts'

export interface Band {
  low: number
  high: number
}

/** Seated office work, still air, and the humidity that goes with the season. */
const OFFICE = { met: 1.2, airSpeed: 0.1 }
/** |PMV| ≤ 0.5: category B of ISO 7730:2005 Annex A, at most 10 % dissatisfied. */
const CATEGORY_B = 0.5

/** Between winter (0, below a running mean of 10 °C) and summer (1, above 18 °C). */
const season = (runningMeanC: number): number => Math.min(1, Math.max(0, (runningMeanC - 10) / 8))
/** Clothing of office workers, clo: 1 in winter to 0.5 in summer. */
export const comfortClothing = (runningMeanC: number): number => 1 - 0.5 * season(runningMeanC)

/**
 * Temperatures between which seated people dressed for the season vote within ±0.5. Clothing goes from 1 clo below a
 * running mean of 10 °C to 0.5 clo above 18 °C (ISO 7730:2005 Table A.5: about 20–24 °C in winter, 23–26 °C in summer).
 */
export function comfortBand(runningMeanC: number): Band {
  const summer = season(runningMeanC)
  const clo = comfortClothing(runningMeanC)
  const humidityPercent = 40 + 10 * summer
  const vote = (t: number): number => pmv({ ...OFFICE, airC: t, radiantC: t, clo, humidityPercent })
  return { low: temperatureFor(vote, -CATEGORY_B), high: temperatureFor(vote, CATEGORY_B) }
}

/** By secants: the vote is all but a straight line in temperature, so four or five of them are enough. */
function temperatureFor(vote: (t: number) => number, target: number): number {
  let [a, b] = [20, 25]
  let [missedA, missedB] = [vote(a) - target, vote(b) - target]
  for (let round = 0; round < 20 && Math.abs(b - a) > 1e-4 && missedA !== missedB; round++) {
    const next = b - (missedB * (b - a)) / (missedB - missedA)
    ;[a, missedA] = [b, missedB]
    b = next
    missedB = vote(b) - target
  }
  return b
}
