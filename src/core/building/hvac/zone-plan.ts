import type { LocalClock } from '../local-time.ts'
import type { EpochMs } from '../../telemetry/reading.ts'
import type { Identification, ZoneStep } from '../thermal/identify-zone.ts'
import { BIAS_KEPT, observeZone } from '../thermal/observe-zone.ts'
import type { Droop } from '../thermal/thermostat-droop.ts'
import { atRest, type ZoneModel } from '../thermal/zone-model.ts'
import type { Band } from './comfort-band.ts'
import { coolingCop, heatingCop } from './heat-pump.ts'
import {
  followSetPoints,
  lawsOf,
  planZone,
  type PlanProblem,
  type SetPoints,
  type Trajectory,
} from './plan-zone.ts'
import { presenceAhead } from './presence-ahead.ts'
import { rulePlan } from './rule-plan.ts'

/** What has been learned of a zone, by jobs from its closed minutes. */
export interface ZoneKnowledge {
  zone: string
  identification: Identification | null
  /** Expected occupied share of the 168 local hours of the week. */
  presence: Float64Array
  droop: Droop
  /** Plant limits, thermal kW. */
  heatingKw: number
  coolingKw: number
}

/** How a zone is now. */
export interface ZoneSituation {
  temperatureC: number
  /** Probability that somebody is there. */
  occupied: number
  /** The newest steps, ascending, the last one just ended: where the mass stands and what the model misses. */
  recent: readonly ZoneStep[]
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
  /** Electricity that a kelvin-hour of discomfort is worth that is certain to be felt. */
  discomfortKwh: number
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
  /** Probability that somebody is there now, as far as was measured. */
  occupied: number
  /** Heat that the model misses at present, kW. */
  biasKw: number
}

/** Below this nobody is expected, and the zone may drift to its limits. */
export const PRESENCE_MATTERS = 0.02
/** Kept inside the band beside the droop, for sensors that are a little off. */
const SENSOR_MARGIN_K = 0.2
/** Droop of a thermostat that nobody has watched. */
const USUAL_DROOP_K = 0.3
/** A zone without a model is estimated with this one: an office of 150 m², for shares and not for kelvins. */
const typicalZone: ZoneModel = {
  resistance: 4,
  capacity: 18,
  solar: 0.005,
  occupied: 1,
  base: 0.5,
  film: { hours: 1, plant: 0.3, solar: 0, occupied: 0.3, outdoor: 0.03 },
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
  const schedule = horizon.map((step) => settings.schedule(step.at))
  const presence = presenceAhead(knowledge.presence, situation.occupied, horizon, schedule, settings)
  const band = innerBand(settings.band, knowledge.droop)
  const model = identification?.accepted === true ? identification.model : null
  const problemFor = (m: ZoneModel): PlanProblem =>
    planProblem(m, knowledge, situation, horizon, { ...settings, band }, presence)
  const problem = problemFor(model ?? typicalZone)
  const setPoints =
    model === null
      ? rulePlan(presence, situation.temperatureC, { ...settings, band })
      : modelPlan(problem, presence, situation, knowledge)
  const folds = (model === null ? [] : (identification?.folds ?? [])).map((fold) => {
    const other = problemFor(fold)
    return {
      planned: total(followSetPoints(other, setPoints).cost),
      scheduled: total(followSetPoints(other, schedule).cost),
    }
  })
  return {
    zone,
    method: model === null ? 'rule' : 'model',
    setPoints,
    planned: followSetPoints(problem, setPoints),
    scheduled: followSetPoints(problem, schedule),
    folds,
    presence,
    occupied: situation.occupied,
    biasKw: problem.steps[0]?.biasKw ?? 0,
  }
}

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

function modelPlan(
  problem: PlanProblem,
  presence: readonly number[],
  situation: ZoneSituation,
  knowledge: ZoneKnowledge,
): SetPoints[] {
  const plan = planZone(problem)
  return withHeadStart(toSetPoints(plan, problem, presence), plan, situation, knowledge)
}

/** The band less what the thermostat and the sensor are off by, so that people are within it and not the set-points. */
function innerBand(band: Band, droop: Droop): Band {
  const heatK = droop.heatK ?? USUAL_DROOP_K
  const coolK = droop.coolK ?? USUAL_DROOP_K
  const middle = (band.low + band.high) / 2
  return {
    low: Math.min(middle - 0.5, band.low + heatK + SENSOR_MARGIN_K),
    high: Math.max(middle + 0.5, band.high - coolK - SENSOR_MARGIN_K),
  }
}

function planProblem(
  model: ZoneModel,
  { heatingKw, coolingKw }: ZoneKnowledge,
  { recent, temperatureC }: ZoneSituation,
  horizon: readonly HorizonStep[],
  settings: PlanSettings,
  presence: readonly number[],
): PlanProblem {
  const { band, stepHours, limits } = settings
  const { state, biasKw } =
    recent.length === 0
      ? { state: atRest(temperatureC), biasKw: 0 }
      : observeZone(model, recent, temperatureC, stepHours)
  const meanPrice = horizon.reduce((sum, step) => sum + step.price, 0) / horizon.length
  const steps = horizon.map((step, k) => ({
    outdoorC: step.outdoorC,
    solarWm2: step.solarWm2,
    occupied: presence[k]!,
    biasKw: biasKw * BIAS_KEPT ** k,
    price: step.price,
    heatingCop: heatingCop(step.outdoorC),
    coolingCop: coolingCop(step.outdoorC),
    band,
    presence: presence[k]! > PRESENCE_MATTERS ? presence[k]! : 0,
  }))
  return {
    capacity: model.capacity,
    laws: lawsOf(model, steps, stepHours),
    stepHours,
    state,
    heatingKw,
    coolingKw,
    discomfortPrice: settings.discomfortKwh * meanPrice,
    limits,
    steps,
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
        heatC: plant > RESTING_KW ? Math.max(band.low, Math.min(t, band.high - 1)) : band.low,
        coolC: plant < -RESTING_KW ? Math.min(band.high, Math.max(t, band.low + 1)) : band.high,
      }
    }
    if (plant > RESTING_KW) return { heatC: t, coolC: Math.max(limits.high, t + ASIDE_K) }
    if (plant < -RESTING_KW) return { heatC: Math.min(limits.low, t - ASIDE_K), coolC: t }
    return {
      heatC: Math.min(t, Math.max(limits.low, t - ASIDE_K)),
      coolC: Math.max(t, Math.min(limits.high, t + ASIDE_K)),
    }
  })
}

/** Proportional band of room thermostats: so far off does one have to be before it asks for full power. */
const PROPORTIONAL_BAND_K = 1
const MOST_HEAD_START_K = 0.5

/**
 * What the plan wants and the plant does not yet give, the thermostat gives only when the air is off its set-point: the
 * first set-point is moved by that much, or people would pay for the thermostat's slowness when coasting ends.
 */
function withHeadStart(
  setPoints: SetPoints[],
  plan: Trajectory,
  { recent }: ZoneSituation,
  { heatingKw, coolingKw }: ZoneKnowledge,
): SetPoints[] {
  const [first, ...later] = setPoints
  const wanted = plan.plantKw[0]!
  const given = recent.at(-1)?.plantKw ?? 0
  const most = wanted > 0 ? heatingKw : coolingKw
  const missing = (Math.abs(wanted) - Math.max(0, Math.sign(wanted) * given)) / most
  if (first === undefined || Math.abs(wanted) <= RESTING_KW || missing <= 0) return setPoints
  const head = Math.min(MOST_HEAD_START_K, PROPORTIONAL_BAND_K * missing)
  return [
    wanted > 0 ? { ...first, heatC: first.heatC + head } : { ...first, coolC: first.coolC - head },
    ...later,
  ]
}

/** Less is what the barrier of the optimisation leaves and no plant can deliver. */
const RESTING_KW = 0.05
