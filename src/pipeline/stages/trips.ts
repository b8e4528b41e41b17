import { currentTrip, takeTrip, tripFields, tripOf, type Stop, type Trip } from '../../core/fleet/trips.ts'
import { tripLimits } from '../../core/fleet/trips.ts'
import { positionFields } from '../../core/fleet/position-filter.ts'
import type { DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { MINUTE, minuteOf, type EpochMs, type ReadingBatch } from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Fact,
  type Stage,
} from '../../core/telemetry/stage.ts'
import { trackOf } from './position.ts'
import { stateRecord } from './state-record.ts'

export const tripsFields = { ...tripFields, announced: 'u32' } as const

/** The trip of each of a track's fixes, by its start (0: none), for the stages behind this one. */
let handedOn: { batch: ReadingBatch; trips: EpochMs[] } | null = null
export const tripsOf = (batch: ReadingBatch): EpochMs[] | undefined =>
  handedOn?.batch === batch ? handedOn.trips : undefined

/** When a trip that a tick has just shown as ended was last heard of, for the stages behind this one. */
let silence: { context: Context; at: EpochMs } | null = null
export const silentSince = (context: Context): EpochMs | undefined =>
  silence?.context === context ? silence.at : undefined

/**
 * Cuts a vehicle's way into trips and stops; an open trip is shown anew each minute of its way. A tick shows a trip that has fallen silent as ended, without touching
 * the trip itself: should buffered positions still come, it goes on under the same key.
 */
export const trips: Stage = { name: 'trips', fields: { device: tripsFields }, bind: bindTrips }

function bindTrips(layout: Layout): BoundStage {
  const tripIn = stateRecord(layout, 'trips', tripsFields)
  const filterOf = stateRecord(layout, 'position', positionFields)

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    const late = lateTrack(batch, context)
    const track = trackOf(batch)
    if (!track || track.fixes.length === 0) return late ? [late] : noEffects
    const trip = tripIn(state)
    const effects: Effect[] = late ? [late] : []
    const current: EpochMs[] = []
    let before = track.before
    let progress: Trip | null = null
    for (const now of track.fixes) {
      const news = takeTrip(trip, before, now)
      for (const found of news) effects.push(factOf(state.thing, found, context.receivedAt))
      if (news.length > 0) progress = null
      else if (currentTrip(trip) > 0 && minuteOf(now.at) !== minuteOf(before.at))
        progress = tripOf(trip, now.at, now, true)
      current.push(currentTrip(trip))
      before = now
    }
    if (progress) effects.push(factOf(state.thing, progress, context.receivedAt))
    trip.announced = 0
    handedOn = { batch, trips: current }
    return effects
  }

  function tick(state: DeviceState, now: EpochMs, context: Context): Effect[] {
    silence = null
    const trip = tripIn(state)
    if (currentTrip(trip) === 0 || trip.announced === 1) return noEffects
    const place = filterOf(state)
    const silentS = (now - place.at) / 1000
    if (silentS <= Math.max(tripLimits.silenceS, tripLimits.silenceIntervals * place.intervalS))
      return noEffects
    trip.announced = 1
    silence = { context, at: place.at }
    return [factOf(state.thing, tripOf(trip, place.at, place, false), context.receivedAt)]
  }

  return { name: 'trips', step, tick }
}

/** Type of the facts that say which minutes a job must refold; they are withdrawn when it has. */
export const LATE_TRACK = 'lateTrack'

export const lateTrackKey = (at: EpochMs, until: EpochMs): string => `${at}-${until}`

/** What the stages of a fleet make trips, fuel and driving out of. */
export const vehicleMeasures: readonly string[] = [
  'latitude',
  'longitude',
  'accelX',
  'accelY',
  'speed',
  'heading',
  'speedLimit',
  'driver',
  'fuelRate',
  'airFlow',
  'engineSpeed',
  'manifoldPressure',
  'intakeTemperature',
  'fuelLevel',
]
const isVehicleMeasure = new Set(vehicleMeasures)

/** The minutes of a record that came too late to move the state. What lies ahead of its time never will. */
function lateTrack({ thing, receivedAt, columns }: ReadingBatch, { dirty }: Context): Effect | null {
  if (dirty.size === 0) return null
  let [first, last] = [Infinity, -Infinity]
  for (const { measure, at, value, advancing } of columns) {
    if (!isVehicleMeasure.has(measure)) continue
    for (let i = 0; i < at.length; i++) {
      // A minute may be dirty for a window that a tick has closed, though its readings came in order.
      const minute = minuteOf(at[i]!)
      if (advancing[i] === 1 || Number.isNaN(value[i]) || !dirty.has(minute)) continue
      if (minute * MINUTE > receivedAt + limits.aheadMs) continue
      first = Math.min(first, minute)
      last = Math.max(last, minute)
    }
  }
  if (last < first) return null
  const [at, until] = [first * MINUTE, (last + 1) * MINUTE]
  return {
    kind: 'fact',
    fact: {
      type: LATE_TRACK,
      thing,
      key: lateTrackKey(at, until),
      at,
      until,
      version: receivedAt,
      value: {},
    },
  }
}

/** Where a vehicle's trip machine stands: its trip (0: none), whether that is shown as ended, its last stop (0: none). */
export interface TripStatus {
  tripAt: EpochMs
  announced: boolean
  stopAt: EpochMs
}

/** Reads a vehicle's trip out of its state. */
export function readTrip(layout: Layout): (state: DeviceState) => TripStatus {
  const tripIn = stateRecord(layout, 'trips', tripsFields)
  return (state) => {
    const trip = tripIn(state)
    return { tripAt: currentTrip(trip), announced: trip.announced === 1, stopAt: trip.stopAt }
  }
}

function factOf(thing: string, { kind, at, until, ...value }: Trip | Stop, version: EpochMs): Effect {
  const fact: Fact = { type: kind, thing, key: String(at), at, until, version, value }
  return { kind: 'fact', fact }
}
