import { insert, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Terms } from './terms.ts'

/** Share of places that are overlooked, so that the same stops come back in other ways. */
const BLINK = 0.01

/** With fewer routes than this, most of them change too often for a look-up to pay. */
const MANY_ROUTES = 20

/** Puts absent stops back, opening at most `mostRoutes` routes; what fits nowhere stays absent. */
export type Recreate = (plan: Plan, mostRoutes: number) => void

/** Greedy insertion with blinks (Christiaens and Vanden Berghe 2020, algorithm 3). */
export function greedyInsertion(terms: Terms, random: Random): Recreate {
  const {
    stops,
    vehicles,
    side,
    at,
    cost,
    costTo,
    duration,
    durationTo,
    ready,
    due,
    service,
    demand,
    timed,
  } = terms
  const orders = ordersOf(terms)
  const weights = orders.reduce((sum, o) => sum + o.weight, 0)
  const key = new Float64Array(stops)
  const kinds = terms.kind.reduce((most, kind) => Math.max(most, kind + 1), 0)
  const tried = new Uint32Array(kinds)
  let round = 0
  let untilBlink = nextBlink(random)
  let [best, bestBefore, bestVehicle] = [Infinity, -1, -1]

  // The cheapest place of a stop in a route, by stop and vehicle, good for as long as the route has that stamp.
  const knownStamp = new Float64Array(stops * vehicles).fill(-1)
  const knownExtra = new Float64Array(stops * vehicles)
  const knownBefore = new Int32Array(stops * vehicles)

  const sort = (plan: Plan): void => {
    let pick = random() * weights
    const order = orders.find((o) => (pick -= o.weight) < 0) ?? orders[0]!
    const { absent } = plan
    for (let i = 0; i < plan.sizes[0]!; i += 1) {
      const stop = absent[i]!
      const rank = order.keys ? order.keys[stop]! : random()
      key[stop] = rank
      let k = i
      for (; k > 0 && key[absent[k - 1]!]! > rank; k -= 1) absent[k] = absent[k - 1]!
      absent[k] = stop
    }
  }

  /** Looks for the cheapest place in one route; with blinks, only one that would be the best so far is worth one. */
  const look = (plan: Plan, stop: number, vehicle: number, blinks: boolean): void => {
    const { next, departure, latest, leg } = plan
    const row = terms.base[vehicle]! + stop * side
    const end = stops + 2 * vehicle + 1
    const [opens, closes, takes] = [ready[stop]!, due[stop]!, service[stop]!]
    let before = end - 1
    let place = at[before]!
    for (;;) {
      if (timed && departure[before]! > closes) return
      const after = next[before]!
      const afterPlace = after < stops ? after : at[after]!
      if (timed && opens + takes > latest[after]! && after < stops) {
        before = after // what follows begins too early, wherever this would come from
        place = afterPlace
        continue
      }
      const extra = costTo[row + place]! + cost[row + afterPlace]! - leg[after]!
      if (extra < best) {
        let fits = true
        if (timed) {
          let start = departure[before]! + durationTo[row + place]!
          fits = start <= closes
          if (start < opens) start = opens
          fits &&= start + takes + duration[row + afterPlace]! <= latest[after]!
        }
        if (fits) {
          if (blinks && --untilBlink < 0) untilBlink = nextBlink(random)
          else {
            best = extra
            bestBefore = before
            bestVehicle = vehicle
          }
        }
      }
      if (after >= stops) return
      before = after
      place = afterPlace
    }
  }

  /** The same for a route in use, looked up where it is known. */
  const recall = (plan: Plan, stop: number, vehicle: number): void => {
    const k = stop * vehicles + vehicle
    if (knownStamp[k] !== plan.stamp[vehicle]) {
      const [extra, before, by] = [best, bestBefore, bestVehicle]
      best = Infinity
      bestBefore = -1
      look(plan, stop, vehicle, false)
      knownStamp[k] = plan.stamp[vehicle]!
      knownExtra[k] = best
      knownBefore[k] = bestBefore
      best = extra
      bestBefore = before
      bestVehicle = by
    }
    if (knownExtra[k]! >= best) return
    if (--untilBlink < 0) {
      untilBlink = nextBlink(random)
      look(plan, stop, vehicle, true)
      return
    }
    best = knownExtra[k]!
    bestBefore = knownBefore[k]!
    bestVehicle = vehicle
  }

  const carries = (plan: Plan, stop: number, vehicle: number): boolean =>
    plan.load[vehicle]! + demand[stop]! <= terms.capacity[vehicle]! + 1e-9 &&
    (terms.needs[stop]! & ~terms.skills[vehicle]!) === 0

  return (plan, mostRoutes) => {
    sort(plan)
    const { absent, order, sizes } = plan
    let left = 0
    const waiting = sizes[0]!
    for (let i = 0; i < waiting; i += 1) {
      const stop = absent[i]!
      best = Infinity
      bestVehicle = -1
      const used = sizes[1]!
      for (let r = 0; r < used; r += 1) {
        const vehicle = order[r]!
        if (!carries(plan, stop, vehicle)) continue
        if (used < MANY_ROUTES) look(plan, stop, vehicle, true)
        else recall(plan, stop, vehicle)
      }
      if (used < mostRoutes) {
        round += 1
        for (let r = used, seen = 0; r < vehicles && seen < kinds; r += 1) {
          const vehicle = order[r]!
          if (tried[terms.kind[vehicle]!] === round) continue
          tried[terms.kind[vehicle]!] = round
          seen += 1
          if (carries(plan, stop, vehicle)) look(plan, stop, vehicle, true)
        }
      }
      if (bestVehicle < 0) absent[left++] = stop
      else insert(terms, plan, stop, bestBefore, bestVehicle)
    }
    sizes[0] = left
  }
}

/** How many places until the next blink: geometric, one draw a blink instead of one a place. */
const nextBlink = (random: Random): number => Math.floor(Math.log(1 - random()) / Math.log(1 - BLINK))

/** Orders of insertion with their weights (paper, sections 5.3 and 6.3); least key first, null is random. */
function ordersOf(terms: Terms): { weight: number; keys: Float64Array | null }[] {
  const { stops, at, side, cost, demand, ready, due } = terms
  const keys = (key: (stop: number) => number): Float64Array =>
    Float64Array.from({ length: stops }, (_, stop) => key(stop))
  const depot = at[stops]! * side
  const orders = [
    { weight: 4, keys: null },
    { weight: 4, keys: keys((s) => -demand[s]!) },
    { weight: 2, keys: keys((s) => -cost[depot + s]!) },
    { weight: 1, keys: keys((s) => cost[depot + s]!) },
  ]
  if (!terms.timed) return orders
  return [
    ...orders,
    { weight: 2, keys: keys((s) => due[s]! - ready[s]!) },
    { weight: 2, keys: keys((s) => ready[s]!) },
    { weight: 2, keys: keys((s) => -due[s]!) },
  ]
}
