import type { Refusal } from '../device/request-refusal.ts'
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
const MOST_ID = 64

/** Reads a request; the refusal has a sentence for whoever wrote it. A field that nobody reads is one: it may be misspelt. */
export function parseRouteRequest(body: unknown): RouteRequest | Refusal {
  try {
    return read(body)
  } catch (error) {
    if (error instanceof BadRequest) return { code: 'bad_request', error: error.message }
    throw error
  }
}

class BadRequest extends Error {}
const refuse = (message: string): never => {
  throw new BadRequest(message)
}

function read(body: unknown): RouteRequest {
  const asked = objectOf(body, 'a route request', [
    'destination',
    'stops',
    'objective',
    'vehicle',
    'capacity',
    'shiftEnd',
  ])
  const { stops = [], destination = null, objective = 'fastest' } = asked
  if (!Array.isArray(stops)) return refuse('stops is a list')
  if (stops.length > MOST_STOPS) return refuse(`at most ${MOST_STOPS} stops, not ${stops.length}`)
  if (stops.length === 0 && destination === null) return refuse('neither destination nor stops')
  if (objective !== 'fastest' && objective !== 'shortest') return refuse('objective is fastest or shortest')
  const request: RouteRequest = {
    stops: stops.map(readStop),
    destination:
      destination === null
        ? null
        : placeOf(objectOf(destination, 'destination', ['lat', 'lon']), 'destination'),
    objective,
    vehicle: readVehicle(asked['vehicle'] ?? {}),
    capacity: amount(asked, 'capacity', '', Infinity),
    shiftEnd: moment(asked, 'shiftEnd', '', Infinity),
  }
  const ids = new Set<string>()
  for (const { id } of request.stops) {
    if (ids.has(id)) return refuse(`two stops have the id ${id}`)
    ids.add(id)
  }
  return request
}

function readVehicle(value: unknown): RouteRequest['vehicle'] {
  const sizes = ['heightM', 'weightT', 'widthM', 'lengthM'] as const
  const vehicle = objectOf(value, 'vehicle', [...sizes, 'goods'])
  const found: RouteRequest['vehicle'] = {}
  for (const name of sizes) {
    const size = vehicle[name]
    if (size === undefined) continue
    if (typeof size !== 'number' || !(size > 0)) return refuse(`vehicle.${name} is a positive number`)
    found[name] = size
  }
  const { goods = false } = vehicle
  if (typeof goods !== 'boolean') return refuse('vehicle.goods is true or false')
  return goods ? { ...found, goods } : found
}

function readStop(value: unknown, i: number): RequestedStop {
  const where = `stops[${i}]`
  const stop = objectOf(value, where, ['id', 'lat', 'lon', 'demand', 'serviceS', 'from', 'until'])
  const { id = String(i + 1) } = stop
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '' || String(id).length > MOST_ID)
    return refuse(`${where}.id is a text of at most ${MOST_ID} characters`)
  const read = {
    id: String(id),
    ...placeOf(stop, where),
    demand: amount(stop, 'demand', `${where}.`, 0),
    serviceS: amount(stop, 'serviceS', `${where}.`, 0),
    from: moment(stop, 'from', `${where}.`, -Infinity),
    until: moment(stop, 'until', `${where}.`, Infinity),
  }
  return read.from > read.until ? refuse(`${where} closes before it opens`) : read
}

function objectOf(value: unknown, what: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(`${what} is an object with some of ${fields.join(', ')}`)
  for (const name of Object.keys(value))
    if (!fields.includes(name))
      return refuse(`${what} has no field ${name}; it may have ${fields.join(', ')}`)
  return value as Record<string, unknown>
}

function placeOf({ lat, lon }: Record<string, unknown>, what: string): { lat: number; lon: number } {
  if (typeof lat !== 'number' || typeof lon !== 'number' || !(Math.abs(lat) <= 90 && Math.abs(lon) <= 180))
    return refuse(`${what} needs lat and lon in degrees`)
  return { lat, lon }
}

function amount(of: Record<string, unknown>, name: string, path: string, otherwise: number): number {
  const value = of[name] ?? otherwise
  return typeof value === 'number' && value >= 0 ? value : refuse(`${path}${name} is a number, zero or more`)
}

/** Epoch milliseconds or RFC 3339, as in every message. */
function moment(of: Record<string, unknown>, name: string, path: string, otherwise: number): EpochMs {
  const value = of[name] ?? otherwise
  const at = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : value
  return typeof at === 'number' && !Number.isNaN(at)
    ? at
    : refuse(`${path}${name} is a time: epoch milliseconds or RFC 3339`)
}
const RFC_3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

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

/** Why the vehicle cannot make a stop even if it makes no other; null if it can. A sentence for the driver. */
export function whyNotAlone(problem: Problem, stop: number): string | null {
  const { places, matrices, stops, vehicles } = problem
  const [{ place, demand, readyAt, dueAt, serviceTime }, vehicle] = [stops[stop]!, vehicles[0]!]
  const seconds = (from: number, to: number): number => matrices[0]!.duration[from * places + to]!
  const back = vehicle.end === null ? 0 : seconds(place, vehicle.end)
  if (seconds(vehicle.start, place) >= NO_WAY) return 'no road leads there for this vehicle'
  if (back >= NO_WAY) return 'no road leads from there to the destination for this vehicle'
  if (demand > vehicle.capacity) return 'it is more than the vehicle can carry'
  const start = Math.max(seconds(vehicle.start, place), readyAt)
  if (start > dueAt) return 'it closes before the vehicle can be there'
  return start + serviceTime + back > vehicle.shiftEnd ? 'the shift ends before' : null
}
