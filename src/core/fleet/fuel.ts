import type { EpochMs } from '../telemetry/reading.ts'
import { roundSingles } from './single-precision.ts'

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

export type RateSource = 'reported' | 'air flow' | 'speed-density'

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

export const fuelLimits = {
  /** Low fuel: alarm below, clear this much above. */
  lowPercent: 20,
  hysteresis: 3,
  /** A step of the level is at least this, and three times its usual scatter; a drain also at least so many litres. */
  stepPercent: 2,
  stepScatter: 3,
  drainL: 5,
  /** Fuel that settles on a slope at a red light rises too: a refuel is at least so many litres. */
  refuelL: 3,
  /** So many readings must agree on a new level. */
  stepReadings: 3,
  /** While driving, fuel sloshes: so many must agree there, and no refuel or drain is concluded. */
  movingReadings: 30,
  /** A rate holds until the next one, but no longer than this (seconds). */
  holdS: 120,
  /** Without a rate for this long, consumption is read off the level. */
  rateLostS: 600,
  /** Economy forgets with distance, and starts as if this much had been driven at the usual consumption (km). */
  memoryKm: 150,
  priorKm: 50,
} as const

export interface FuelState {
  at: EpochMs
  rateAt: EpochMs
  odometerM: number
  usedL: number
  rateLph: number
  economyL: number
  economyKm: number
  /** Filtered level in percent, 0 before the first (an empty tank is kept as 0.01); its usual scatter. */
  level: number
  scatter: number
  /** Level from which consumption was last read off. */
  ledger: number
  stepLevel: number
  stepReadings: number
  /** 1 if the vehicle stood, or was silent, when the new level first showed. */
  stepStood: number
  low: number
}

export const fuelFields = {
  at: 'f64',
  rateAt: 'f64',
  odometerM: 'f64',
  usedL: 'f64',
  rateLph: 'f32',
  economyL: 'f32',
  economyKm: 'f32',
  level: 'f32',
  scatter: 'f32',
  ledger: 'f32',
  stepLevel: 'f32',
  stepReadings: 'u32',
  stepStood: 'u32',
  low: 'u32',
} as const

export const initialFuel = (): FuelState => ({
  at: 0,
  rateAt: 0,
  odometerM: 0,
  usedL: 0,
  rateLph: 0,
  economyL: 0,
  economyKm: 0,
  level: 0,
  scatter: 0,
  ledger: 0,
  stepLevel: 0,
  stepReadings: 0,
  stepStood: 0,
  low: 0,
})

/** Fuel that came or went otherwise than through the engine. */
export interface FuelStep {
  kind: 'refuel' | 'drain'
  at: EpochMs
  litres: number
  fromPercent: number
  toPercent: number
}

export interface FuelNews {
  step: FuelStep | null
  /** Set where the low-fuel condition changes. */
  low: boolean | null
}

/** Takes one moment's signals in order of time; `odometerM` and `standing` are those of that moment. */
export function takeFuel(
  s: FuelState,
  vehicle: FuelVehicle,
  at: EpochMs,
  signals: FuelSignals,
  odometerM: number,
  standing: boolean,
): FuelNews {
  const news: FuelNews = { step: null, low: null }
  const dt = s.at === 0 ? 0 : Math.max(0, at - s.at) / 1000
  const burnt = s.rateAt > 0 && dt <= fuelLimits.holdS ? (s.rateLph * dt) / 3600 : 0
  drive(s, burnt, s.at === 0 ? 0 : Math.max(0, odometerM - s.odometerM) / 1000)
  const rate = consumptionRate(signals, vehicle)
  if (rate) {
    s.rateLph = rate.lph
    s.rateAt = at
  }
  if (signals.levelPercent >= 0) {
    news.step = takeLevel(
      s,
      vehicle,
      at,
      signals.levelPercent,
      standing || dt > fuelLimits.holdS,
      standing,
      dt,
    )
    readOffLevel(s, vehicle, at)
    news.low = judgeLow(s)
  }
  s.at = Math.max(s.at, at)
  s.odometerM = Math.max(s.odometerM, odometerM)
  roundSingles(s, fuelFields)
  return news
}

function drive(s: FuelState, litres: number, km: number): void {
  const keep = Math.exp(-km / fuelLimits.memoryKm)
  s.usedL += litres
  s.economyL = s.economyL * keep + litres
  s.economyKm = s.economyKm * keep + km
}

/** Without any rate, what the level has lost since it was last read off has been burnt. */
function readOffLevel(s: FuelState, { tankL }: FuelVehicle, at: EpochMs): void {
  const rateLives = s.rateAt > 0 && at - s.rateAt <= fuelLimits.rateLostS * 1000
  if (rateLives) s.ledger = s.level
  else if (s.ledger - s.level >= 1) {
    drive(s, ((s.ledger - s.level) / 100) * tankL, 0)
    s.ledger = s.level
  }
}

const EMPTY = 0.01

function takeLevel(
  s: FuelState,
  { tankL }: FuelVehicle,
  at: EpochMs,
  percent: number,
  stood: boolean,
  standing: boolean,
  dt: number,
): FuelStep | null {
  if (s.level === 0) {
    s.level = Math.max(EMPTY, percent)
    s.ledger = s.level
    return null
  }
  const threshold = Math.max(fuelLimits.stepPercent, fuelLimits.stepScatter * s.scatter)
  const off = percent - s.level
  if (Math.abs(off) <= threshold) {
    s.stepReadings = 0
    const share = 1 - Math.exp(-Math.max(dt, 1) / (standing ? 10 : 60))
    s.level = Math.max(EMPTY, s.level + share * off)
    s.scatter += 0.05 * (Math.abs(off) - s.scatter)
    return null
  }
  const sameSide = s.stepReadings > 0 && s.stepLevel > s.level === off > 0
  if (!sameSide) {
    s.stepReadings = 0
    s.stepStood = Number(stood)
  }
  s.stepReadings += 1
  s.stepLevel = s.stepReadings === 1 ? percent : s.stepLevel + 0.5 * (percent - s.stepLevel)
  const enough = s.stepStood === 1 ? fuelLimits.stepReadings : fuelLimits.movingReadings
  if (s.stepReadings < enough) return null
  const from = s.level
  const litres = ((s.stepLevel - from) / 100) * tankL
  s.level = Math.max(EMPTY, s.stepLevel)
  s.stepReadings = 0
  if (s.stepStood === 0 || Math.abs(litres) < (litres > 0 ? fuelLimits.refuelL : fuelLimits.drainL))
    return null
  s.ledger = s.level
  return {
    kind: litres > 0 ? 'refuel' : 'drain',
    at,
    litres: Math.abs(litres),
    fromPercent: from,
    toPercent: s.level,
  }
}

function judgeLow(s: FuelState): boolean | null {
  const { lowPercent, hysteresis } = fuelLimits
  if (s.low === 0 && s.level < lowPercent) return Boolean((s.low = 1))
  if (s.low === 1 && s.level >= lowPercent + hysteresis) return Boolean((s.low = 0))
  return null
}

/** Litres a kilometre, weighted towards the last 150 km, towards the usual before much is known. */
export function economyLPerKm(s: FuelState, vehicle: FuelVehicle): number {
  const { priorKm } = fuelLimits
  return ((priorKm * vehicle.usualLPer100Km) / 100 + s.economyL) / (priorKm + s.economyKm)
}

/** How far the tank still goes, in kilometres; never negative. */
export const rangeKm = (s: FuelState, vehicle: FuelVehicle): number =>
  Math.max(0, ((s.level / 100) * vehicle.tankL - vehicle.reserveL) / economyLPerKm(s, vehicle))
