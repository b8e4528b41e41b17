import {
  airOf,
  heatTo,
  stepLaw,
  stepState,
  type StepLaw,
  type ZoneInputs,
  type ZoneModel,
  type ZoneState,
} from '../thermal/zone-model.ts'
import type { Band } from './comfort-band.ts'
import { cheapestHeat } from './cheapest-heat.ts'

/** One step of the horizon as the planner sees it. */
export interface PlanStep extends ZoneInputs {
  /** Per kWh of electricity. */
  price: number
  /** Heat and cold for a kWh of electricity. */
  heatingCop: number
  coolingCop: number
  /** Heat that the model is expected to miss, kW. */
  biasKw: number
  /** Comfort for people, weighed with the probability that somebody is there. */
  band: Band
  presence: number
}

export interface PlanProblem {
  state: ZoneState
  stepHours: number
  steps: readonly PlanStep[]
  /** The model's law of each step. */
  laws: readonly StepLaw[]
  /** Of the mass, kWh/K. */
  capacity: number
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
  /** Of the air at the end of each step. */
  temperatures: number[]
  plantKw: number[]
  /** Electricity and what it costs, of each step. */
  kWh: number[]
  cost: number[]
  /** Expected kelvin-hours outside the band while somebody is there. */
  discomfortKh: number
}

/** Limits are not comfort: crossing them costs more than comfort ever does. */
const LIMIT_SHARE = 4

/** The model's law of each step, missed heat included. */
export const lawsOf = (model: ZoneModel, steps: readonly PlanStep[], stepHours: number): StepLaw[] =>
  steps.map((step) => {
    const law = stepLaw(model, step, stepHours)
    return { ...law, massAdded: law.massAdded + law.massPerKw * step.biasKw }
  })

/** Cheapest operation of one zone over the horizon: energy plus expected discomfort (docs/building.md). */
export function planZone(problem: PlanProblem): Trajectory {
  const { steps, laws, stepHours, discomfortPrice, limits, heatingKw, coolingKw } = problem
  const plantKw = cheapestHeat({
    state: problem.state,
    heatingKw,
    coolingKw,
    steps: steps.map((step, k) => ({
      law: laws[k]!,
      heatCost: (Math.max(0, step.price) * stepHours) / step.heatingCop,
      coolCost: (Math.max(0, step.price) * stepHours) / step.coolingCop,
      bands: [
        { ...step.band, price: discomfortPrice * step.presence * stepHours },
        { ...limits, price: LIMIT_SHARE * discomfortPrice * stepHours },
      ],
    })),
    end: { band: steps.at(-1)!.band, ...endPrices(problem) },
  })
  return trajectory(problem, (k) => plantKw[k]!)
}

/** Heat that will have to be made up after the horizon, per kelvin of the mass: else the plan would end in the cold. */
function endPrices({ capacity, steps }: PlanProblem): { belowPrice: number; abovePrice: number } {
  const of = (each: (step: PlanStep) => number): number =>
    (KEPT_AFTER * capacity * steps.reduce((sum, step) => sum + each(step), 0)) / steps.length
  return {
    belowPrice: of((step) => step.price / step.heatingCop),
    abovePrice: of((step) => step.price / step.coolingCop),
  }
}
/** What leaks before the next occupied hour need not be made up: half is a fair price for a night's distance. */
const KEPT_AFTER = 0.5

/** What a thermostat does with these set-points: the model's own prediction of any schedule. */
export function followSetPoints(problem: PlanProblem, setPoints: readonly SetPoints[]): Trajectory {
  const { heatingKw, coolingKw } = problem
  return trajectory(problem, (k, law, state) => {
    const { heatC, coolC } = setPoints[k]!
    const free = airOf(stepState(law, state, 0))
    if (free < heatC) return Math.min(heatingKw, heatTo(law, state, heatC))
    return free > coolC ? Math.max(-coolingKw, heatTo(law, state, coolC)) : 0
  })
}

function trajectory(
  problem: PlanProblem,
  plantAt: (k: number, law: StepLaw, state: ZoneState) => number,
): Trajectory {
  const { steps, laws, stepHours } = problem
  const result: Trajectory = { temperatures: [], plantKw: [], kWh: [], cost: [], discomfortKh: 0 }
  let { state } = problem
  for (const [k, step] of steps.entries()) {
    const law = laws[k]!
    const plantKw = plantAt(k, law, state)
    state = stepState(law, state, plantKw)
    const t = airOf(state)
    const kWh = (Math.abs(plantKw) / (plantKw > 0 ? step.heatingCop : step.coolingCop)) * stepHours
    result.temperatures.push(t)
    result.plantKw.push(plantKw)
    result.kWh.push(kWh)
    result.cost.push(kWh * step.price)
    result.discomfortKh += step.presence * outside(step.band, t) * stepHours
  }
  return result
}

const outside = (band: Band, t: number): number => Math.max(0, band.low - t, t - band.high)
