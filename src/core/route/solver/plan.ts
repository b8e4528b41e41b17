import type { Solution } from './problem.ts'
import type { Terms } from './terms.ts'

/** A plan under work: doubly linked routes, all in one buffer, so that keeping and restoring is one copy. */
export interface Plan {
  bytes: Uint8Array
  /** Earliest end of service at a node; latest start there that keeps the rest of its route in time. */
  departure: Float64Array
  latest: Float64Array
  /** Cost of the way to a node from the one before it; 0 at the end of an empty route. */
  leg: Float64Array
  load: Float64Array
  /** Names what a route is made of: routes with the same stamp, of whatever plan, are the same. 0: empty from the start. */
  stamp: Float64Array
  /** [0] is the whole cost. */
  total: Float64Array
  next: Int32Array
  previous: Int32Array
  /** Vehicle of a stop, −1 while it is absent. */
  routeOf: Int32Array
  count: Int32Array
  absent: Int32Array
  /** All vehicles, those in use first; and where each stands in that order. */
  order: Int32Array
  place: Int32Array
  /** [0] absent stops, [1] routes in use. */
  sizes: Int32Array
}

/** A plan with every stop absent. */
export function emptyPlan(terms: Terms): Plan {
  const { nodes, vehicles, stops } = terms
  const f64 = [nodes, nodes, nodes, vehicles, vehicles, 1]
  const i32 = [nodes, nodes, stops, vehicles, stops, vehicles, vehicles, 2]
  const sum = (lengths: number[]): number => lengths.reduce((a, b) => a + b, 0)
  const buffer = new ArrayBuffer(sum(f64) * 8 + sum(i32) * 4)
  let offset = 0
  const floats = (length: number): Float64Array =>
    new Float64Array(buffer, (offset += length * 8) - length * 8, length)
  const whole = (length: number): Int32Array =>
    new Int32Array(buffer, (offset += length * 4) - length * 4, length)
  const plan: Plan = {
    bytes: new Uint8Array(buffer),
    departure: floats(nodes),
    latest: floats(nodes),
    leg: floats(nodes),
    load: floats(vehicles),
    stamp: floats(vehicles),
    total: floats(1),
    next: whole(nodes),
    previous: whole(nodes),
    routeOf: whole(stops).fill(-1),
    count: whole(vehicles),
    absent: whole(stops),
    order: whole(vehicles),
    place: whole(vehicles),
    sizes: whole(2),
  }
  for (let stop = 0; stop < stops; stop += 1) plan.absent[stop] = stop
  plan.sizes[0] = stops
  for (let v = 0; v < vehicles; v += 1) {
    const start = stops + 2 * v
    plan.next[start] = start + 1
    plan.previous[start + 1] = start
    plan.order[v] = plan.place[v] = v
    refresh(terms, plan, v)
  }
  return plan
}

export const copyPlan = (to: Plan, from: Plan): void => to.bytes.set(from.bytes)

/** Recomputes the times of a whole route. */
export function refresh(terms: Terms, plan: Plan, vehicle: number): void {
  if (!terms.timed) return
  const { ready, due, service, duration, durationTo, stops, side, at } = terms
  const { next, previous, departure, latest } = plan
  const base = terms.base[vehicle]!
  const [start, end] = [stops + 2 * vehicle, stops + 2 * vehicle + 1]
  let clock = ready[start]!
  departure[start] = clock
  let row = base + at[start]! * side
  for (let node = next[start]!; ; node = next[node]!) {
    const place = node < stops ? node : at[node]!
    clock += duration[row + place]!
    if (clock < ready[node]!) clock = ready[node]!
    clock += service[node]!
    departure[node] = clock
    if (node === end) break
    row = base + node * side
  }
  clock = due[end]!
  latest[end] = clock
  row = base + at[end]! * side
  for (let node = previous[end]!; ; node = previous[node]!) {
    const place = node < stops ? node : at[node]!
    clock -= durationTo[row + place]! + service[node]!
    if (clock > due[node]!) clock = due[node]!
    latest[node] = clock
    if (node === start) break
    row = base + node * side
  }
}

/** Takes a stop out of its route; the route's times are stale until refreshed. */
export function remove(terms: Terms, plan: Plan, stop: number): void {
  const { leg, next, previous, sizes } = plan
  const vehicle = plan.routeOf[stop]!
  const [before, after] = [previous[stop]!, next[stop]!]
  next[before] = after
  previous[after] = before
  plan.load[vehicle]! -= terms.demand[stop]!
  plan.stamp[vehicle] = terms.changes[0]! += 1
  plan.routeOf[stop] = -1
  plan.count[vehicle]! -= 1
  plan.absent[sizes[0]!++] = stop
  const gone = leg[stop]! + leg[after]!
  if (plan.count[vehicle] === 0) {
    plan.load[vehicle] = 0
    leg[after] = 0
    sizes[1]! -= 1
    reorder(plan, vehicle, sizes[1]!)
  } else leg[after] = terms.cost[terms.base[vehicle]! + terms.at[before]! * terms.side + terms.at[after]!]!
  plan.total[0]! += leg[after] - gone
}

/** Puts an absent stop after a node. The caller takes it off the list of absent stops. */
export function insert(terms: Terms, plan: Plan, stop: number, before: number, vehicle: number): void {
  const { cost, costTo, at, side } = terms
  const { leg, next, previous, sizes } = plan
  const after = next[before]!
  next[before] = stop
  previous[stop] = before
  next[stop] = after
  previous[after] = stop
  if (plan.count[vehicle] === 0) {
    reorder(plan, vehicle, sizes[1]!)
    sizes[1]! += 1
  }
  const row = terms.base[vehicle]! + stop * side
  const gone = leg[after]!
  leg[stop] = costTo[row + at[before]!]!
  leg[after] = cost[row + at[after]!]!
  plan.total[0]! += leg[stop] + leg[after] - gone
  plan.load[vehicle]! += terms.demand[stop]!
  plan.stamp[vehicle] = terms.changes[0]! += 1
  plan.routeOf[stop] = vehicle
  plan.count[vehicle]! += 1
  if (terms.timed) spread(terms, plan, stop, terms.base[vehicle]!)
}

function reorder(plan: Plan, vehicle: number, to: number): void {
  const { order, place } = plan
  const [from, other] = [place[vehicle]!, order[to]!]
  order[from] = other
  place[other] = from
  order[to] = vehicle
  place[vehicle] = to
}

/** Times of an inserted stop, and of its route as far as they change. */
function spread(terms: Terms, plan: Plan, stop: number, base: number): void {
  const { ready, due, service, duration, durationTo, stops, side, at } = terms
  const { next, previous, departure, latest } = plan
  const row = base + stop * side
  let before = previous[stop]!
  let clock = departure[before]! + durationTo[row + at[before]!]!
  departure[stop] = clock = (clock < ready[stop]! ? ready[stop]! : clock) + service[stop]!
  for (let node = next[stop]!, from = row; ; node = next[node]!) {
    clock += duration[from + (node < stops ? node : at[node]!)]!
    if (clock < ready[node]!) clock = ready[node]!
    clock += service[node]!
    if (clock === departure[node]) break
    departure[node] = clock
    if (node >= stops) break
    from = base + node * side
  }
  const after = next[stop]!
  clock = latest[after]! - duration[row + at[after]!]! - service[stop]!
  latest[stop] = clock = clock > due[stop]! ? due[stop]! : clock
  for (let from = row; ; before = previous[before]!) {
    clock -= durationTo[from + (before < stops ? before : at[before]!)]! + service[before]!
    if (clock > due[before]!) clock = due[before]!
    if (clock === latest[before]) break
    latest[before] = clock
    if (before >= stops) break
    from = base + before * side
  }
}

/** The plan as a value, with its cost summed afresh, so that rounding of many changes does not show. */
export function solutionOf(terms: Terms, plan: Plan): Solution {
  const routes: Solution['routes'] = []
  let cost = 0
  for (let vehicle = 0; vehicle < terms.vehicles; vehicle += 1) {
    if (plan.count[vehicle] === 0) continue
    const stops: number[] = []
    const end = terms.stops + 2 * vehicle + 1
    for (let node = plan.next[end - 1]!; ; node = plan.next[node]!) {
      cost += plan.leg[node]!
      if (node === end) break
      stops.push(node)
    }
    routes.push({ vehicle, stops })
  }
  return { routes, unassigned: [...plan.absent.subarray(0, plan.sizes[0])].sort((a, b) => a - b), cost }
}
