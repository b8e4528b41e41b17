import type { Refusal } from '../core/device/request-refusal.ts'
import { simplifyTrack } from '../core/fleet/simplify-track.ts'
import { problemOf, whyNotAlone, type RouteRequest } from '../core/route/route-request.ts'
import type { Random } from '../core/route/solver/random.ts'
import { solve } from '../core/route/solver/solve.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { RoadMatrix, RoadNetwork, RoadPlace, RoadProfile } from '../ports/road-network.ts'

/** The payload of the command `route`. */
export interface PlannedRoute {
  distanceM: number
  durationS: number
  departAt: EpochMs
  arriveAt: EpochMs
  /** In order of visit; `arriveAt` is when service begins. */
  stops: { id: string; lat: number; lon: number; arriveAt: EpochMs; departAt: EpochMs }[]
  /** Stops that the plan leaves out, each with a sentence that says why. */
  unassigned: { id: string; why: string }[]
  /** [longitude, latitude]; of a long way, the points that show it best. */
  geometry: [number, number][]
}

export interface PlanRouteOptions {
  road: RoadNetwork
  /** Milliseconds of any monotonic clock, for the time that the search may take. */
  now: () => number
  random: Random
  /** The search is synchronous: for so long it holds its thread, and so much longer for each stop. */
  budgetMs?: { least: number; aStop: number }
}

/** AWS IoT Core carries at most 128 KB a message: so many points take about 60. */
const MOST_POINTS = 3000

/** Plans the order of a vehicle's stops and its way on the road, from where it is; says so if there is none. */
export function planRoute({ road, now, random, budgetMs = { least: 100, aStop: 10 } }: PlanRouteOptions) {
  return async (
    request: RouteRequest,
    from: RoadPlace,
    departAt: EpochMs,
  ): Promise<PlannedRoute | Refusal> => {
    const { stops, destination, objective, vehicle, shiftEnd } = request
    const profile: RoadProfile = { mode: 'car', objective, ...vehicle }
    const places: RoadPlace[] = [from, ...stops, ...(destination ? [destination] : [])]
    const matrix = await road.matrix(places, profile)
    const unreachable = whyUnreachable(matrix, places.length, destination !== null)
    if (unreachable !== null) return { code: 'no_way', error: unreachable }
    const problem = problemOf(request, matrix, departAt)
    const solution = solve(problem, {
      objective: 'cost',
      now,
      until: now() + budgetMs.least + budgetMs.aStop * stops.length,
      random,
      ...(stops.length < 2 && { rounds: 1 }),
    })
    const order = (solution.routes[0]?.stops ?? []).map((stop) => stop + 1)
    const way = await follow(road, profile, places, destination ? [...order, places.length - 1] : order)

    const planned: PlannedRoute['stops'] = []
    let clock = departAt
    for (const [i, durationS] of way.durationS.entries()) {
      clock += durationS * 1000
      const stop = stops[(order[i] ?? 0) - 1]
      if (!stop) continue
      const serves = Math.max(clock, stop.from)
      clock = serves + stop.serviceS * 1000
      const [arriveAt, leavesAt] = [Math.round(serves), Math.round(clock)]
      planned.push({ id: stop.id, lat: stop.lat, lon: stop.lon, arriveAt, departAt: leavesAt })
    }
    if (destination && clock > shiftEnd)
      return {
        code: 'shift_over',
        error: `the destination is reached at ${new Date(clock).toISOString()}, after the shift has ended`,
      }
    return {
      distanceM: way.distanceM,
      durationS: (clock - departAt) / 1000,
      departAt,
      arriveAt: Math.round(clock),
      stops: planned,
      unassigned: solution.unassigned.map((stop) => ({
        id: stops[stop]!.id,
        why: whyNotAlone(problem, stop) ?? 'it does not fit with the other stops',
      })),
      geometry: way.geometry,
    }
  }
}

/** Row-major matrix, place 0 the vehicle's and the last one the destination's, if there is one. */
function whyUnreachable({ durationS }: RoadMatrix, places: number, destined: boolean): string | null {
  if (durationS.subarray(1, places).every(Number.isNaN))
    return places > 2
      ? 'no road leads from where the vehicle is to any of the places'
      : 'no road leads there from where the vehicle is'
  return destined && Number.isNaN(durationS[places - 1]!)
    ? 'no road leads to the destination for this vehicle'
    : null
}

/** The way through places, by their index, from the first place on. */
async function follow(
  road: RoadNetwork,
  profile: RoadProfile,
  places: readonly RoadPlace[],
  visits: readonly number[],
): Promise<{ distanceM: number; durationS: number[]; geometry: [number, number][] }> {
  const points: [number, number][] = []
  const durationS: number[] = []
  let [here, distanceM] = [0, 0]
  for (const next of visits) {
    const leg = await road.route(places[here]!, places[next]!, profile)
    if (!leg) throw new Error(`no road leads to place ${next} of the plan`)
    for (const point of points.length > 0 ? leg.geometry.slice(1) : leg.geometry) points.push(point)
    distanceM += leg.distanceM
    durationS.push(leg.durationS)
    here = next
  }
  const kept = simplifyTrack(
    { lat: points.map(([, lat]) => lat), lon: points.map(([lon]) => lon) },
    MOST_POINTS,
  )
  return { distanceM, durationS, geometry: kept.map((i) => [rounded(points[i]![0]), rounded(points[i]![1])]) }
}

/** A hundredth of a metre is more than a map knows. */
const rounded = (degrees: number): number => Number(degrees.toFixed(7))
