import type { SetPoints } from '../../src/core/building/hvac/plan-zone.ts'
import type { WeatherValues } from '../../src/core/building/epw.ts'

/** One zone's construction and plant. Conductances in kW/K, capacities in kWh/K. */
export interface ZoneConstruction {
  zone: string
  workers: number
  /** Air with furniture, and the walls and floors around it. */
  airCapacity: number
  massCapacity: number
  airToMass: number
  massToOutdoor: number
  /** Windows; infiltration comes on top and grows with the wind and with the temperature difference. */
  windows: number
  infiltration: number
  /** Solar aperture, m²; how it faces the sun through the day, 0–24 h. */
  aperture: number
  facing: (hour: number) => number
  /** Nominal thermal plant size, kW. */
  heatingKw: number
  coolingKw: number
}

const bell = (hour: number, centre: number, width: number): number =>
  Math.exp(-(((hour - centre) / width) ** 2))

/**
 * 300 m² of offices: one zone faces south, one north with a little evening sun. Sizes follow ISO 13790:2008 for medium to
 * heavy construction: 165–260 kJ/K and, over 4.5 m² of surface at 3.45 W/m²K, about 9 W/K between air and mass a m².
 */
export const offices: readonly ZoneConstruction[] = [
  {
    zone: 'south',
    workers: 8,
    airCapacity: 1.6,
    massCapacity: 10,
    airToMass: 1.4,
    massToOutdoor: 0.055,
    windows: 0.055,
    infiltration: 0.035,
    aperture: 9,
    facing: (hour) => 0.45 + 0.9 * bell(hour, 12.5, 3),
    heatingKw: 14,
    coolingKw: 12,
  },
  {
    zone: 'north',
    workers: 6,
    airCapacity: 1.4,
    massCapacity: 9,
    airToMass: 1.3,
    massToOutdoor: 0.07,
    windows: 0.04,
    infiltration: 0.04,
    aperture: 4.5,
    facing: (hour) => 0.4 + 0.35 * bell(hour, 17.5, 2),
    heatingKw: 14,
    coolingKw: 10,
  },
]

/** Between the two zones, through the partition and its door. */
const COUPLING = 0.12
const PERSON_KW = 0.09
const DESK_KW = 0.11
const STANDBY_KW = 0.25
/** Fresh air for a person with heat recovery, kW/K: 10 L/s · 1.2 kJ/m³K · (1 − 0.6). */
const FRESH_AIR = 0.0048
const MINUTE_HOURS = 1 / 60

export interface ZonePhysics {
  airC: number
  massC: number
  integral: number
  /** Of the last minute: heat (negative: cold) delivered and electricity taken, kW. */
  plantKw: number
  electricKw: number
}

export const initialZone = (celsius: number): ZonePhysics => ({
  airC: celsius,
  massC: celsius,
  integral: 0,
  plantKw: 0,
  electricKw: 0,
})

/**
 * Moves the building by one minute: two nodes a zone, coupling, sun into air and mass, people, wind-driven
 * infiltration, fresh air, and heat pumps with a proportional-integral thermostat, capacity that falls in the cold,
 * defrost, part-load losses and a resistance heater behind. None of it is known to the controller.
 */
export function stepMinute(
  zones: ZonePhysics[],
  constructions: readonly ZoneConstruction[],
  weather: WeatherValues,
  hourOfDay: number,
  people: readonly number[],
  setPoints: readonly SetPoints[],
): void {
  const before = zones.map((z) => z.airC)
  const mean = before.reduce((a, b) => a + b, 0) / before.length
  for (const [i, z] of zones.entries()) {
    const c = constructions[i]!
    const p = people[i]!
    runPlant(z, c, weather, setPoints[i]!)
    const sun = (c.aperture * c.facing(hourOfDay) * weather.solarWm2) / 1000
    const gap = weather.temperatureC - z.airC
    const infiltration = c.infiltration * (0.3 + 0.1 * weather.windMs + 0.012 * Math.abs(gap))
    const toAir =
      (z.massC - z.airC) * c.airToMass +
      gap * (c.windows + infiltration + FRESH_AIR * p) +
      // A pair of zones: the difference to the mean is half of that to the neighbour.
      2 * (mean - before[i]!) * COUPLING +
      0.35 * sun +
      p * (0.6 * PERSON_KW + DESK_KW) +
      STANDBY_KW +
      z.plantKw
    const toMass =
      (z.airC - z.massC) * c.airToMass +
      (weather.temperatureC - z.massC) * c.massToOutdoor +
      0.65 * sun +
      0.4 * PERSON_KW * p
    z.airC += (toAir * MINUTE_HOURS) / c.airCapacity
    z.massC += (toMass * MINUTE_HOURS) / c.massCapacity
  }
}

function runPlant(z: ZonePhysics, c: ZoneConstruction, weather: WeatherValues, set: SetPoints): void {
  const outdoor = weather.temperatureC
  const cold = set.heatC - z.airC
  const hot = z.airC - set.coolC
  const mode =
    cold > -0.3 && (cold > 0 || z.integral > 0) ? 1 : hot > -0.3 && (hot > 0 || z.integral < 0) ? -1 : 0
  if (mode === 0) {
    z.integral = 0
    z.plantKw = 0
    z.electricKw = 0
    return
  }
  const error = mode === 1 ? cold : hot
  const sum = Math.min(1, Math.max(0, Math.abs(z.integral) + error * 0.02))
  z.integral = mode * sum
  const load = Math.min(1, Math.max(0, 0.9 * error + sum))
  const partLoad = 1 - 0.18 * (1 - load)
  if (mode === 1) {
    const capacity = c.heatingKw * Math.min(1.1, Math.max(0.35, 1 + 0.017 * (outdoor - 7)))
    const defrost = outdoor > -6 && outdoor < 4 && weather.humidityPercent > 75 ? 0.9 : 1
    const cop = Math.min(5, Math.max(1.5, 3.6 + 0.075 * (outdoor - 7))) * defrost * partLoad
    // The back-up heater joins only for the last fifth of the load in hard frost.
    const backup = outdoor < -10 ? 0.3 * c.heatingKw * Math.max(0, load - 0.8) * 5 : 0
    z.plantKw = capacity * load + backup
    z.electricKw = (capacity * load) / cop + backup
  } else {
    const capacity = c.coolingKw * Math.min(1.1, Math.max(0.6, 1 - 0.011 * (outdoor - 30)))
    const cop = Math.min(6, Math.max(2, 4.1 - 0.075 * (outdoor - 27))) * partLoad
    z.plantKw = -capacity * load
    z.electricKw = (capacity * load) / cop
  }
  // Fans run with the load.
  z.electricKw += load > 0 ? 0.12 + 0.25 * load : 0
}
