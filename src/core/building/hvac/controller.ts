import type { EpochMs } from '../../telemetry/reading.ts'
import type { ZoneStep } from '../thermal/identify-zone.ts'
import { heatTo } from '../thermal/zone-model.ts'
import { comfortBand } from './comfort-band.ts'
import { decideBuilding, type BuildingDecision } from './decide.ts'
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
  type ZoneSituation,
} from './zone-plan.ts'

export interface ZoneObservation {
  zone: string
  temperatureC: number
  /** Probability that somebody is there now. */
  occupied: number
  /** The zone's newest steps, ascending, the last one just ended; for what the model misses. */
  recent: readonly ZoneStep[]
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
  const plans = observation.zones.flatMap((zone) => {
    const known = knowledge.find((k) => k.zone === zone.zone)
    return known === undefined
      ? []
      : [planForZone(known, situation(zone, known, settings.stepHours), horizon, plan)]
  })
  return decideBuilding(plans, horizon, settings.clock, settings.currency, inControl)
}

/** What may be sent of a decision now; `states` are moved on to what is then in force. */
export function commandsOf(
  decision: BuildingDecision,
  now: EpochMs,
  states: Map<string, InterlockState>,
  settings: ControllerSettings,
): ZoneCommand[] {
  const sent: ZoneCommand[] = []
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

/** Steps over which what the model missed is averaged: two hours even out sensor noise. */
const BIAS_STEPS = 8

function situation(zone: ZoneObservation, knowledge: ZoneKnowledge, stepHours: number): ZoneSituation {
  const model = knowledge.identification?.model
  const steps = zone.recent.slice(-BIAS_STEPS - 1)
  let [missed, n] = [0, 0]
  for (let i = 1; i < steps.length; i++) {
    if (model === undefined) break
    const before = steps[i - 1]!
    if (steps[i]!.step !== before.step + 1) continue
    missed += heatTo(model, before.temperatureC, steps[i]!.temperatureC, before, stepHours) - before.plantKw
    n += 1
  }
  // Shrunk: a single step's difference is mostly noise.
  const biasKw = n === 0 ? 0 : missed / (n + 2)
  return { temperatureC: zone.temperatureC, occupied: zone.occupied, biasKw }
}
