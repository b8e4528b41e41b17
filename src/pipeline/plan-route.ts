import { problemOf, type RouteRequest } from '../core/route/route-request.ts'
import type { Random } from '../core/route/solver/random.ts'
import { solve } from '../core/route/solver/solve.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { RoadNetwork, RoadPlace } from '../ports/road-network.ts'

/** The payload of the command `route`. */
export interface PlannedRoute {
  distanceM: number
  durationS: number
  departAt: EpochMs
  arriveAt: EpochMs
  /** In order of visit; `arriveAt` is when service begins. */
  stops: { id: string; lat: number; lon: number; arriveAt: EpochMs; departAt: EpochMs }[]
  /** Stops that cannot be reached, or not in time, or do not fit. */
  unassigned: string[]
  /** [longitude, latitude]. */
  geometry: [number, number][]
}

export interface PlanRouteOptions {
  road: RoadNetwork
  /** Milliseconds of any monotonic clock, for the time that the search may take. */
  now: () => number
  random: Random
  /** The search is synchronous: this long it holds its thread. */
  budgetMs?: number
}

/** Plans the order of a vehicle's stops and its way on the road, from where it is. */
export function planRoute({ road, now, random, budgetMs = 200 }: PlanRouteOptions) {
  return async (request: RouteRequest, from: RoadPlace, departAt: EpochMs): Promise<PlannedRoute> => {
    const profile = { mode: 'car', objective: request.objective, ...request.vehicle } as const
    const places: RoadPlace[] = [
      from,
      ...request.stops,
      ...(request.destination ? [request.destination] : []),
    ]
    const matrix = await road.matrix(places, profile)
    const problem = problemOf(request, matrix, departAt)
    const searchRounds = request.stops.length < 2 ? 1 : Infinity
    const solution = solve(problem, {
      objective: 'cost',
      now,
      until: now() + budgetMs,
      random,
      rounds: searchRounds,
    })
    const order = solution.routes[0]?.stops ?? []
    const visits = [...order.map((stop) => stop + 1), ...(request.destination ? [places.length - 1] : [])]

    const geometry: [number, number][] = []
    const stops: PlannedRoute['stops'] = []
    let [here, clock, distanceM] = [0, departAt, 0]
    for (const next of visits) {
      const leg = await road.route(places[here]!, places[next]!, profile)
      if (!leg) break // the destination itself has no way to it
      geometry.push(...(geometry.length > 0 ? leg.geometry.slice(1) : leg.geometry))
      distanceM += leg.distanceM
      clock += leg.durationS * 1000
      const stop = request.stops[next - 1]
      if (stop) {
        const arriveAt = Math.max(clock, stop.from)
        clock = arriveAt + stop.serviceS * 1000
        stops.push({ id: stop.id, lat: stop.lat, lon: stop.lon, arriveAt, departAt: clock })
      }
      here = next
    }
    return {
      distanceM,
      durationS: (clock - departAt) / 1000,
      departAt,
      arriveAt: clock,
      stops,
      unassigned: solution.unassigned.map((stop) => request.stops[stop]!.id),
      geometry,
    }
  }
}
