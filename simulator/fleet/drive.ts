import type { HarshKind } from '../../src/core/fleet/driver.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Random } from '../random.ts'
import type { FleetScenario, SimulatedVehicle } from './scenario.ts'
import type { Street, Streets } from './streets.ts'

/** What really happened to a vehicle. */
export type VehicleLabel = { thing: string; from: EpochMs; until: EpochMs } & (
  | { kind: 'trip'; metres: number }
  | { kind: 'harsh'; manoeuvre: HarshKind; g: number }
  | { kind: 'refuel'; litres: number }
)

/** A second of a vehicle as it really is. */
export interface VehicleMoment {
  lat: number
  lon: number
  speed: number
  heading: number
  /** In g: forward, and to the side. */
  accelX: number
  accelY: number
  fuelRateLph: number
  fuelPercent: number
}

const G = 9.80665
const METRES_PER_DEGREE = 111_195
/** Ordinary driving, m/s²: speeding up and slowing down. */
const usual = {
  car: { up: 1.6, down: 2 },
  van: { up: 1.3, down: 1.7 },
  heavy: { up: 0.8, down: 1.1 },
} as const
/** Speed in a bend, m/s. */
const BEND_MPS = 4.2
/** How hard a harsh manoeuvre is, relative to where its class begins, and for how many seconds. */
const HARSH = { car: 0.42, van: 0.36, heavy: 0.25 } as const
const HARSH_S = 3
const REFUEL_BELOW = 25
const REFUEL_AFTER_S = 180
const IDLE_BEFORE_S = 40
const consumption = { car: { idleLph: 0.8, perKm: 0.065 }, van: { idleLph: 1.1, perKm: 0.095 }, heavy: { idleLph: 2.5, perKm: 0.27 } } as const // prettier-ignore

/**
 * A vehicle that drives about and stands in turn, one second a call. Its harsh manoeuvres, trips and refuels go to
 * `label`, each once it is over. On the odometer is the way of the vehicle, not that of its receiver.
 */
export function vehicleDrive(
  vehicle: SimulatedVehicle,
  scenario: Pick<FleetScenario, 'driveMinutes' | 'standMinutes'>,
  streets: Streets,
  random: Random,
  label: (label: VehicleLabel) => void,
): (at: EpochMs) => VehicleMoment {
  const { thing, vehicleClass, tankL } = vehicle
  const { up, down } = usual[vehicleClass]
  const between = (minutes: number): number => Math.round((1 + random.uniform()) * minutes * 60)
  let street: Street = streets.start(random)
  let [segment, alongM, speed, heading] = [0, 0, 0, 0]
  let left = Math.round(random.uniform() * 60)
  let driving = false
  let [standing, tripAt, tripM, lastMoveAt] = [0, 0, 0, 0]
  let litres = (vehicle.fuelLevel / 100) * tankL
  let harsh: { manoeuvre: HarshKind; g: number; left: number; from: EpochMs } | null = null

  const segmentM = (): number =>
    Math.hypot(
      (street.lat[segment + 1]! - street.lat[segment]!) * METRES_PER_DEGREE,
      (street.lon[segment + 1]! - street.lon[segment]!) * METRES_PER_DEGREE * Math.cos((street.lat[0]! * Math.PI) / 180), // prettier-ignore
    )
  const course = (): number => {
    const dx = (street.lon[segment + 1]! - street.lon[segment]!) * Math.cos((street.lat[0]! * Math.PI) / 180)
    const dy = street.lat[segment + 1]! - street.lat[segment]!
    return dx === 0 && dy === 0 ? heading : ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360
  }

  function advance(metres: number): number {
    let rest = metres
    let turned = 0
    while (rest > 0) {
      const length = segmentM()
      if (alongM + rest < length) {
        alongM += rest
        break
      }
      rest -= Math.max(0, length - alongM)
      alongM = 0
      segment += 1
      if (segment + 1 >= street.lat.length) {
        street = streets.next(street, random)
        segment = 0
      }
      turned += Math.abs(((course() - heading + 540) % 360) - 180)
      heading = course()
    }
    return turned
  }

  function manoeuvre(at: EpochMs): void {
    if (harsh || speed < 6 || random.uniform() >= vehicle.harshPerHour / 3600) return
    const kinds: HarshKind[] = ['accelerate', 'brake', 'corner']
    const kind = kinds[Math.floor(random.uniform() * 3)]!
    harsh = {
      manoeuvre: kind,
      g: HARSH[vehicleClass] * (1.05 + 0.5 * random.uniform()),
      left: HARSH_S,
      from: at,
    }
  }

  function drive(at: EpochMs): { x: number; y: number } {
    manoeuvre(at)
    const stopping = left * speed < (speed * speed) / (2 * down) + speed || left <= 0
    const wanted = stopping ? 0 : street.kmh / 3.6
    let change = Math.max(-down, Math.min(up, wanted - speed))
    let y = 0
    if (harsh) {
      if (harsh.manoeuvre === 'brake') change = -Math.min(harsh.g * G, speed)
      else if (harsh.manoeuvre === 'accelerate') change = harsh.g * G
      else y = harsh.g
    }
    const before = speed
    speed = Math.max(0, speed + change)
    const turned = advance((before + speed) / 2)
    if (turned > 25) speed = Math.min(speed, BEND_MPS)
    tripM += (before + speed) / 2
    if (speed > 0.5) lastMoveAt = at
    return { x: change / G, y: harsh ? y : 0 }
  }

  return (at) => {
    left -= 1
    let [x, y] = [0, 0]
    const idling = !driving && left < IDLE_BEFORE_S
    if (driving) {
      ;({ x, y } = drive(at))
      if (harsh) {
        const felt = harsh.manoeuvre === 'corner' ? y : Math.abs(x)
        harsh.left -= felt >= harsh.g - 1e-9 ? 1 : harsh.left
        if (harsh.left <= 0) {
          const { manoeuvre, g, from } = harsh
          if (felt >= g - 1e-9 || at > from) label({ kind: 'harsh', thing, from, until: at, manoeuvre, g })
          harsh = null
        }
      }
      if (speed < 0.1 && left <= 0) {
        label({ kind: 'trip', thing, from: tripAt, until: lastMoveAt, metres: tripM })
        ;[driving, standing, left, speed, harsh] = [false, 0, between(scenario.standMinutes), 0, null]
      }
    } else {
      standing += 1
      if (standing === REFUEL_AFTER_S && litres < (REFUEL_BELOW / 100) * tankL) {
        const added = 0.9 * tankL - litres
        litres += added
        label({ kind: 'refuel', thing, from: at, until: at, litres: added })
      }
      if (left <= 0) [driving, tripAt, tripM, left] = [true, at, 0, between(scenario.driveMinutes)]
    }
    const { idleLph, perKm } = consumption[vehicleClass]
    const rate = driving || idling ? idleLph + perKm * speed * 3.6 + 14 * Math.max(0, x) : 0
    litres = Math.max(0.5, litres - rate / 3600)
    const [share, a, b] = [alongM / Math.max(1e-9, segmentM()), segment, segment + 1]
    const mix = (list: readonly number[]): number => list[a]! + Math.min(1, share) * (list[b]! - list[a]!)
    return {
      lat: mix(street.lat),
      lon: mix(street.lon),
      speed: speed * 3.6,
      heading,
      accelX: x,
      accelY: y,
      fuelRateLph: rate,
      fuelPercent: (litres / tankL) * 100,
    }
  }
}
