import { solvePositive } from '../least-squares.ts'
import { HABIT_SLOTS, stepTemperature, type ZoneInputs, type ZoneModel } from './zone-model.ts'

/** One step of a zone's history; `temperatureC` holds at its beginning, all else over the step. */
export interface ZoneStep extends ZoneInputs {
  /** Number of the step; a jump is a gap. */
  step: number
  temperatureC: number
  /** Heat from the plant, kW; negative cools. */
  plantKw: number
}

export interface Identification {
  model: ZoneModel
  /** Root mean square error over 24 h trajectories of days that the fit had not seen. */
  rmseC: number
  /** Whether the model may plan: at most 1 K off over 24 h. */
  accepted: boolean
  /** The same fit with a quarter of the windows left out in turn, for bounds. */
  folds: ZoneModel[]
}

/** Beyond 1 K over a day a plan would promise comfort that it cannot keep. */
const LARGEST_RMSE_C = 1
const HORIZON_HOURS = 24
/** Time constants of rooms: from a glass box to a cellar. */
const FASTEST_HOURS = 3
const SLOWEST_HOURS = 300
const GRID = 24
const FOLDS = 4
/** Fewer days than this cannot be split into a part to learn from and a part to be held to. */
const FEWEST_WINDOWS = 8

/**
 * Identifies a zone from its own history by least squares on 24 h trajectories, not on single steps, which would forgive
 * slow drift. For a given time constant the trajectory is linear in all else, so that one number is searched and the
 * rest solved, with R > 0 and no negative gains from sun and people. Null where the history is too short or says nothing.
 */
export function identifyZone(steps: readonly ZoneStep[], stepHours: number): Identification | null {
  const windows = windowsOf(steps, Math.round(HORIZON_HOURS / stepHours))
  if (windows.length < FEWEST_WINDOWS) return null
  const train = windows.slice(0, Math.floor(0.75 * windows.length))
  const unseen = windows.slice(train.length)
  const first = fit(train, stepHours)
  const model = fit(windows, stepHours)
  if (first === null || model === null) return null
  const rmseC = trajectoryRmse(first, unseen, stepHours)
  const folds: ZoneModel[] = []
  for (let k = 0; k < FOLDS; k++) {
    const fold = fit(
      windows.filter((_, i) => i % FOLDS !== k),
      stepHours,
    )
    if (fold !== null) folds.push(fold)
  }
  return { model, rmseC, accepted: rmseC <= LARGEST_RMSE_C, folds }
}

/** Runs of a day without gaps, a new one every half day. */
function windowsOf(steps: readonly ZoneStep[], length: number): ZoneStep[][] {
  const windows: ZoneStep[][] = []
  const stride = Math.max(1, Math.floor(length / 2))
  for (let i = 0; i + length < steps.length; i += stride) {
    if (steps[i + length]!.step - steps[i]!.step === length) windows.push(steps.slice(i, i + length + 1))
  }
  return windows
}

/** Error of predicted against measured temperatures along whole windows, started from each window's first. */
export function trajectoryRmse(
  model: ZoneModel,
  windows: readonly (readonly ZoneStep[])[],
  stepHours: number,
): number {
  let [squares, n] = [0, 0]
  for (const window of windows) {
    let t = window[0]!.temperatureC
    for (let k = 1; k < window.length; k++) {
      t = stepTemperature(model, t, window[k - 1]!, window[k - 1]!.plantKw, stepHours)
      squares += (t - window[k]!.temperatureC) ** 2
      n += 1
    }
  }
  return n === 0 ? Infinity : Math.sqrt(squares / n)
}

function fit(windows: readonly (readonly ZoneStep[])[], stepHours: number): ZoneModel | null {
  const ratio = Math.log(SLOWEST_HOURS / FASTEST_HOURS)
  const at = (x: number): Candidate | null =>
    fitLinear(windows, FASTEST_HOURS * Math.exp((ratio * x) / GRID), stepHours)
  let best = { x: -1, candidate: null as Candidate | null }
  const consider = (x: number): void => {
    const candidate = at(x)
    if (candidate !== null && candidate.squares < (best.candidate?.squares ?? Infinity))
      best = { x, candidate }
  }
  for (let x = 0; x <= GRID; x++) consider(x)
  for (let width = 0.5; width > 0.05; width /= 2) {
    const centre = best.x
    consider(centre - width)
    consider(centre + width)
  }
  return best.candidate?.model ?? null
}

interface Candidate {
  model: ZoneModel
  squares: number
}

/** Plans are renewed every quarter of an hour: what the model says of the next hours counts more than of tomorrow. */
const FADING_HOURS = 8

/** Columns: plant, sun, people, base, habit slots; each is the zone's response to one kW (or W/m², or share) through R. */
const LINEAR = 4
const COLUMNS = LINEAR + HABIT_SLOTS

/** Kept small: the set-back's own rhythm must not pass for a habit. */
const HABIT_PRIOR = 0.002
const habits = Array.from({ length: HABIT_SLOTS }, (_, i) => LINEAR + i)
const ACTIVE_SETS = [
  [0, 1, 2, 3],
  [0, 1, 3],
  [0, 2, 3],
  [0, 3],
].map((set) => [...set, ...habits])

function fitLinear(
  windows: readonly (readonly ZoneStep[])[],
  timeConstantHours: number,
  stepHours: number,
): Candidate | null {
  const a = Math.exp(-stepHours / timeConstantHours)
  const gram = new Float64Array(COLUMNS * COLUMNS)
  const right = new Float64Array(COLUMNS)
  let yy = 0
  const x = new Float64Array(COLUMNS)
  for (const window of windows) {
    x.fill(0)
    let free = window[0]!.temperatureC
    for (let k = 1; k < window.length; k++) {
      const u = window[k - 1]!
      free = a * free + (1 - a) * u.outdoorC
      x[0] = a * x[0]! + (1 - a) * u.plantKw
      x[1] = a * x[1]! + (1 - a) * u.solarWm2
      x[2] = a * x[2]! + (1 - a) * u.occupied
      x[3] = a * x[3]! + (1 - a)
      const y = window[k]!.temperatureC - free
      const weight = Math.exp((-k * stepHours) / FADING_HOURS)
      yy += weight * y * y
      for (let i = LINEAR; i < COLUMNS; i++) x[i]! *= a
      x[LINEAR + u.slot]! += 1 - a
      for (let i = 0; i < COLUMNS; i++) {
        const xi = weight * x[i]!
        right[i]! += xi * y
        for (let j = 0; j <= i; j++) gram[i * COLUMNS + j]! += xi * x[j]!
      }
    }
  }
  for (let i = 0; i < COLUMNS; i++) for (let j = 0; j < i; j++) gram[j * COLUMNS + i] = gram[i * COLUMNS + j]!
  // A prior on habits: each is worth this share of the base's evidence, so that they explain only what nothing else does.
  const prior = HABIT_PRIOR * gram[3 * COLUMNS + 3]!
  for (let i = LINEAR; i < COLUMNS; i++) gram[i * COLUMNS + i]! += prior
  let best: Candidate | null = null
  // Non-negative sun and people by trying each active set: there are four.
  for (const active of ACTIVE_SETS) {
    const w = solveSubset(gram, right, active)
    if (w === null || w[0]! <= 0 || w[1]! < 0 || w[2]! < 0) continue
    const squares = yy - right.reduce((sum, r, i) => sum + r * w[i]!, 0)
    const r = w[0]!
    const model: ZoneModel = {
      resistance: r,
      capacity: timeConstantHours / r,
      solar: w[1]! / r,
      occupied: w[2]! / r,
      base: w[3]! / r,
      habit: w.slice(LINEAR).map((x) => x / r),
    }
    if (best === null || squares < best.squares) best = { model, squares }
  }
  return best
}

function solveSubset(
  gram: Float64Array,
  right: Float64Array,
  active: readonly number[],
): Float64Array | null {
  const n = active.length
  const a = new Float64Array(n * n)
  for (const [i, ci] of active.entries())
    for (const [j, cj] of active.entries())
      // A millionth of ridge: a night shift has no sun, a meeting room may never be occupied.
      a[i * n + j] = gram[ci * COLUMNS + cj]! * (i === j ? 1 + 1e-6 : 1) + (i === j ? 1e-9 : 0)
  const solution = solvePositive(
    a,
    Float64Array.from(active, (c) => right[c]!),
  )
  if (solution === null) return null
  const full = new Float64Array(COLUMNS)
  for (const [i, c] of active.entries()) full[c] = solution[i]!
  return full
}
