import {
  courseOf,
  isStanding,
  positionFields,
  speedOf,
  takePosition,
  placeOf,
  type Place,
} from '../../core/fleet/position-filter.ts'
import { haversineM } from '../../core/route/geodesy.ts'
import type { DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout } from '../../core/telemetry/layout.ts'
import type { EpochMs, ReadingBatch } from '../../core/telemetry/reading.ts'
import { noEffects, type BoundStage, type Effect, type Stage } from '../../core/telemetry/stage.ts'
import type { VehiclePosition } from '../../ports/fleet-reader.ts'
import { alignedRows } from './aligned-rows.ts'
import { stateRecord } from './state-record.ts'

/** What the filter made of a batch: its state before, and after each position that it accepted. */
export interface Track {
  before: Place
  fixes: Place[]
}

/** Handed on to the stages behind this one: all of them take one batch before any takes the next. */
let handedOn: { batch: ReadingBatch; track: Track } | null = null
export const trackOf = (batch: ReadingBatch): Track | undefined =>
  handedOn?.batch === batch ? handedOn.track : undefined

/** Follows a vehicle: filters its positions and counts its way. A refused position is kept as an anomaly. */
export const position: Stage = { name: 'position', fields: { device: positionFields }, bind: bindPosition }

function bindPosition(layout: Layout): BoundStage {
  const filterOf = stateRecord(layout, 'position', positionFields)

  function step(state: DeviceState, batch: ReadingBatch): Effect[] {
    const rows = alignedRows(batch, ['latitude', 'longitude'])
    if (rows.at.length === 0) return noEffects
    const [lats, lons] = [rows.values[0]!, rows.values[1]!]
    const filter = filterOf(state)
    const track: Track = { before: placeOf(filter), fixes: [] }
    let effects = noEffects
    for (let i = 0; i < rows.at.length; i++) {
      const [at, lat, lon] = [rows.at[i]!, lats[i]!, lons[i]!]
      if (!isPlace(lat, lon)) continue
      const missedM = filter.at > 0 ? haversineM(filter.lat, filter.lon, lat, lon) : 0
      const fix = takePosition(filter, lat, lon, at)
      if (fix === 'accepted') track.fixes.push(placeOf(filter))
      else if (fix === 'refused') effects = [...effects, jump(state.thing, at, lat, filter.lat, missedM)]
    }
    handedOn = { batch, track }
    return effects
  }

  return { name: 'position', step, tick: () => noEffects }
}

/** Half a position is none, and 0, 0 is a receiver without a fix. */
export const isPlace = (lat: number, lon: number): boolean =>
  Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && !(lat === 0 && lon === 0)

const jump = (thing: string, at: EpochMs, lat: number, near: number, metres: number): Effect => ({
  kind: 'anomaly',
  anomaly: {
    thing,
    measure: 'latitude',
    at,
    detector: 'position-jump',
    score: metres,
    observed: lat,
    expected: { low: near, high: near },
  },
})

/** Reads a vehicle's position out of its state; null before the first one. */
export function readPosition(layout: Layout): (state: DeviceState) => VehiclePosition | null {
  const filterOf = stateRecord(layout, 'position', positionFields)
  return (state) => {
    const filter = filterOf(state)
    if (filter.at === 0) return null
    const course = courseOf(filter)
    const standing = isStanding(filter)
    return {
      at: filter.at,
      lat: filter.lat,
      lon: filter.lon,
      speedKmh: standing ? 0 : speedOf(filter) * 3.6,
      course: Number.isNaN(course) ? null : course,
      odometerM: filter.odometerM,
      standing,
    }
  }
}
