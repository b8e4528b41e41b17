import { observeZone } from './observe-zone.ts'
import { airOf, stepLaw, stepState, type ZoneInputs, type ZoneModel } from './zone-model.ts'
import { FOLDS, solveZone, sumsOf, type Sums } from './zone-regression.ts'

/** One step of a zone's history; `temperatureC` holds at its beginning, all else over the step. */
export interface ZoneStep extends ZoneInputs {
  /** Number of the step; a jump is a gap. */
  step: number
  temperatureC: number
  /** Heat from the plant, kW; negative cools. */
  plantKw: number
  /** What its thermostat held, where that is known. */
  heatC?: number
  coolC?: number
}

export interface Identification {
  model: ZoneModel
  /** Root mean square error over 24 h ahead on days that the fit had not seen. */
  rmseC: number
  /** Whether the model may plan: at most 1 K off over 24 h. */
  accepted: boolean
  /** The same fit with a quarter of the windows left out in turn, for bounds. */
  folds: ZoneModel[]
}

/** Beyond 1 K over a day a plan would promise comfort that it cannot keep. */
const LARGEST_RMSE_C = 1
const HORIZON_HOURS = 24
/** Fewer windows than this cannot be split into a part to learn from and a part to be held to. */
const FEWEST_WINDOWS = 8
const LEARNED_SHARE = 0.75

/** Time constants of rooms: from a glass box to a cellar; of their air: from a draught to a hall. */
const MASS_HOURS = logarithmic(6, 300, 33)
const FILM_HOURS = logarithmic(0.3, 2.4, 9)
/** The error has one valley: the grid is searched in steps of this, then of half, then of one. */
const FIRST_STRIDE = 8
/** Air that takes a quarter of the mass's time is no film of it. */
const FILM_SHARE = 0.25

/**
 * Identifies a zone from its own history by least squares on 24 h trajectories, not on single steps, which would forgive
 * slow drift. For given time constants the trajectory is linear in all else, so two numbers are searched and the rest
 * solved, with R > 0 and no negative gains. A film is kept where it predicts unseen days better. Null where the history
 * is too short or says nothing.
 */
export function identifyZone(steps: readonly ZoneStep[], stepHours: number): Identification | null {
  const length = Math.round(HORIZON_HOURS / stepHours)
  const windows = windowsOf(steps, length)
  if (windows.length < FEWEST_WINDOWS) return null
  const unseen = windows.slice(Math.floor(LEARNED_SHARE * windows.length))
  const best = [false, true]
    .flatMap((film) => {
      const found = search(windows, unseen.length, film, stepHours)
      if (found === null) return []
      return [{ ...found, rmseC: aheadRmse(found.first, steps, unseen, length, stepHours) }]
    })
    .sort((a, b) => a.rmseC - b.rmseC)[0]
  if (best === undefined) return null
  const { model, rmseC, folds } = best
  return { model, rmseC, accepted: rmseC <= LARGEST_RMSE_C, folds }
}

/** First indices of runs of a day without gaps, a new one every half day. */
function windowsOf(steps: readonly ZoneStep[], length: number): readonly (readonly ZoneStep[])[] {
  const windows: ZoneStep[][] = []
  const stride = Math.max(1, Math.floor(length / 2))
  for (let i = 0; i + length < steps.length;) {
    if (steps[i + length]!.step - steps[i]!.step === length) {
      windows.push(steps.slice(i, i + length + 1))
      i += stride
    } else i += 1
  }
  return windows
}

/** Error of a day's prediction in each window, started as a plan would be: from what the day before has shown. */
function aheadRmse(
  model: ZoneModel,
  steps: readonly ZoneStep[],
  windows: readonly (readonly ZoneStep[])[],
  length: number,
  stepHours: number,
): number {
  let [squares, n] = [0, 0]
  for (const window of windows) {
    const at = steps.indexOf(window[0]!)
    const seen = observeZone(
      model,
      steps.slice(Math.max(0, at - length), at),
      window[0]!.temperatureC,
      stepHours,
    )
    let { state } = seen
    for (let k = 1; k < window.length; k++) {
      const before = window[k - 1]!
      state = stepState(stepLaw(model, before, stepHours), state, before.plantKw)
      squares += (airOf(state) - window[k]!.temperatureC) ** 2
      n += 1
    }
  }
  return n === 0 ? Infinity : Math.sqrt(squares / n)
}

interface Found {
  /** Of all windows, and of those before the unseen ones. */
  model: ZoneModel
  first: ZoneModel
  folds: ZoneModel[]
}

function logarithmic(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => from * (to / from) ** (i / (n - 1)))
}

/** A point of the grid of time constants, and how well it fits. */
interface Fit {
  mass: number
  film: number
  squares: number
  sums: Sums[]
}

/** Time constants that fit all windows best, and what the parts of the windows make of them. */
function search(
  windows: readonly (readonly ZoneStep[])[],
  unseen: number,
  hasFilm: boolean,
  stepHours: number,
): Found | null {
  const tried = new Map<string, Fit>()
  const fit = (mass: number, film: number): Fit[] => {
    const massHours = MASS_HOURS[mass]
    const filmHours = hasFilm ? FILM_HOURS[film] : film === 0 ? null : undefined
    if (massHours === undefined || filmHours === undefined) return []
    if (filmHours !== null && filmHours > FILM_SHARE * massHours) return []
    const key = `${mass}/${film}`
    let found = tried.get(key)
    if (found === undefined) {
      const sums = sumsOf(windows, unseen, massHours, filmHours, stepHours)
      found = { mass, film, squares: solveZone(sums, () => true)?.squares ?? Infinity, sums }
      tried.set(key, found)
    }
    return [found]
  }
  const least = (fits: readonly Fit[]): Fit | undefined =>
    fits.reduce<Fit | undefined>((best, f) => (best === undefined || f.squares < best.squares ? f : best), undefined) // prettier-ignore
  const starts = MASS_HOURS.flatMap((_, mass) => (mass % FIRST_STRIDE === FIRST_STRIDE / 2 ? [mass] : []))
  let best = least(starts.flatMap((mass) => [0, 3, 6].flatMap((film) => fit(mass, film))))
  for (let stride = FIRST_STRIDE / 2; best !== undefined && stride >= 1;) {
    const { mass, film, squares } = best
    const around = [fit(mass + stride, film), fit(mass - stride, film), fit(mass, film + 1), fit(mass, film - 1)] // prettier-ignore
    const next = least(around.flat())
    if (next !== undefined && next.squares < squares) best = next
    else stride /= 2
  }
  if (best === undefined) return null
  const { sums } = best
  const model = solveZone(sums, () => true)
  const first = solveZone(sums, ({ seen }) => seen)
  if (model === null || first === null) return null
  const folds = Array.from({ length: FOLDS }, (_, k) => solveZone(sums, ({ fold }) => fold !== k))
  return { model: model.model, first: first.model, folds: folds.flatMap((f) => (f ? [f.model] : [])) }
}
