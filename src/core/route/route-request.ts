import type { EpochMs } from '../telemetry/reading.ts'
import type { Problem } from './solver/problem.ts'

interface RequestedStop {
  id: string
  lat: number
  lon: number
  demand: number
  serviceS: number
  /** When service may begin, both ends included. */
  from: EpochMs
  until: EpochMs
}

/** What a vehicle asks on `dt/fleet/<thing>/request/route`: stops in any order, then perhaps a place to end at. */
export interface RouteRequest {
  stops: RequestedStop[]
  destination: { lat: number; lon: number } | null
  objective: 'fastest' | 'shortest'
  vehicle: { heightM?: number; weightT?: number; widthM?: number; lengthM?: number; goods?: boolean }
  capacity: number
  shiftEnd: EpochMs
}

/** Threat: the matrix grows with the square of the stops, and one vehicle would hold the planner for all. */
const MOST_STOPS = 200

/** Reads a request; the error is a sentence for whoever wrote it. */
export function parseRouteRequest(body: unknown): RouteRequest | { error: string } {
  if (!isObject(body)) return { error: 'a route request is an object with destination or stops' }
  const { stops = [], destination = null, objective = 'fastest', vehicle = {}, capacity, shiftEnd } = body
  if (!Array.isArray(stops)) return { error: 'stops is a list' }
  if (stops.length > MOST_STOPS) return { error: `at most ${MOST_STOPS} stops, not ${stops.length}` }
  if (destination !== null && !isPlace(destination))
    return { error: 'destination needs lat and lon in degrees' }
  if (stops.length === 0 && destination === null) return { error: 'neither destination nor stops' }
  if (objective !== 'fastest' && objective !== 'shortest')
    return { error: 'objective is fastest or shortest' }
  if (!isObject(vehicle)) return { error: 'vehicle is an object' }
  const read: RequestedStop[] = []
  for (const [i, stop] of stops.entries()) {
    const one = readStop(stop, i)
    if (typeof one === 'string') return { error: one }
    read.push(one)
  }
  const sizes: RouteRequest['vehicle'] = vehicle['goods'] === true ? { goods: true } : {}
  for (const name of ['heightM', 'weightT', 'widthM', 'lengthM'] as const) {
    const size = vehicle[name]
    if (size === undefined) continue
    if (typeof size !== 'number' || !(size > 0)) return { error: `vehicle.${name} is a positive number` }
    sizes[name] = size
  }
  return {
    stops: read,
    destination,
    objective,
    vehicle: sizes,
    capacity: numberOr(capacity, Infinity),
    shiftEnd: numberOr(shiftEnd, Infinity),
  }
}

function readStop(stop: unknown, i: number): RequestedStop | string {
  if (!isObject(stop) || !isPlace(stop)) return `stops[${i}] needs lat and lon in degrees`
  const { id, demand, serviceS, from, until } = stop as Record<string, unknown>
  const read = {
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : String(i + 1),
    lat: stop.lat,
    lon: stop.lon,
    demand: numberOr(demand, 0),
    serviceS: numberOr(serviceS, 0),
    from: numberOr(from, -Infinity),
    until: numberOr(until, Infinity),
  }
  if (read.demand < 0 || read.serviceS < 0) return `stops[${i}] has a negative demand or service time`
  return read.from > read.until ? `stops[${i}] closes before it opens` : read
}

/**
 * The request as a problem of one vehicle: place 0 is where it is, then the stops, then the destination. Times are
 * seconds after `departAt`. Pairs of places without a way (NaN) are given a cost that no plan would choose, and a
 * duration that misses every window.
 */
export function problemOf(
  request: RouteRequest,
  matrix: { distanceM: Float64Array; durationS: Float64Array },
  departAt: EpochMs,
): Problem {
  const { stops, destination, objective, capacity, shiftEnd } = request
  const seconds = (at: EpochMs): number => (at - departAt) / 1000
  const open = (values: Float64Array): Float64Array => values.map((v) => (Number.isNaN(v) ? NO_WAY : v))
  return {
    places: 1 + stops.length + (destination ? 1 : 0),
    matrices: [
      {
        cost: open(objective === 'fastest' ? matrix.durationS : matrix.distanceM),
        duration: open(matrix.durationS),
      },
    ],
    stops: stops.map((stop, i) => ({
      id: stop.id,
      place: i + 1,
      demand: stop.demand,
      readyAt: Math.max(0, seconds(stop.from)),
      dueAt: Math.min(seconds(stop.until), LONGEST_S),
      serviceTime: stop.serviceS,
    })),
    vehicles: [
      {
        id: 'vehicle',
        start: 0,
        end: destination ? stops.length + 1 : null,
        capacity,
        shiftStart: 0,
        shiftEnd: Math.min(seconds(shiftEnd), LONGEST_S),
      },
    ],
  }
}

const NO_WAY = 1e9
/** A month: no plan is longer, and NO_WAY is. */
const LONGEST_S = 31 * 86_400

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isPlace(value: unknown): value is { lat: number; lon: number } {
  if (!isObject(value)) return false
  const { lat, lon } = value
  return typeof lat === 'number' && typeof lon === 'number' && Math.abs(lat) <= 90 && Math.abs(lon) <= 180
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise
