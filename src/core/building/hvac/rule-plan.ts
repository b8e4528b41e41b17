import type { Band } from './comfort-band.ts'
import type { SetPoints } from './plan-zone.ts'

/** Somebody is to be expected from here on. */
const EXPECTED = 0.1
/** Rooms warm and cool by about this much an hour at full power when nothing better is known (ASHRAE 90.1 optimum start practice). */
const KELVIN_PER_HOUR = 1.5
/** Set-back beyond the band while nobody is expected. */
const SET_BACK_K = 4

/**
 * Set-points without a model: the comfort band as dead band while somebody is expected, set back else,
 * and back in time for the next expected step at the usual rate.
 */
export function rulePlan(
  presence: readonly number[],
  temperatureC: number,
  settings: { band: Band; limits: Band; stepHours: number },
): SetPoints[] {
  const { band, limits, stepHours } = settings
  const heat = band.low
  const cool = Math.max(heat + 1, band.high)
  const away: SetPoints = {
    heatC: Math.max(limits.low, heat - SET_BACK_K),
    coolC: Math.min(limits.high, cool + SET_BACK_K),
  }
  return presence.map((p, k) => {
    if (p >= EXPECTED) return { heatC: heat, coolC: cool }
    const next = presence.findIndex((q, j) => j > k && q >= EXPECTED)
    if (next < 0) return away
    // After a long absence the room is where the set-back holds it; soon, where it is now.
    const cold = Math.max(0, heat - (k < 8 ? Math.min(temperatureC, heat) : away.heatC))
    const hot = Math.max(0, (k < 8 ? Math.max(temperatureC, cool) : away.coolC) - cool)
    const hours = (next - k) * stepHours
    return {
      heatC: hours <= cold / KELVIN_PER_HOUR ? heat : away.heatC,
      coolC: hours <= hot / KELVIN_PER_HOUR ? cool : away.coolC,
    }
  })
}
