/** What must be known of a vehicle to turn signals into litres. */
export interface FuelVehicle {
  fuel: 'gasoline' | 'diesel'
  tankL: number
  /** Below this the tank counts as empty. */
  reserveL: number
  /** What the vehicle uses before anything has been measured. */
  usualLPer100Km: number
  engineL: number
  /** Share of the swept volume that a cylinder takes in; calibrated from fill-ups, else 0.8. */
  volumetricEfficiency: number
}

/** One moment's signals, NaN where there is none. */
export interface FuelSignals {
  /** Litres an hour as the vehicle reports it (J1939 SPN 183, OBD PID 5E). */
  rateLph: number
  /** Mass air flow, g/s. */
  airFlowGps: number
  rpm: number
  manifoldKpa: number
  intakeC: number
  /** Percent of the tank. */
  levelPercent: number
}

/** Best first. */
export const rateSources = ['reported', 'air flow', 'speed-density'] as const
type RateSource = (typeof rateSources)[number]

/** Stoichiometric air per fuel by mass, and density in g/L. Diesels run lean: air flow alone over-reads them. */
const fuels = {
  gasoline: { airRatio: 14.7, density: 745 },
  diesel: { airRatio: 14.5, density: 832 },
} as const

/** Litres an hour from air flow, at stoichiometric mixture: 3600·MAF/(AFR·ρ), 0.3287·MAF for gasoline. */
export function rateFromAirFlow(airFlowGps: number, fuel: FuelVehicle['fuel'] = 'gasoline'): number {
  const { airRatio, density } = fuels[fuel]
  return (3600 * airFlowGps) / (airRatio * density)
}

/** Air flow in g/s from engine speed, manifold pressure and intake temperature: ideal gas, four-stroke engine. */
export function airFlowFromDensity(
  rpm: number,
  manifoldKpa: number,
  intakeC: number,
  { engineL, volumetricEfficiency }: Pick<FuelVehicle, 'engineL' | 'volumetricEfficiency'>,
): number {
  const [airGramsPerMole, gasConstant] = [28.97, 8.314]
  const kelvin = intakeC + 273.15
  return (
    ((rpm * manifoldKpa) / kelvin / 120) * volumetricEfficiency * engineL * (airGramsPerMole / gasConstant)
  )
}

/** The consumption rate from the best source present; null without any. */
export function consumptionRate(
  s: FuelSignals,
  vehicle: FuelVehicle,
): { lph: number; source: RateSource } | null {
  if (s.rateLph >= 0) return { lph: s.rateLph, source: 'reported' }
  if (s.airFlowGps >= 0) return { lph: rateFromAirFlow(s.airFlowGps, vehicle.fuel), source: 'air flow' }
  const airFlow = airFlowFromDensity(s.rpm, s.manifoldKpa, s.intakeC, vehicle)
  if (!(airFlow >= 0)) return null
  return { lph: rateFromAirFlow(airFlow, vehicle.fuel), source: 'speed-density' }
}

export const litresPer100Km = (lph: number, speedKmh: number): number =>
  speedKmh >= 5 ? (100 * lph) / speedKmh : NaN
