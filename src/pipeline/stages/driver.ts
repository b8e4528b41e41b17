import { transitionId } from '../../core/alarm/transition.ts'
import { accelerationFromSpeed, takeAcceleration, type HarshEvent } from '../../core/fleet/driver.ts'
import { courseOf, placeOf, positionFields, type Place } from '../../core/fleet/position-filter.ts'
import { explainRisk, isNight, riskModel, riskOf, riskValue, type Risk } from '../../core/fleet/risk.ts'
import { tickFloorOf, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import type { EpochMs, ReadingBatch } from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Fact,
  type Stage,
} from '../../core/telemetry/stage.ts'
import { alignedRows } from './aligned-rows.ts'
import { trackOf } from './position.ts'
import { driverFields, tripExposure, type DriverState } from './driver-state.ts'
import { stateRecord } from './state-record.ts'
import { silentSince, tripsOf } from './trips.ts'
import { vehicleSettings, type VehicleSettings } from './vehicle-settings.ts'

/** For so long after a reading of the IMU, accelerations are not derived from speed. */
const IMU_LIVES_S = 10
/** Speeds further apart than this are not integrated. */
const HOLD_S = 30
const TOLERATED = 1.05
const CAB_ALERT_MS = 60_000

/**
 * Watches how a vehicle is driven: harsh events from the IMU (accelX forward, accelY sideways, in g) or from speed,
 * speeding, and the risk of the trip and of the driver. A high risk is an alarm and an alert in the cab.
 */
export const driver: Stage = { name: 'driver', fields: { device: driverFields }, bind: bindDriver }

function bindDriver(layout: Layout): BoundStage {
  const driverOf = stateRecord(layout, 'driver', driverFields)
  const filterOf = stateRecord(layout, 'position', positionFields)

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    const fixes = trackOf(batch)?.fixes ?? []
    const trips = tripsOf(batch)
    const rows = alignedRows(batch, ['accelX', 'accelY', 'speed', 'heading', 'speedLimit'])
    if (rows.at.length === 0 && !trips && !batch.columns.some(isDriver)) return noEffects
    const settings = vehicleSettings(context.profile.device)
    const d = driverOf(state)
    const effects: Effect[] = []
    const facts = new Map<string, Fact>()
    let place = trackOf(batch)?.before ?? placeOf(filterOf(state))
    let next = 0
    const follow = (until: EpochMs): void => {
      for (; next < fixes.length && fixes[next]!.at <= until; next++) {
        const fix = fixes[next]!
        drive(d, Math.max(0, fix.odometerM - place.odometerM) / 1000)
        place = fix
        const trip = trips?.[next] ?? 0
        if (trip !== d.tripAt) {
          if (d.tripAt > 0) keep(facts, tripRisk(state.thing, d, context.receivedAt, fix.at))
          startTrip(d, trip)
        }
        judge(state, d, fix.at, effects)
      }
    }
    changeDriver(d, batch)
    for (let i = 0; i < rows.at.length; i++) {
      const at = rows.at[i]!
      follow(at)
      const [x, y] = acceleration(d, at, rows.values, i, place, settings)
      const event = takeAcceleration(d, at, x, y, settings.harsh)
      if (event) {
        count(d, event, isNight(at, place.lon) ? riskModel.night.weight : 1)
        keep(facts, harshFact(state.thing, event, place, d.tripAt, context.receivedAt))
        if (d.tripAt > 0) keep(facts, tripRisk(state.thing, d, context.receivedAt, at))
        judge(state, d, at, effects)
      }
    }
    follow(Infinity)
    for (const fact of facts.values()) effects.push({ kind: 'fact', fact })
    return effects.length === 0 ? noEffects : effects
  }

  function tick(state: DeviceState, _now: EpochMs, context: Context): Effect[] {
    const until = silentSince(context)
    if (until === undefined) return noEffects
    const d = driverOf(state)
    return d.tripAt > 0
      ? [{ kind: 'fact', fact: tripRisk(state.thing, d, context.receivedAt, until) }]
      : noEffects
  }

  return { name: 'driver', step, tick }
}

const isDriver = (column: { measure: string }): boolean => column.measure === 'driver'
const keep = (facts: Map<string, Fact>, fact: Fact): void => void facts.set(`${fact.type}/${fact.key}`, fact)

/** Forward and sideways g of one row: measured, else derived from speed and course, while also speeding is summed. */
function acceleration(
  d: DriverState,
  at: EpochMs,
  [xs, ys, speeds, headings, limits]: number[][],
  i: number,
  place: Place,
  { speedLimitKmh }: VehicleSettings,
): [number, number] {
  const [x, y, speed] = [xs![i]!, ys![i]!, speeds![i]!]
  if (limits![i]! > 0) d.limit = limits![i]!
  const measured = !Number.isNaN(x) || !Number.isNaN(y)
  let derived = { x: NaN, y: NaN }
  if (speed >= 0) {
    const dt = d.speedAt > 0 ? (at - d.speedAt) / 1000 : 0
    const course = Number.isNaN(headings![i]!) ? courseOf(place) : headings![i]!
    d.imuLeftS = Math.max(0, d.imuLeftS - Math.max(0, dt))
    if (dt > 0) derived = accelerationFromSpeed(dt, d.speed, speed, d.course, course)
    const limit = d.limit > 0 ? d.limit : speedLimitKmh
    if (dt > 0 && dt <= HOLD_S && speed > 1) {
      const excess = limit > 0 ? Math.max(0, speed / limit - TOLERATED) * dt : 0
      d.drivingS += dt
      d.speedingS += excess
      if (d.tripAt > 0) {
        d.tripDrivingS += dt
        d.tripSpeedingS += excess
      }
    }
    if (dt >= 0) {
      d.speedAt = at
      d.speed = speed
      d.course = course
    }
  }
  if (measured) {
    d.imuLeftS = IMU_LIVES_S
    return [x, y]
  }
  return d.imuLeftS > 0 ? [NaN, NaN] : [derived.x, derived.y]
}

/** Distance driven; the driver's record fades with it. */
function drive(d: DriverState, km: number): void {
  if (km === 0) return
  const fade = Math.exp(-km / riskModel.memoryKm)
  d.km = d.km * fade + km
  for (const name of ['accelerate', 'brake', 'corner', 'speedingS', 'drivingS'] as const) d[name] *= fade
  if (d.tripAt > 0) d.tripKm += km
}

function startTrip(d: DriverState, at: EpochMs): void {
  d.tripAt = at
  d.tripKm = d.tripAccelerate = d.tripBrake = d.tripCorner = d.tripSpeedingS = d.tripDrivingS = 0
}

function count(d: DriverState, { kind, addedWeight }: HarshEvent, night: number): void {
  const weight = addedWeight * night
  d[kind] += weight
  if (d.tripAt === 0) return
  if (kind === 'accelerate') d.tripAccelerate += weight
  else if (kind === 'brake') d.tripBrake += weight
  else d.tripCorner += weight
}

/** Another driver begins with an empty record. The state keeps a hash of the name (FNV-1a), not the name. */
function changeDriver(d: DriverState, batch: ReadingBatch): void {
  const column = batch.columns.find(isDriver)
  const name = column?.text?.findLast((text, i) => text !== null && column.advancing[i] === 1)
  if (name === null || name === undefined) return
  let hash = 0x811c9dc5
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  if (hash >>> 0 === d.driver) return
  d.driver = hash >>> 0
  d.km = d.accelerate = d.brake = d.corner = d.speedingS = d.drivingS = 0
}

/** Raises and clears the alarm by the worse of the trip's and the driver's risk. */
function judge(state: DeviceState, d: DriverState, moment: EpochMs, effects: Effect[]): void {
  const driverRisk = riskValue(d)
  const tripRisk = d.tripAt > 0 ? riskValue(tripExposure(d)) : 0
  const worse = Math.max(driverRisk, tripRisk)
  const risky = worse > (d.risky === 1 ? riskModel.clearBelow : riskModel.alarmAbove)
  if (risky === (d.risky === 1)) return
  const risk = riskOf(tripRisk > driverRisk ? tripExposure(d) : d)
  const at = Math.max(moment, d.riskAt + 1, tickFloorOf(state) + 1)
  d.risky = Number(risky)
  d.riskAt = at
  effects.push(riskTransition(state.thing, risk, tripRisk, driverRisk, at, risky))
  if (risky) effects.push(cabAlert(state.thing, risk, at))
}

function riskTransition(
  thing: string,
  risk: Risk,
  tripRisk: number,
  driverRisk: number,
  at: EpochMs,
  active: boolean,
): Effect {
  return {
    kind: 'transition',
    transition: {
      id: transitionId('driver-risk', thing, 'driver', at),
      rule: 'driver-risk',
      thing,
      key: 'driver',
      to: active ? 'active' : 'clear',
      at,
      severity: 'major',
      why: {
        detector: 'driver-risk',
        text: explainRisk(risk),
        observed: risk.value,
        expected: { high: riskModel.alarmAbove },
        details: { tripRisk, driverRisk, mostly: risk.reasons[0]?.what ?? null },
      },
    },
  }
}

const cabAlert = (thing: string, risk: Risk, at: EpochMs): Effect => ({
  kind: 'command',
  command: {
    id: transitionId('cab-alert', thing, 'driver', at),
    thing,
    name: 'cab-alert',
    payload: { text: explainRisk(risk), risk: risk.value, reasons: risk.reasons },
    expiresAt: at + CAB_ALERT_MS,
    atMostOnce: true,
  },
})

function harshFact(
  thing: string,
  { at, until, kind, severity, peakG, readings }: HarshEvent,
  place: Place,
  tripAt: EpochMs,
  version: EpochMs,
): Fact {
  const where = place.at > 0 ? { lat: place.lat, lon: place.lon } : {}
  const value = { kind, severity, peakG, readings, tripAt, ...where }
  return { type: 'harsh', thing, key: String(at), at, until, version, value }
}

function tripRisk(thing: string, d: DriverState, version: EpochMs, until: EpochMs): Fact {
  const { value: risk, reasons } = riskOf(tripExposure(d))
  const value = { risk, reasons, driverRisk: riskValue(d), ...tripExposure(d) }
  return { type: 'tripRisk', thing, key: String(d.tripAt), at: d.tripAt, until, version, value }
}
