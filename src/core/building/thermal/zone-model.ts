/**
 * One zone: one resistance and one capacity (its walls, floors and furniture), and what stands between that mass and the
 * thermometer. Air answers within the hour where the mass takes days; without that film a model that fits a fixed schedule
 * to half a kelvin is 2.7 K off when set-points move (docs/building.md).
 */
export interface ZoneModel {
  /** Mass to outdoors, K/kW. */
  resistance: number
  /** kWh/K. */
  capacity: number
  /** Heat per irradiance on the horizontal, kW per W/m². */
  solar: number
  /** Heat of people and their machines while the zone is occupied, kW. */
  occupied: number
  /** What always heats it, or leaks to a neighbour where negative, kW. */
  base: number
  /** null: the thermometer follows the mass. */
  film: Film | null
}

/** How far the air stands off the mass, in the end, and how soon it does. */
export interface Film {
  hours: number
  /** K per kW from the plant. */
  plant: number
  /** K per W/m². */
  solar: number
  /** K while occupied. */
  occupied: number
  /** Share of the outdoor temperature that comes through windows and gaps instead of the mass. */
  outdoor: number
}

/** The thermometer shows their sum. */
export interface ZoneState {
  massC: number
  filmK: number
}

/** What acts on a zone during a step. Heat is positive, cooling negative. */
export interface ZoneInputs {
  outdoorC: number
  solarWm2: number
  /** Occupied share of the step. */
  occupied: number
}

export const airOf = ({ massC, filmK }: ZoneState): number => massC + filmK

/** A zone at rest: the air as warm as the mass. */
export const atRest = (celsius: number): ZoneState => ({ massC: celsius, filmK: 0 })

/** One step as numbers: what remains of each part, what inputs add to it, and what a kW of the plant adds. */
export interface StepLaw {
  massDecay: number
  filmDecay: number
  massAdded: number
  filmAdded: number
  massPerKw: number
  filmPerKw: number
}

/** Exact under inputs that are constant during the step: x₁ = a·x₀ + (1 − a)·x∞ with a = e^(−Δt/τ), τ = R·C for the mass. */
export function stepLaw(model: ZoneModel, inputs: ZoneInputs, hours: number): StepLaw {
  const { resistance, capacity, film } = model
  const massDecay = Math.exp(-hours / (resistance * capacity))
  const heat = model.base + model.solar * inputs.solarWm2 + model.occupied * inputs.occupied
  const through = film === null ? 1 : 1 - film.outdoor
  const massAdded = (1 - massDecay) * (through * inputs.outdoorC + resistance * heat)
  const massPerKw = (1 - massDecay) * resistance
  if (film === null) return { massDecay, filmDecay: 0, massAdded, filmAdded: 0, massPerKw, filmPerKw: 0 }
  const filmDecay = Math.exp(-hours / film.hours)
  const aside =
    film.outdoor * inputs.outdoorC + film.solar * inputs.solarWm2 + film.occupied * inputs.occupied
  return {
    massDecay,
    filmDecay,
    massAdded,
    filmAdded: (1 - filmDecay) * aside,
    massPerKw,
    filmPerKw: (1 - filmDecay) * film.plant,
  }
}

export const stepState = (law: StepLaw, { massC, filmK }: ZoneState, plantKw: number): ZoneState => ({
  massC: law.massDecay * massC + law.massAdded + law.massPerKw * plantKw,
  filmK: law.filmDecay * filmK + law.filmAdded + law.filmPerKw * plantKw,
})

/** Plant heat that brings the air to `targetC` at the end of the step, kW; negative cools. */
export const heatTo = (law: StepLaw, state: ZoneState, targetC: number): number =>
  (targetC - airOf(stepState(law, state, 0))) / (law.massPerKw + law.filmPerKw)
