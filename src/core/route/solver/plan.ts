import type { Problem, Solution } from './problem.ts'

/**
 * The problem in flat arrays. Nodes 0..stops − 1 are the stops; vehicle v starts at node stops + 2v and ends at
 * stops + 2v + 1. `at` is a node's row in the matrices, whose last row and column ("nowhere") cost nothing.
 */
export interface Terms {
  stops: number
  vehicles: number
  nodes: number
  side: number
  cost: Float64Array
  duration: Float64Array
  at: Int32Array
  demand: Float64Array
  ready: Float64Array
  due: Float64Array
  service: Float64Array
  needs: Int32Array
  capacity: Float64Array
  skills: Int32Array
  /** Where each vehicle's matrix begins. */
  base: Int32Array
  /** Vehicles of one kind are interchangeable: only the first free one of a kind need be tried. */
  kind: Int32Array
  /** False when no stop has a window that any plan could miss: then time is not looked at. */
  timed: boolean
}

export function termsOf(problem: Problem): Terms {
  const { places, matrices, stops, vehicles } = problem
  const side = places + 1
  const widen = (pick: (m: Problem['matrices'][number]) => Float64Array): Float64Array => {
    const wide = new Float64Array(matrices.length * side * side)
    matrices.forEach((matrix, m) => {
      const flat = pick(matrix)
      for (let i = 0; i < places; i += 1)
        wide.set(flat.subarray(i * places, (i + 1) * places), (m * side + i) * side)
    })
    return wide
  }
  const kinds = new Map<string, number>()
  const kindOf = (vehicle: Problem['vehicles'][number]): number => {
    const key = JSON.stringify({ ...vehicle, id: null })
    if (!kinds.has(key)) kinds.set(key, kinds.size)
    return kinds.get(key)!
  }
  const ends = <T>(
    start: (v: (typeof vehicles)[number]) => T,
    end: (v: (typeof vehicles)[number]) => T,
  ): T[] => vehicles.flatMap((v) => [start(v), end(v)])
  const zero = (): number => 0
  return {
    stops: stops.length,
    vehicles: vehicles.length,
    nodes: stops.length + 2 * vehicles.length,
    side,
    cost: widen((m) => m.cost),
    duration: widen((m) => m.duration),
    at: Int32Array.from([
      ...stops.map((s) => s.place),
      ...ends(
        (v) => v.start,
        (v) => v.end ?? places,
      ),
    ]),
    demand: Float64Array.from(stops, (s) => s.demand),
    ready: Float64Array.from([
      ...stops.map((s) => s.readyAt),
      ...ends(
        (v) => v.shiftStart,
        (v) => v.shiftStart,
      ),
    ]),
    due: Float64Array.from([
      ...stops.map((s) => s.dueAt),
      ...ends(
        (v) => v.shiftEnd,
        (v) => v.shiftEnd,
      ),
    ]),
    service: Float64Array.from([...stops.map((s) => s.serviceTime), ...ends(zero, zero)]),
    needs: Int32Array.from(stops, (s) => s.needs ?? 0),
    capacity: Float64Array.from(vehicles, (v) => v.capacity),
    skills: Int32Array.from(vehicles, (v) => v.skills ?? 0),
    base: Int32Array.from(vehicles, (v) => (v.matrix ?? 0) * side * side),
    kind: Int32Array.from(vehicles, kindOf),
    timed: stops.some((s) => Number.isFinite(s.dueAt)) || vehicles.some((v) => Number.isFinite(v.shiftEnd)),
  }
}

/** A plan under work: doubly linked routes, all in one buffer, so that keeping and restoring is one copy. */
export interface Plan {
  bytes: Uint8Array
  /** Earliest start of service at a node, latest start that keeps the rest of its route in time. */
  earliest: Float64Array
  latest: Float64Array
  load: Float64Array
  /** [0] is the whole cost. */
  total: Float64Array
  next: Int32Array
  previous: Int32Array
  /** Vehicle of a stop, −1 while it is absent. */
  routeOf: Int32Array
  count: Int32Array
  absent: Int32Array
  /** [0] absent stops, [1] routes in use. */
  sizes: Int32Array
}

/** A plan with every stop absent. */
export function emptyPlan(terms: Terms): Plan {
  const { nodes, vehicles, stops } = terms
  const f64 = [nodes, nodes, vehicles, 1]
  const i32 = [nodes, nodes, stops, vehicles, stops, 2]
  const sum = (lengths: number[]): number => lengths.reduce((a, b) => a + b, 0)
  const buffer = new ArrayBuffer(sum(f64) * 8 + sum(i32) * 4)
  let offset = 0
  const floats = (length: number): Float64Array =>
    new Float64Array(buffer, (offset += length * 8) - length * 8, length)
  const whole = (length: number): Int32Array =>
    new Int32Array(buffer, (offset += length * 4) - length * 4, length)
  const plan: Plan = {
    bytes: new Uint8Array(buffer),
    earliest: floats(nodes),
    latest: floats(nodes),
    load: floats(vehicles),
    total: floats(1),
    next: whole(nodes),
    previous: whole(nodes),
    routeOf: whole(stops).fill(-1),
    count: whole(vehicles),
    absent: whole(stops),
    sizes: whole(2),
  }
  for (let stop = 0; stop < stops; stop += 1) plan.absent[stop] = stop
  plan.sizes[0] = stops
  for (let v = 0; v < vehicles; v += 1) {
    const start = stops + 2 * v
    plan.next[start] = start + 1
    plan.previous[start + 1] = start
    refresh(terms, plan, v)
  }
  return plan
}

export const copyPlan = (to: Plan, from: Plan): void => to.bytes.set(from.bytes)

const hop = (terms: Terms, base: number, a: number, b: number): number =>
  base + terms.at[a]! * terms.side + terms.at[b]!

/** Recomputes the times of a whole route. */
export function refresh(terms: Terms, plan: Plan, vehicle: number): void {
  if (!terms.timed) return
  const { ready, due, service, duration, stops } = terms
  const { next, previous, earliest, latest } = plan
  const base = terms.base[vehicle]!
  const [start, end] = [stops + 2 * vehicle, stops + 2 * vehicle + 1]
  earliest[start] = ready[start]!
  for (let node = start; node !== end;) {
    const after = next[node]!
    const arrival = earliest[node]! + service[node]! + duration[hop(terms, base, node, after)]!
    earliest[after] = arrival > ready[after]! ? arrival : ready[after]!
    node = after
  }
  latest[end] = due[end]!
  for (let node = end; node !== start;) {
    const before = previous[node]!
    const leave = latest[node]! - duration[hop(terms, base, before, node)]! - service[before]!
    latest[before] = leave < due[before]! ? leave : due[before]!
    node = before
  }
}

/** Takes a stop out of its route; the route's times are stale until refreshed. */
export function remove(terms: Terms, plan: Plan, stop: number): void {
  const vehicle = plan.routeOf[stop]!
  const base = terms.base[vehicle]!
  const [before, after] = [plan.previous[stop]!, plan.next[stop]!]
  plan.next[before] = after
  plan.previous[after] = before
  plan.total[0]! -= terms.cost[hop(terms, base, before, stop)]! + terms.cost[hop(terms, base, stop, after)]!
  plan.total[0]! += plan.count[vehicle] === 1 ? 0 : terms.cost[hop(terms, base, before, after)]!
  plan.load[vehicle]! -= terms.demand[stop]!
  plan.routeOf[stop] = -1
  plan.count[vehicle]! -= 1
  if (plan.count[vehicle] === 0) {
    plan.sizes[1]! -= 1
    plan.load[vehicle] = 0
  }
  plan.absent[plan.sizes[0]!++] = stop
}

/** Puts an absent stop after a node. The caller takes it off the list of absent stops. */
export function insert(terms: Terms, plan: Plan, stop: number, before: number, vehicle: number): void {
  const base = terms.base[vehicle]!
  const after = plan.next[before]!
  plan.next[before] = stop
  plan.previous[stop] = before
  plan.next[stop] = after
  plan.previous[after] = stop
  plan.total[0]! += terms.cost[hop(terms, base, before, stop)]! + terms.cost[hop(terms, base, stop, after)]!
  if (plan.count[vehicle] === 0) plan.sizes[1]! += 1
  else plan.total[0]! -= terms.cost[hop(terms, base, before, after)]!
  plan.load[vehicle]! += terms.demand[stop]!
  plan.routeOf[stop] = vehicle
  plan.count[vehicle]! += 1
  if (terms.timed) spread(terms, plan, stop, base)
}

/** Times of an inserted stop, and of its route as far as they change. */
function spread(terms: Terms, plan: Plan, stop: number, base: number): void {
  const { ready, due, service, duration, stops } = terms
  const { next, previous, earliest, latest } = plan
  for (let node = stop; ; node = next[node]!) {
    const before = previous[node]!
    const arrival = earliest[before]! + service[before]! + duration[hop(terms, base, before, node)]!
    const start = arrival > ready[node]! ? arrival : ready[node]!
    if (start === earliest[node] && node !== stop) break
    earliest[node] = start
    if (node >= stops) break
  }
  for (let node = stop; ; node = previous[node]!) {
    const after = next[node]!
    const leave = latest[after]! - duration[hop(terms, base, node, after)]! - service[node]!
    const start = leave < due[node]! ? leave : due[node]!
    if (start === latest[node] && node !== stop) break
    latest[node] = start
    if (node >= stops) break
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
    let node = terms.stops + 2 * vehicle
    while (node !== end) {
      const after = plan.next[node]!
      cost += terms.cost[hop(terms, terms.base[vehicle]!, node, after)]!
      if (after !== end) stops.push(after)
      node = after
    }
    routes.push({ vehicle, stops })
  }
  return { routes, unassigned: [...plan.absent.subarray(0, plan.sizes[0])].sort((a, b) => a - b), cost }
}
