import { insert, refresh, remove, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Terms } from './terms.ts'

/** At most so many stops make room for one. */
const MOST_EJECTED = 3
/** Longer routes than this have too many sets of three. */
const LONG_ROUTE = 25

/** Routes of so many nearest stops are looked at. */
const NEAR = 100

/**
 * Takes one absent stop, any, and puts it where it fits, or else where others must go: those whose penalties have the
 * least sum. Does nothing where even that fails, or those are together harder to place.
 */
export type Eject = (plan: Plan, penalties: Float64Array) => void

/**
 * Insertion by ejection (Nagata and Bräysy, Operations Research Letters 37, 2009): a lexicographic search over sets of
 * up to three stops of a route, by the sum of how often each has been hard to place. Smaller sets are tried first, for
 * their sums cut off most of the larger ones.
 */
export function ejector(terms: Terms, neighbours: Int32Array[], random: Random): Eject {
  const { stops, side, at, duration, durationTo, ready, due, service, demand, capacity, timed } = terms

  function drop(plan: Plan, stop: number): void {
    const last = --plan.sizes[0]!
    plan.absent[plan.absent.indexOf(stop)] = plan.absent[last]!
  }

  function place(plan: Plan, stop: number): boolean {
    const { next, departure, latest, order } = plan
    let [found, chosenBefore, chosenVehicle] = [0, -1, -1]
    for (let r = 0; r < plan.sizes[1]!; r += 1) {
      const vehicle = order[r]!
      if ((terms.needs[stop]! & ~terms.skills[vehicle]!) !== 0) continue
      if (plan.load[vehicle]! + demand[stop]! > capacity[vehicle]! + 1e-9) continue
      const row = terms.base[vehicle]! + stop * side
      const end = stops + 2 * vehicle + 1
      for (let before = end - 1; before !== end; before = next[before]!) {
        if (timed) {
          if (departure[before]! > due[stop]!) break
          const after = next[before]!
          const arrival = departure[before]! + durationTo[row + at[before]!]!
          const start = arrival > ready[stop]! ? arrival : ready[stop]!
          if (start > due[stop]! || start + service[stop]! + duration[row + at[after]!]! > latest[after]!)
            continue
        }
        found += 1
        if (random() * found < 1) [chosenBefore, chosenVehicle] = [before, vehicle]
      }
    }
    if (found === 0) return false
    drop(plan, stop)
    insert(terms, plan, stop, chosenBefore, chosenVehicle)
    return true
  }

  // The route under search, its ends included, in plain arrays.
  const line = new Int32Array(stops + 2)
  const row = new Int32Array(stops + 2)
  const opens = new Float64Array(stops + 2)
  const closes = new Float64Array(stops + 2)
  const takes = new Float64Array(stops + 2)
  const frees = new Float64Array(stops + 2)
  const price = new Float64Array(stops + 2)
  const leaves = new Float64Array(stops + 2)
  const until = new Float64Array(stops + 2)
  const inTime = new Uint8Array(stops + 2)
  let last = 0 // index of the route's end

  const chosen = new Int32Array(MOST_EJECTED)
  const best = new Int32Array(MOST_EJECTED)
  let [bestSum, bestSize, bestNode, bestVehicle, ties] = [Infinity, 0, -1, -1, 0]
  let [vehicle, base, position, overload, most, stopRow, stopOpens, stopCloses, stopTakes] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0,
  ]

  function load(plan: Plan, penalties: Float64Array): void {
    base = terms.base[vehicle]!
    const end = stops + 2 * vehicle + 1
    let i = 0
    for (let node = end - 1; ; node = plan.next[node]!, i += 1) {
      line[i] = node
      row[i] = at[node]!
      opens[i] = ready[node]!
      closes[i] = due[node]!
      takes[i] = service[node]!
      leaves[i] = plan.departure[node]!
      until[i] = plan.latest[node]!
      if (node < stops) {
        frees[i] = demand[node]!
        price[i] = penalties[node]!
      }
      if (node === end) break
    }
    last = i
  }

  function record(size: number, sum: number): void {
    if (size !== most) return // a smaller set that was found before
    if (sum < bestSum) ties = 1
    else if (random() * ++ties >= 1) return
    bestSum = sum
    bestSize = size
    bestNode = line[position]!
    bestVehicle = vehicle
    for (let k = 0; k < size; k += 1) best[k] = line[chosen[k]!]!
  }

  /**
   * The stop is not in yet: `i` is next, behind a stop in matrix row `from` that is left at `clock`. It may come in
   * right after a stop that stays; after one that goes, that would be the same as before it.
   */
  function ahead(
    i: number,
    from: number,
    clock: number,
    size: number,
    sum: number,
    relief: number,
    kept: boolean,
  ): void {
    for (; ; i += 1) {
      if (timed && clock > stopCloses) return
      if (kept && (overload > 0 || !inTime[i])) {
        position = i - 1
        put(i, from, clock, size, sum, relief)
      }
      if (i === last) return
      if (size < most && sum + price[i]! <= bestSum) {
        chosen[size] = i
        ahead(i + 1, from, clock, size + 1, sum + price[i]!, relief + frees[i]!, false)
      }
      if (timed) {
        clock += duration[base + from * side + row[i]!]!
        if (clock < opens[i]!) clock = opens[i]!
        else if (clock > closes[i]!) return
        clock += takes[i]!
      }
      from = row[i]!
      kept = true
    }
  }

  function put(i: number, from: number, clock: number, size: number, sum: number, relief: number): void {
    if (timed) {
      clock += durationTo[stopRow + from]!
      if (clock < stopOpens) clock = stopOpens
      else if (clock > stopCloses) return
      clock += stopTakes
    }
    behind(i, stopRow, clock, size, sum, relief)
  }

  /** The same behind the place; `from` is where the matrix row begins. */
  function behind(i: number, from: number, clock: number, size: number, sum: number, relief: number): void {
    const enough = relief + 1e-9 >= overload
    for (;;) {
      let arrival = 0
      if (timed) arrival = clock + duration[from + row[i]!]!
      if (enough && (!timed || arrival <= until[i]!)) {
        record(size, sum)
        return
      }
      if (i === last) return
      if (size < most && sum + price[i]! <= bestSum) {
        chosen[size] = i
        behind(i + 1, from, clock, size + 1, sum + price[i]!, relief + frees[i]!)
      }
      if (timed) {
        if (arrival > closes[i]!) return
        clock = (arrival < opens[i]! ? opens[i]! : arrival) + takes[i]!
      }
      from = base + row[i]! * side
      i += 1
    }
  }

  function searchRoute(): void {
    for (let i = 1; i <= last; i += 1) {
      if (timed && leaves[i - 1]! > stopCloses) break
      position = i - 1
      put(i, row[i - 1]!, leaves[i - 1]!, 0, 0, 0)
    }
    // Who arrives too early gains no time by leaving out what comes before.
    for (let i = 1; i <= last; i += 1)
      inTime[i] = timed && leaves[i - 1]! + durationTo[stopRow + row[i - 1]!]! <= stopOpens ? 1 : 0
    for (let i = 1; i < last; i += 1) {
      if (timed && leaves[i - 1]! > stopCloses) return
      if (price[i]! > bestSum) continue
      chosen[0] = i
      ahead(i + 1, row[i - 1]!, leaves[i - 1]!, 1, price[i]!, frees[i]!, false)
    }
  }

  const routes = new Int32Array(terms.vehicles)
  const seen = new Uint32Array(terms.vehicles)
  let round = 0
  /** Puts the routes of the nearest stops into `routes`; gives how many. */
  function nearRoutes(plan: Plan, stop: number): number {
    const near = neighbours[stop]!
    let count = 0
    round += 1
    for (let i = 0; i < near.length && i < NEAR; i += 1) {
      const route = plan.routeOf[near[i]!]!
      if (route < 0 || seen[route] === round) continue
      seen[route] = round
      routes[count++] = route
    }
    return count
  }

  function squeeze(plan: Plan, stop: number, penalties: Float64Array): void {
    bestSum = penalties[stop]! // whoever is harder to place stays: nothing would be gained
    bestVehicle = -1
    stopOpens = ready[stop]!
    stopCloses = due[stop]!
    stopTakes = service[stop]!
    const near = nearRoutes(plan, stop)
    for (most = 1; most <= MOST_EJECTED; most += 1) {
      for (let r = 0; r < near; r += 1) {
        vehicle = routes[r]!
        if (most === MOST_EJECTED && plan.count[vehicle]! > LONG_ROUTE) continue
        if ((terms.needs[stop]! & ~terms.skills[vehicle]!) !== 0 || demand[stop]! > capacity[vehicle]!)
          continue
        load(plan, penalties)
        stopRow = base + stop * side
        overload = plan.load[vehicle]! + demand[stop]! - capacity[vehicle]!
        searchRoute()
      }
    }
    if (bestVehicle < 0) return
    drop(plan, stop)
    for (let k = 0; k < bestSize; k += 1) {
      while (bestNode === best[k]) bestNode = plan.previous[bestNode]!
      remove(terms, plan, best[k]!)
    }
    refresh(terms, plan, bestVehicle)
    insert(terms, plan, stop, bestNode, bestVehicle)
  }

  return (plan, penalties) => {
    const stop = plan.absent[Math.floor(random() * plan.sizes[0]!)]!
    if (!place(plan, stop)) squeeze(plan, stop, penalties)
  }
}
