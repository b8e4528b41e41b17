import type { EpochMs } from '../telemetry/reading.ts'
import { consumptionRate, rateSources, type FuelSignals, type FuelVehicle } from './fuel-rate.ts'

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
  /**
   * A rate holds until the next from its source or a better one, but no longer than this (seconds). Then a worse source
   * takes over; without any, consumption is read off the level.
   */
  holdS: 120,
  /** Engine speed and manifold pressure that belong together come within this (seconds); intake air warms slowly. */
  engineS: 10,
  intakeS: 120,
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
  /** Where the rate came from: its place in rateSources + 1, 0 for nowhere. */
  source: number
  /** Signals of a speed-density estimate may come one by one: the last of each, and its age in seconds (0: none yet). */
  rpm: number
  rpmAgeS: number
  manifoldKpa: number
  manifoldAgeS: number
  intakeC: number
  intakeAgeS: number
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
  rpm: 'f32',
  rpmAgeS: 'f32',
  manifoldKpa: 'f32',
  manifoldAgeS: 'f32',
  intakeC: 'f32',
  intakeAgeS: 'f32',
  economyL: 'f32',
  economyKm: 'f32',
  level: 'f32',
  scatter: 'f32',
  ledger: 'f32',
  stepLevel: 'f32',
  source: 'u32',
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
  source: 0,
  rpm: 0,
  rpmAgeS: 0,
  manifoldKpa: 0,
  manifoldAgeS: 0,
  intakeC: 0,
  intakeAgeS: 0,
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
  const heldS = s.rateAt === 0 ? 0 : Math.min(dt, Math.max(0, fuelLimits.holdS - (s.at - s.rateAt) / 1000))
  drive(s, (s.rateLph * heldS) / 3600, s.at === 0 ? 0 : Math.max(0, odometerM - s.odometerM) / 1000)
  takeRate(s, vehicle, at, signals, dt)
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
  return news
}

/** The rate of the best source that lives; a worse one waits until that has been silent for as long as a rate holds. */
function takeRate(s: FuelState, vehicle: FuelVehicle, at: EpochMs, signals: FuelSignals, dt: number): void {
  const engine = holdEngine(s, signals, dt)
  const rate = consumptionRate({ ...signals, ...engine }, vehicle)
  if (!rate) return
  const source = 1 + rateSources.indexOf(rate.source)
  if (rateLives(s, at) && source > s.source) return
  s.rateLph = rate.lph
  s.rateAt = at
  s.source = source
}

const rateLives = (s: FuelState, at: EpochMs): boolean =>
  s.rateAt > 0 && at - s.rateAt <= fuelLimits.holdS * 1000

/** Joins what a reader of the bus asks for one after the other; NaN throughout if this moment brings none of it. */
function holdEngine(
  s: FuelState,
  signals: FuelSignals,
  dt: number,
): Pick<FuelSignals, 'rpm' | 'manifoldKpa' | 'intakeC'> {
  const older = (ageS: number): number => (ageS > 0 ? ageS + dt : 0)
  s.rpmAgeS = older(s.rpmAgeS)
  s.manifoldAgeS = older(s.manifoldAgeS)
  s.intakeAgeS = older(s.intakeAgeS)
  if (!Number.isNaN(signals.rpm)) [s.rpm, s.rpmAgeS] = [signals.rpm, JUST_NOW]
  if (!Number.isNaN(signals.manifoldKpa)) [s.manifoldKpa, s.manifoldAgeS] = [signals.manifoldKpa, JUST_NOW]
  if (!Number.isNaN(signals.intakeC)) [s.intakeC, s.intakeAgeS] = [signals.intakeC, JUST_NOW]
  const lives = (ageS: number, mostS: number): boolean => ageS > 0 && ageS <= mostS
  const { engineS, intakeS } = fuelLimits
  const together = lives(s.rpmAgeS, engineS) && lives(s.manifoldAgeS, engineS) && lives(s.intakeAgeS, intakeS)
  const news = s.rpmAgeS === JUST_NOW || s.manifoldAgeS === JUST_NOW
  return together && news
    ? { rpm: s.rpm, manifoldKpa: s.manifoldKpa, intakeC: s.intakeC }
    : { rpm: NaN, manifoldKpa: NaN, intakeC: NaN }
}
/** Ages begin here, for 0 says that there is none. A power of two, so that single precision keeps it. */
const JUST_NOW = 0.0625

function drive(s: FuelState, litres: number, km: number): void {
  const keep = Math.exp(-km / fuelLimits.memoryKm)
  s.usedL += litres
  s.economyL = s.economyL * keep + litres
  s.economyKm = s.economyKm * keep + km
}

/** Without any rate, what the level has lost since it was last read off has been burnt. */
function readOffLevel(s: FuelState, { tankL }: FuelVehicle, at: EpochMs): void {
  if (rateLives(s, at)) s.ledger = s.level
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
