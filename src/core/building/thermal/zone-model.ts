import type { LocalTime } from '../local-time.ts'

/** Two-hour slots of working days, then of weekends. */
export const HABIT_SLOTS = 24

/** Where in the day's habits a moment lies. */
export const habitSlot = ({ weekday, minuteOfDay }: Pick<LocalTime, 'weekday' | 'minuteOfDay'>): number =>
  Math.floor(minuteOfDay / 120) + (weekday < 5 ? 0 : HABIT_SLOTS / 2)

/** One resistance and one capacity, with what heats a zone besides its plant. */
export interface ZoneModel {
  /** To the outdoors, K/kW. */
  resistance: number
  /** kWh/K. */
  capacity: number
  /** Heat per irradiance on the horizontal, kW per W/m². */
  solar: number
  /** Heat of people and their machines while the zone is occupied, kW. */
  occupied: number
  /** What always heats it, or leaks to a neighbour where negative, kW. */
  base: number
  /** What the time of day brings on top (machines, neighbours, what walls give back), kW by slot; small by its prior. */
  habit: Float64Array
}

/** What acts on a zone during a step. Heat is positive, cooling negative. */
export interface ZoneInputs {
  outdoorC: number
  solarWm2: number
  /** Occupied share of the step. */
  occupied: number
  /** Of `habitSlot`. */
  slot: number
}

/** Share of the distance to equilibrium that remains after a step of so many hours. */
export const decay = (model: Pick<ZoneModel, 'resistance' | 'capacity'>, hours: number): number =>
  Math.exp(-hours / (model.resistance * model.capacity))

/** Heat that comes without the plant, kW. */
export const freeHeat = (model: ZoneModel, inputs: ZoneInputs): number =>
  model.base +
  model.solar * inputs.solarWm2 +
  model.occupied * inputs.occupied +
  (model.habit[inputs.slot] ?? 0)

/** Exact step of C·dT/dt = (To − T)/R + Q under constant inputs: T₁ = a·T₀ + (1 − a)(To + R·Q). */
export function stepTemperature(
  model: ZoneModel,
  temperatureC: number,
  inputs: ZoneInputs,
  plantKw: number,
  hours: number,
): number {
  const a = decay(model, hours)
  const equilibrium = inputs.outdoorC + model.resistance * (freeHeat(model, inputs) + plantKw)
  return a * temperatureC + (1 - a) * equilibrium
}

/** Plant heat that brings the zone to `targetC` at the end of the step, kW; negative cools. */
export function heatTo(
  model: ZoneModel,
  temperatureC: number,
  targetC: number,
  inputs: ZoneInputs,
  hours: number,
): number {
  const a = decay(model, hours)
  const equilibrium = (targetC - a * temperatureC) / (1 - a)
  return (equilibrium - inputs.outdoorC) / model.resistance - freeHeat(model, inputs)
}

/**
 * Hours of full power that bring the zone from here to its set-point; 0 if it is there, Infinity if it never gets
 * there. t = −RC·ln((Tset − T∞)/(T₀ − T∞)), T∞ = To + R·Q.
 */
export function optimalStartHours(
  model: ZoneModel,
  temperatureC: number,
  setPointC: number,
  inputs: ZoneInputs,
  fullPowerKw: number,
): number {
  const heating = fullPowerKw > 0
  if (heating ? temperatureC >= setPointC : temperatureC <= setPointC) return 0
  const end = inputs.outdoorC + model.resistance * (freeHeat(model, inputs) + fullPowerKw)
  if (heating ? end <= setPointC : end >= setPointC) return Infinity
  return -model.resistance * model.capacity * Math.log((setPointC - end) / (temperatureC - end))
}
