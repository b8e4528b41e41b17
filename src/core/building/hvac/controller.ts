import type { EpochMs } from '../../telemetry/reading.ts'
import { comfortBand } from './comfort-band.ts'
import { decideBuilding, type BuildingDecision, type ZoneLeft } from './decide.ts'
import {
  interlock,
  usualLimits,
  type InterlockLimits,
  type InterlockState,
  type Interlocked,
} from './interlock.ts'
import {
  planForZone,
  type HorizonStep,
  type PlanSettings,
  type ZoneKnowledge,
  type ZonePlan,
  type ZoneSituation,
} from './zone-plan.ts'

export interface ZoneObservation extends ZoneSituation {
  zone: string
}

export interface Observation {
  now: EpochMs
  /** Mean outdoor temperature of the last week, for people's clothes. */
  runningMeanC: number
  zones: readonly ZoneObservation[]
}

/** A building that can be controlled: real, simulated, or somebody else's. The three calls of one cycle, in this order. */
export interface ControlledBuilding {
  observe(): Observation
  /** Weather and prices for the horizon, the first step beginning now. */
  forecast(): readonly HorizonStep[]
  /** Set-points that passed the interlock; a zone that is missing keeps its own schedule. */
  act(commands: readonly ZoneCommand[]): void
}

export interface ZoneCommand extends Interlocked {
  zone: string
  why: string
}

export type ControllerSettings = Omit<PlanSettings, 'band'> & {
  currency: string
  interlock?: InterlockLimits
  /** Its owner wants to hear what could be done, and does it himself. */
  adviseOnly?: boolean
}

/** One cycle on one building: observe, forecast, decide, and act where it is worth it. Returns the decision for the record. */
export function controlCycle(
  building: ControlledBuilding,
  knowledge: readonly ZoneKnowledge[],
  states: Map<string, InterlockState>,
  settings: ControllerSettings,
): BuildingDecision {
  const observation = building.observe()
  const horizon = building.forecast()
  const inControl = [...states.values()].some((state) => state.applied === true)
  const decision = decide(observation, horizon, knowledge, settings, inControl)
  building.act(commandsOf(decision, observation.now, states, settings))
  return decision
}

/** The decision alone, for a building whose observation and forecast are already at hand. */
export function decide(
  observation: Observation,
  horizon: readonly HorizonStep[],
  knowledge: readonly ZoneKnowledge[],
  settings: ControllerSettings,
  inControl = false,
): BuildingDecision {
  const plan: PlanSettings = { ...settings, band: comfortBand(observation.runningMeanC) }
  const plans: ZonePlan[] = []
  const left: ZoneLeft[] = []
  for (const observed of observation.zones) {
    const known = knowledge.find(({ zone }) => zone === observed.zone)
    if (known === undefined) continue
    const found = planForZone(known, observed, horizon, plan)
    const doubt = doubtOf(found, known)
    if (doubt === null) plans.push(found)
    else left.push({ zone: known.zone, why: doubt })
  }
  const { clock, stepHours, currency, adviseOnly = false } = settings
  return decideBuilding(plans, left, { horizon, clock, stepHours, currency, inControl, adviseOnly })
}

/** More heat gone or come from nowhere than this share of the plant is no open window: a sensor sticks, or the plant does not run. */
const DOUBTED_SHARE = 0.75

function doubtOf({ zone, method, biasKw }: ZonePlan, { heatingKw, coolingKw }: ZoneKnowledge): string | null {
  const most = DOUBTED_SHARE * Math.max(heatingKw, coolingKw)
  if (method !== 'model' || Math.abs(biasKw) <= most) return null
  const what = biasKw < 0 ? 'colder' : 'warmer'
  return `${zone} is left to its own schedule because it is measured far ${what} than its plant and the weather can explain (${Math.abs(biasKw).toFixed(1)} kW): a sensor or the plant may have failed.`
}

/** What may be sent of a decision now; `states` are moved on to what is then in force, zones left alone are forgotten. */
export function commandsOf(
  decision: BuildingDecision,
  now: EpochMs,
  states: Map<string, InterlockState>,
  settings: ControllerSettings,
): ZoneCommand[] {
  const sent: ZoneCommand[] = []
  for (const [zone, { override }] of states)
    if (override === null && !decision.zones.some((decided) => decided.zone === zone)) states.delete(zone)
  for (const zone of decision.zones) {
    const state = states.get(zone.zone) ?? { current: null, since: now, override: null }
    const overridden = state.override !== null && now < state.override.until
    if (decision.action === 'advise' || overridden) {
      states.set(zone.zone, { ...state, current: settings.schedule(now), since: now, applied: false })
      continue
    }
    const allowed = interlock(zone.setPoints[0]!, state, now, settings.interlock ?? usualLimits)
    states.set(zone.zone, { ...state, current: allowed.setPoints, since: now, applied: true })
    sent.push({ zone: zone.zone, ...allowed, why: zone.why })
  }
  return sent
}
