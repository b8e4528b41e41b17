import type { LocalClock } from '../local-time.ts'
import type { EpochMs } from '../../telemetry/reading.ts'
import type { Identification } from '../thermal/identify-zone.ts'
import { HABIT_SLOTS, habitSlot, type ZoneModel } from '../thermal/zone-model.ts'
import type { Band } from './comfort-band.ts'
import { coolingCop, heatingCop } from './heat-pump.ts'
import { followSetPoints, planZone, type PlanProblem, type SetPoints, type Trajectory } from './plan-zone.ts'
import { rulePlan } from './rule-plan.ts'

/** What has been learned of a zone, by jobs from its closed minutes. */
export interface ZoneKnowledge {
  zone: string
  identification: Identification | null
  /** Expected occupied share of the 168 local hours of the week. */
  presence: Float64Array
  /** Plant limits, thermal kW. */
  heatingKw: number
  coolingKw: number
}

/** How a zone is now. */
export interface ZoneSituation {
  temperatureC: number
  /** Probability that somebody is there. */
  occupied: number
  /** Heat that the model has missed lately, kW. */
  biasKw: number
}

/** One step of the horizon that all zones share. */
export interface HorizonStep {
  at: EpochMs
  outdoorC: number
  solarWm2: number
  price: number
}

export interface PlanSettings {
  clock: LocalClock
  stepHours: number
  /** Comfort of the season. */
  band: Band
  /** Kept inside the band, for sensors and thermostats that are a little off. */
  marginK: number
  /** Per kelvin-hour of discomfort that is certain to be felt. */
  discomfortPrice: number
  limits: Band
  /** The building's own set-points. */
  schedule: (at: EpochMs) => SetPoints
}

export interface ZonePlan {
  zone: string
  method: 'model' | 'rule'
  setPoints: SetPoints[]
  planned: Trajectory
  scheduled: Trajectory
  /** The plan's and the schedule's cost under each fold of the model, for the bound. */
  folds: { planned: number; scheduled: number }[]
  presence: number[]
}

/** Below this nobody is expected, and the zone may drift to its limits. */
export const PRESENCE_MATTERS = 0.02
/** A stay or an absence persists with this half-life. */
const PERSISTENCE_HOURS = 1
/** What the model missed lately fades over hours. */
const BIAS_HOURS = 4
/** A zone without a model is estimated with this one: an office of 150 m², for shares and not for kelvins. */
const typicalZone: ZoneModel = {
  resistance: 6,
  capacity: 8,
  solar: 0.002,
  occupied: 1,
  base: 0.3,
  habit: new Float64Array(HABIT_SLOTS),
}

/**
 * Plans one zone over the horizon: by its model if that was accepted, else by the rule. Set-points are what the
 * thermostat is to hold at the end of each step; while the plant rests they stand aside at the edge of what is allowed.
 */
export function planForZone(
  knowledge: ZoneKnowledge,
  situation: ZoneSituation,
  horizon: readonly HorizonStep[],
  settings: PlanSettings,
): ZonePlan {
  const { identification, zone } = knowledge
  const presence = presenceAhead(knowledge, situation, horizon, settings)
  const model = identification?.accepted === true ? identification.model : null
  const problemFor = (m: ZoneModel): PlanProblem =>
    planProblem(m, knowledge, situation, horizon, settings, presence)
  const problem = problemFor(model ?? typicalZone)
  const scheduled = followSetPoints(
    problem,
    horizon.map((step) => settings.schedule(step.at)),
  )
  const schedule = horizon.map((step) => settings.schedule(step.at))
  const setPoints =
    model === null
      ? rulePlan(presence, situation.temperatureC, settings)
      : toSetPoints(planZone(problem), problem, presence)
  const planned = followSetPoints(problem, setPoints)
  const folds = (model === null ? [] : (identification?.folds ?? [])).map((fold) => ({
    planned: followSetPoints(problemFor(fold), setPoints).cost,
    scheduled: followSetPoints(problemFor(fold), schedule).cost,
  }))
  return { zone, method: model === null ? 'rule' : 'model', setPoints, planned, scheduled, folds, presence }
}

/** The week's habit, drawn towards what is seen now for the next hours. */
function presenceAhead(
  knowledge: ZoneKnowledge,
  situation: ZoneSituation,
  horizon: readonly HorizonStep[],
  { clock, stepHours }: PlanSettings,
): number[] {
  return horizon.map((step, k) => {
    // The first hour's habit begins late in it: the higher of the two neighbouring hours covers early arrivals.
    const ahead = knowledge.presence[clock(step.at + 900_000).hourOfWeek] ?? 0
    const habit = Math.max(knowledge.presence[clock(step.at).hourOfWeek] ?? 0, ahead)
    const memory = 0.5 ** (((k + 1) * stepHours) / PERSISTENCE_HOURS)
    // Somebody seen is worth more than nobody seen: people come back from lunch.
    return situation.occupied > 0.5
      ? Math.max(habit, memory * situation.occupied + (1 - memory) * habit)
      : habit * (1 - 0.3 * memory)
  })
}

function planProblem(
  model: ZoneModel,
  knowledge: ZoneKnowledge,
  situation: ZoneSituation,
  horizon: readonly HorizonStep[],
  settings: PlanSettings,
  presence: readonly number[],
): PlanProblem {
  const { band, marginK, stepHours, discomfortPrice, limits } = settings
  const middle = (band.low + band.high) / 2
  const inner = { low: Math.min(middle, band.low + marginK), high: Math.max(middle, band.high - marginK) }
  return {
    model,
    stepHours,
    temperatureC: situation.temperatureC,
    heatingKw: knowledge.heatingKw,
    coolingKw: knowledge.coolingKw,
    discomfortPrice,
    limits,
    steps: horizon.map((step, k) => ({
      outdoorC: step.outdoorC + model.resistance * situation.biasKw * Math.exp((-k * stepHours) / BIAS_HOURS),
      solarWm2: step.solarWm2,
      occupied: presence[k]!,
      slot: habitSlot(settings.clock(step.at)),
      price: step.price,
      heatingCop: heatingCop(step.outdoorC),
      coolingCop: coolingCop(step.outdoorC),
      band: inner,
      presence: presence[k]! > PRESENCE_MATTERS ? presence[k]! : 0,
    })),
  }
}

/** While nobody is expected and the plant rests, set-points stand this far off: near enough to catch a model that is wrong. */
const ASIDE_K = 1

/** From this presence on the band itself is held; below it a rare visitor is weighed by the plan and not held ready for. */
const HELD_PRESENCE = 0.06

/** While somebody is expected the band itself is held, whatever the model believes of how slowly the zone moves. */
function toSetPoints(plan: Trajectory, problem: PlanProblem, presence: readonly number[]): SetPoints[] {
  const { limits } = problem
  return plan.temperatures.map((t, k) => {
    const { band } = problem.steps[k]!
    const plant = plan.plantKw[k]!
    if (presence[k]! > HELD_PRESENCE) {
      return {
        heatC: plant > 0.01 ? Math.max(band.low, Math.min(t, band.high - 1)) : band.low,
        coolC: plant < -0.01 ? Math.min(band.high, Math.max(t, band.low + 1)) : band.high,
      }
    }
    if (plant > 0.01) return { heatC: t, coolC: Math.max(limits.high, t + ASIDE_K) }
    if (plant < -0.01) return { heatC: Math.min(limits.low, t - ASIDE_K), coolC: t }
    return {
      heatC: Math.min(t, Math.max(limits.low, t - ASIDE_K)),
      coolC: Math.max(t, Math.min(limits.high, t + ASIDE_K)),
    }
  })
}
