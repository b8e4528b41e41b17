import type { EpochMs } from '../telemetry/reading.ts'
import { isStanding, speedOf, type Place } from './position-filter.ts'

/** A journey between two stops. `until` is the last moment of motion (or the last position before a silence). */
export interface Trip {
  kind: 'trip'
  at: EpochMs
  until: EpochMs
  /** False once it has ended. */
  open: boolean
  distanceM: number
  /** Straight lines through gaps whose way is unknown; not part of the distance. */
  unobservedM: number
  idleS: number
  topSpeedKmh: number
  from: { lat: number; lon: number }
  to: { lat: number; lon: number }
}

/** The time between two trips. */
export interface Stop {
  kind: 'stop'
  at: EpochMs
  /** `openEnd` while it goes on, so that any range of times until now finds it. */
  until: EpochMs
  open: boolean
  place: { lat: number; lon: number }
}

export const openEnd: EpochMs = Date.UTC(9999, 11, 31)

export const tripLimits = {
  /** A silence this long ends a trip, for a device that usually reports far more often. */
  silenceS: 120,
  silenceIntervals: 3,
  /** Standing this long ends a trip: longer than a red light, a level crossing or a jam in the set drives_nds (354 s). */
  standstillS: 600,
  /** The same before the first motion after a silence: an engine that warms up, a cab that is being loaded. */
  awakeS: 900,
  /** A trip is at least this far; less is jitter or shunting. */
  leastM: 30,
} as const

const Phase = { none: 0, awake: 1, parked: 2, driving: 3 } as const

/** Where a vehicle is between trips. All zero: nothing seen. */
export interface TripState {
  phase: number
  /** Start of the trip, or where it would start if the vehicle moved now. */
  startAt: EpochMs
  startOdometerM: number
  startUnobservedM: number
  startLat: number
  startLon: number
  lastMoveAt: EpochMs
  /** Start of the present or last stop, 0 if there was none; its place. */
  stopAt: EpochMs
  stopLat: number
  stopLon: number
  idleS: number
  topSpeed: number
}

export const tripFields = {
  startAt: 'f64',
  startOdometerM: 'f64',
  lastMoveAt: 'f64',
  stopAt: 'f64',
  startUnobservedM: 'f32',
  startLat: 'f32',
  startLon: 'f32',
  stopLat: 'f32',
  stopLon: 'f32',
  idleS: 'f32',
  topSpeed: 'f32',
  phase: 'u32',
} as const

export const initialTrip = (): TripState => ({
  phase: Phase.none,
  startAt: 0,
  startOdometerM: 0,
  startUnobservedM: 0,
  startLat: 0,
  startLon: 0,
  lastMoveAt: 0,
  stopAt: 0,
  stopLat: 0,
  stopLon: 0,
  idleS: 0,
  topSpeed: 0,
})

/** The trip a vehicle is on, by its start; 0 while it is on none. */
export const currentTrip = (t: TripState): EpochMs => (t.phase === Phase.driving ? t.startAt : 0)

/** The filter's state just before a position was taken: what the trip needs of it. */
export type Before = Pick<Place, 'at' | 'lat' | 'lon' | 'odometerM' | 'unobservedM' | 'intervalS'>

/**
 * Takes what the filter made of one accepted position; gives the trips and stops that began or ended. Looks at one
 * position at a time, so the trips are the same however the positions came in batches or windows.
 */
export function takeTrip(t: TripState, before: Before, now: Place): (Trip | Stop)[] {
  const found: (Trip | Stop)[] = []
  if (t.phase === Phase.none) wait(t, Phase.awake, now)
  else {
    const silentS = (now.at - before.at) / 1000
    if (silentS > Math.max(tripLimits.silenceS, tripLimits.silenceIntervals * before.intervalS)) {
      if (t.phase === Phase.driving) found.push(...end(t, before.at, before))
      wait(t, Phase.awake, now)
    } else follow(t, before, now, silentS, found)
  }
  return found
}

function follow(t: TripState, before: Before, now: Place, dt: number, found: (Trip | Stop)[]): void {
  const moved = now.odometerM > before.odometerM
  if (t.phase === Phase.driving) {
    if (moved) t.lastMoveAt = now.at
    if (isStanding(now)) t.idleS += dt
    t.topSpeed = Math.max(t.topSpeed, speedOf(now))
    if (now.at - t.lastMoveAt >= tripLimits.standstillS * 1000) {
      t.idleS = Math.max(0, t.idleS - (now.at - t.lastMoveAt) / 1000)
      found.push(...end(t, t.lastMoveAt, now))
      wait(t, Phase.parked, now)
    }
    return
  }
  if (isStanding(now)) {
    const waited = now.at - t.startAt
    if (t.phase === Phase.parked || waited >= tripLimits.awakeS * 1000) wait(t, Phase.parked, now)
    else t.startOdometerM = now.odometerM
    return
  }
  if (moved && now.odometerM - t.startOdometerM >= tripLimits.leastM) begin(t, now, found)
}

/** Not on a trip: the next one starts here unless the vehicle stands on. */
function wait(t: TripState, phase: number, now: Place): void {
  t.phase = phase
  t.startAt = now.at
  t.startOdometerM = now.odometerM
  t.startUnobservedM = now.unobservedM
  t.startLat = now.lat
  t.startLon = now.lon
}

function begin(t: TripState, now: Place, found: (Trip | Stop)[]): void {
  t.phase = Phase.driving
  t.lastMoveAt = now.at
  t.idleS = 0
  t.topSpeed = speedOf(now)
  if (t.stopAt > 0) found.push(stopOf(t, t.startAt, false))
  found.push(tripOf(t, now.at, now, true))
}

function end(t: TripState, until: EpochMs, where: Before): (Trip | Stop)[] {
  const trip = tripOf(t, until, where, false)
  t.stopAt = until
  t.stopLat = where.lat
  t.stopLon = where.lon
  return [trip, stopOf(t, openEnd, true)]
}

/** The trip as it stands at a position. */
export function tripOf(t: TripState, until: EpochMs, where: Before, open: boolean): Trip {
  return {
    kind: 'trip',
    at: t.startAt,
    until,
    open,
    distanceM: where.odometerM - t.startOdometerM,
    unobservedM: Math.max(0, where.unobservedM - t.startUnobservedM),
    idleS: t.idleS,
    topSpeedKmh: t.topSpeed * 3.6,
    from: { lat: t.startLat, lon: t.startLon },
    to: { lat: where.lat, lon: where.lon },
  }
}

const stopOf = (t: TripState, until: EpochMs, open: boolean): Stop => ({
  kind: 'stop',
  at: t.stopAt,
  until,
  open,
  place: { lat: t.stopLat, lon: t.stopLon },
})
