import {
  decay,
  freeHeat,
  heatTo,
  stepTemperature,
  type ZoneInputs,
  type ZoneModel,
} from '../thermal/zone-model.ts'
import type { Band } from './comfort-band.ts'

/** One step of the horizon as the planner sees it. */
export interface PlanStep extends ZoneInputs {
  /** Per kWh of electricity. */
  price: number
  /** Heat and cold for a kWh of electricity. */
  heatingCop: number
  coolingCop: number
  /** Comfort for people, weighed with the probability that somebody is there. */
  band: Band
  presence: number
}

export interface PlanProblem {
  model: ZoneModel
  stepHours: number
  temperatureC: number
  steps: readonly PlanStep[]
  /** Plant limits, thermal kW. */
  heatingKw: number
  coolingKw: number
  /** What a kelvin-hour outside the band may cost at most to avoid while somebody is there. */
  discomfortPrice: number
  /** Limits that hold always: frost and condensation below, materials above. */
  limits: Band
}

export interface SetPoints {
  heatC: number
  coolC: number
}

export interface Trajectory {
  /** At the end of each step. */
  temperatures: number[]
  plantKw: number[]
  /** Electricity over the horizon. */
  kWh: number
  cost: number
  /** Expected kelvin-hours outside the band while somebody is there. */
  discomfortKh: number
}

/** Grid of the value function. Between its points the value is interpolated, so that drifts smaller than a cell count. */
const CELL_K = 0.1
/** Limits are not comfort: crossing them costs more than any energy. */
const LIMIT_PRICE = 100

/**
 * Cheapest operation of one zone over the horizon by dynamic programming over its temperature (Bellman 1957): at every
 * step the plant rests, runs in full, or brings the zone to a grid temperature within its power. Cost is energy plus
 * expected discomfort. Work is steps × cells × reachable cells; a zone over 96 steps takes milliseconds (bench/hvac.ts).
 */
export function planZone(problem: PlanProblem): Trajectory {
  const { model, stepHours, steps } = problem
  const low = Math.floor((Math.min(problem.limits.low, problem.temperatureC) - 2) / CELL_K) * CELL_K
  const high = Math.max(problem.limits.high, problem.temperatureC) + 2
  const cells = Math.ceil((high - low) / CELL_K) + 1
  const values: Float64Array[] = Array.from({ length: steps.length + 1 })
  values[steps.length] = Float64Array.from({ length: cells }, (_, i) => endValue(problem, low + i * CELL_K))
  for (let k = steps.length - 1; k >= 0; k--) {
    const choose = chooser(problem, k, values[k + 1]!, low)
    values[k] = Float64Array.from({ length: cells }, (_, i) => choose(low + i * CELL_K).value)
  }
  const follow: number[] = []
  let t = problem.temperatureC
  for (let k = 0; k < steps.length; k++) {
    const { plantKw } = chooser(problem, k, values[k + 1]!, low)(t)
    follow.push(plantKw)
    t = stepTemperature(model, t, steps[k]!, plantKw, stepHours)
  }
  return trajectory(problem, (k) => follow[k]!)
}

interface Choice {
  value: number
  plantKw: number
}

function chooser(problem: PlanProblem, k: number, next: Float64Array, low: number): (t: number) => Choice {
  const { model, stepHours, heatingKw, coolingKw } = problem
  const step = problem.steps[k]!
  const a = decay(model, stepHours)
  const kelvinPerKw = (1 - a) * model.resistance
  const drift = (1 - a) * (step.outdoorC + model.resistance * freeHeat(model, step))
  const heatCost = (step.price * stepHours) / step.heatingCop
  const coolCost = (step.price * stepHours) / step.coolingCop
  const last = next.length - 1
  const valueAt = (t: number): number => {
    const x = Math.min(last, Math.max(0, (t - low) / CELL_K))
    const i = Math.min(last - 1, Math.floor(x))
    return next[i]! + (x - i) * (next[i + 1]! - next[i]!) + comfortCost(problem, step, t)
  }
  // Values at cells serve every state of this step.
  const atCell = Float64Array.from(
    { length: last + 1 },
    (_, i) => next[i]! + comfortCost(problem, step, low + i * CELL_K),
  )
  return (t) => {
    const free = a * t + drift
    let value = valueAt(free)
    let plantKw = 0
    const warmest = free + kelvinPerKw * heatingKw
    const coldest = free - kelvinPerKw * coolingKw
    const consider = (candidate: number, kw: number): void => {
      if (candidate < value) {
        value = candidate
        plantKw = kw
      }
    }
    if (heatingKw > 0) consider(heatCost * heatingKw + valueAt(warmest), heatingKw)
    if (coolingKw > 0) consider(coolCost * coolingKw + valueAt(coldest), -coolingKw)
    const to = Math.min(last, Math.floor((warmest - low) / CELL_K))
    for (let i = Math.max(0, Math.ceil((coldest - low) / CELL_K)); i <= to; i++) {
      const kw = (low + i * CELL_K - free) / kelvinPerKw
      consider((kw > 0 ? heatCost * kw : -coolCost * kw) + atCell[i]!, kw)
    }
    return { value, plantKw }
  }
}

const outside = (band: Band, t: number): number => Math.max(0, band.low - t, t - band.high)

const comfortCost = (problem: PlanProblem, step: PlanStep, t: number): number =>
  problem.stepHours *
  (problem.discomfortPrice * step.presence * outside(step.band, t) + LIMIT_PRICE * outside(problem.limits, t))

/** Heat that will have to be made up after the horizon, at the last step's price: else the plan would end in the cold. */
function endValue(problem: PlanProblem, t: number): number {
  const last = problem.steps.at(-1)
  if (last === undefined) return 0
  const missing =
    Math.max(0, last.band.low - t) / last.heatingCop + Math.max(0, t - last.band.high) / last.coolingCop
  // What leaks before the next occupied hour need not be made up: half is a fair price for a night's distance.
  return 0.5 * missing * problem.model.capacity * last.price
}

/** What a thermostat does with these set-points: the model's own prediction of any schedule. */
export function followSetPoints(problem: PlanProblem, setPoints: readonly SetPoints[]): Trajectory {
  let t = problem.temperatureC
  return trajectory(problem, (k) => {
    const step = problem.steps[k]!
    const { heatC, coolC } = setPoints[k]!
    const free = stepTemperature(problem.model, t, step, 0, problem.stepHours)
    let plantKw = 0
    if (free < heatC)
      plantKw = Math.min(problem.heatingKw, heatTo(problem.model, t, heatC, step, problem.stepHours))
    if (free > coolC)
      plantKw = Math.max(-problem.coolingKw, heatTo(problem.model, t, coolC, step, problem.stepHours))
    t = stepTemperature(problem.model, t, step, plantKw, problem.stepHours)
    return plantKw
  })
}

function trajectory(problem: PlanProblem, plantAt: (k: number) => number): Trajectory {
  const result: Trajectory = { temperatures: [], plantKw: [], kWh: 0, cost: 0, discomfortKh: 0 }
  let t = problem.temperatureC
  for (const [k, step] of problem.steps.entries()) {
    const plantKw = plantAt(k)
    t = stepTemperature(problem.model, t, step, plantKw, problem.stepHours)
    const kWh = (Math.abs(plantKw) / (plantKw > 0 ? step.heatingCop : step.coolingCop)) * problem.stepHours
    result.temperatures.push(t)
    result.plantKw.push(plantKw)
    result.kWh += kWh
    result.cost += kWh * step.price
    result.discomfortKh += step.presence * outside(step.band, t) * problem.stepHours
  }
  return result
}
