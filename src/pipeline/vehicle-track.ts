import { initialPosition, takePosition } from '../core/fleet/position-filter.ts'
import { simplifyTrack } from '../core/fleet/simplify-track.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { TrackQuery, VehicleTrack } from '../ports/fleet-reader.ts'
import type { Reading, TelemetryReader } from '../ports/telemetry-reader.ts'
import { isPlace } from './stages/position.ts'

const PAGE = 20_000

/** A vehicle's way between two moments out of its stored positions, jumps left out, as few points as asked for. */
export function vehicleTrack(telemetry: {
  readings: (...range: Parameters<TelemetryReader['readings']>) => Promise<Reading[]> | Reading[]
}) {
  return async ({ thing, from, to, points }: TrackQuery): Promise<VehicleTrack> => {
    const [at, lat, lon, speed]: [number[], number[], number[], number[]] = [[], [], [], []]
    const filter = initialPosition()
    const take = (moment: EpochMs, values: Map<string, number | null>): void => {
      const [a, b] = [values.get('latitude') ?? NaN, values.get('longitude') ?? NaN]
      if (!isPlace(a, b) || takePosition(filter, a, b, moment) !== 'accepted') return
      at.push(moment)
      lat.push(a)
      lon.push(b)
      speed.push(values.get('speed') ?? NaN)
    }
    let moment: EpochMs | null = null
    let values = new Map<string, number | null>()
    let after: { at: EpochMs; measure: string } | undefined
    for (;;) {
      const measures = ['latitude', 'longitude', 'speed']
      const page = await telemetry.readings({
        thing,
        measures,
        from,
        to,
        limit: PAGE,
        ...(after && { after }),
      })
      for (const reading of page) {
        if (moment !== null && reading.at !== moment) {
          take(moment, values)
          values = new Map()
        }
        moment = reading.at
        values.set(reading.measure, reading.value)
      }
      const last = page.at(-1)
      if (page.length < PAGE || !last) break
      after = { at: last.at, measure: last.measure }
    }
    if (moment !== null) take(moment, values)
    const kept = simplifyTrack({ lat, lon }, points)
    const pick = (list: number[]): number[] => kept.map((i) => list[i]!)
    return {
      at: pick(at),
      lat: pick(lat),
      lon: pick(lon),
      speedKmh: pick(speed).map((v) => (Number.isNaN(v) ? null : v)),
      simplified: kept.length < at.length,
    }
  }
}
