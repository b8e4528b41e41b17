import { insert, type Plan, type Terms } from './plan.ts'
import type { Random } from './random.ts'

/** Share of places that are overlooked, so that the same stops come back in other ways. */
const BLINK = 0.01

/** Puts absent stops back, opening at most `mostRoutes` routes; what fits nowhere stays absent. */
export type Recreate = (plan: Plan, mostRoutes: number) => void

/** Greedy insertion with blinks (Christiaens and Vanden Berghe 2020, algorithm 3). */
export function greedyInsertion(terms: Terms, random: Random): Recreate {
  const { stops, vehicles, side, at, cost, duration, ready, due, service, demand, timed } = terms
  const orders = ordersOf(terms)
  const weights = orders.reduce((sum, o) => sum + o.weight, 0)
  const key = new Float64Array(stops)
  const tried = new Uint32Array(vehicles)
  let round = 0
  let untilBlink = nextBlink(random)

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

  return (plan, mostRoutes) => {
    sort(plan)
    const { next, earliest, latest, count, load, absent, sizes } = plan
    let left = 0
    const waiting = sizes[0]!
    for (let i = 0; i < waiting; i += 1) {
      const stop = absent[i]!
      const [place, stopReady, stopDue, stopService] = [at[stop]!, ready[stop]!, due[stop]!, service[stop]!]
      let [best, bestBefore, bestVehicle] = [Infinity, -1, -1]
      round += 1
      for (let vehicle = 0; vehicle < vehicles; vehicle += 1) {
        if (load[vehicle]! + demand[stop]! > terms.capacity[vehicle]! + 1e-9) continue
        if ((terms.needs[stop]! & ~terms.skills[vehicle]!) !== 0) continue
        const fresh = count[vehicle] === 0
        if (fresh) {
          if (sizes[1]! >= mostRoutes || tried[terms.kind[vehicle]!] === round) continue
          tried[terms.kind[vehicle]!] = round
        }
        const base = terms.base[vehicle]!
        const end = stops + 2 * vehicle + 1
        const toRow = base + place * side
        let node = end - 1
        let nodeRow = base + at[node]! * side
        while (node !== end) {
          const after = next[node]!
          const afterPlace = at[after]!
          const row = nodeRow
          const before = node
          node = after
          nodeRow = base + afterPlace * side
          if (timed) {
            const leave = earliest[before]! + service[before]!
            if (leave > stopDue) break
            let start = leave + duration[row + place]!
            if (start > stopDue) continue
            if (start < stopReady) start = stopReady
            if (start + stopService + duration[toRow + afterPlace]! > latest[after]!) continue
          }
          if (--untilBlink < 0) {
            untilBlink = nextBlink(random)
            continue
          }
          const extra = cost[row + place]! + cost[toRow + afterPlace]! - (fresh ? 0 : cost[row + afterPlace]!)
          if (extra < best) {
            best = extra
            bestBefore = before
            bestVehicle = vehicle
          }
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
    { weight: 2, keys: keys((s) => -cost[depot + at[s]!]!) },
    { weight: 1, keys: keys((s) => cost[depot + at[s]!]!) },
  ]
  if (!terms.timed) return orders
  return [
    ...orders,
    { weight: 2, keys: keys((s) => due[s]! - ready[s]!) },
    { weight: 2, keys: keys((s) => ready[s]!) },
    { weight: 2, keys: keys((s) => -due[s]!) },
  ]
}
