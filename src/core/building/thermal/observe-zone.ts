import { airOf, atRest, stepLaw, type ZoneModel, type ZoneState } from './zone-model.ts'
import type { ZoneStep } from './identify-zone.ts'

/** Where a zone stands, seen through its model: the mass has no thermometer. */
export interface ObservedZone {
  state: ZoneState
  /** Heat that the model misses, kW: an open window, a copier, a neighbour's warmth. */
  biasKw: number
}

/** Standard deviations that the filter is tuned by, a step: what mass and film do unasked, how fast heat goes missing, a sensor. */
const NOISE = { massK: 0.02, filmK: 0.05, biasKw: 0.08, sensorK: 0.06 }
/** Of missed heat a step later: half of it is gone after nine hours. */
export const BIAS_KEPT = 0.98

/**
 * State and missed heat from the newest steps by a Kalman filter over mass, film and a slowly changing heat, which makes
 * plans free of steady error (Pannocchia and Rawlings 2003). `steps` ascend; a gap starts over from what is measured.
 */
export function observeZone(
  model: ZoneModel,
  steps: readonly ZoneStep[],
  temperatureC: number,
  stepHours: number,
): ObservedZone {
  let state = atRest(steps[0]?.temperatureC ?? temperatureC)
  let biasKw = 0
  const hasFilm = model.film !== null
  let p = uncertain(hasFilm)
  for (const [k, step] of steps.entries()) {
    const before = steps[k - 1]
    if (before !== undefined && step.step !== before.step + 1) {
      state = { massC: step.temperatureC - state.filmK, filmK: state.filmK }
      p = uncertain(hasFilm)
    }
    const law = stepLaw(model, step, stepHours)
    const plantKw = step.plantKw + biasKw
    // Missed heat counts as heat in the mass; the film knows the plant alone.
    const massC = law.massDecay * state.massC + law.massAdded + law.massPerKw * plantKw
    const filmK = law.filmDecay * state.filmK + law.filmAdded + law.filmPerKw * step.plantKw
    p = predicted(p, law.massDecay, law.filmDecay, law.massPerKw, hasFilm)
    const next = steps[k + 1]
    const seen =
      next === undefined ? temperatureC : next.step === step.step + 1 ? next.temperatureC : undefined
    state = { massC, filmK }
    biasKw *= BIAS_KEPT
    if (seen === undefined) continue
    const { gain, after } = corrected(p)
    const missed = seen - airOf(state)
    state = { massC: massC + gain[0] * missed, filmK: filmK + gain[1] * missed }
    biasKw += gain[2] * missed
    p = after
  }
  return { state, biasKw }
}

/** Upper triangle of a symmetric 3×3: mass, mass–film, mass–bias, film, film–bias, bias. */
type Covariance = readonly [number, number, number, number, number, number]

const uncertain = (hasFilm: boolean): Covariance => [4, 0, 0, hasFilm ? 1 : 0, 0, 1]

function predicted(p: Covariance, a: number, f: number, b: number, hasFilm: boolean): Covariance {
  const [mm, mf, mb, ff, fb, bb] = p
  // F = [[a, 0, b], [0, f, 0], [0, 0, kept]]
  return [
    a * a * mm + 2 * a * b * mb + b * b * bb + NOISE.massK ** 2,
    f * (a * mf + b * fb),
    BIAS_KEPT * (a * mb + b * bb),
    f * f * ff + (hasFilm ? NOISE.filmK ** 2 : 0),
    f * BIAS_KEPT * fb,
    BIAS_KEPT * BIAS_KEPT * bb + NOISE.biasKw ** 2,
  ]
}

/** The thermometer sees mass and film: H = [1, 1, 0]. */
function corrected([mm, mf, mb, ff, fb, bb]: Covariance): {
  gain: [number, number, number]
  after: Covariance
} {
  const [m, f, b] = [mm + mf, mf + ff, mb + fb]
  const s = m + f + NOISE.sensorK ** 2
  return {
    gain: [m / s, f / s, b / s],
    after: [mm - (m * m) / s, mf - (m * f) / s, mb - (m * b) / s, ff - (f * f) / s, fb - (f * b) / s, bb - (b * b) / s], // prettier-ignore
  }
}
