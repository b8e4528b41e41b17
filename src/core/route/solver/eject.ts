import { insert, refresh, remove, type Plan, type Terms } from './plan.ts'
import type { Random } from './random.ts'

/** At most so many stops make room for one. */
const MOST_EJECTED = 3

interface Ejection {
  before: number
  vehicle: number
  stops: number[]
}

/** Puts stops into a plan that has no room for them. */
export interface Ejector {
  /** Takes an absent stop off the list and puts it where it fits, at random; false if it fits nowhere. */
  place(plan: Plan, stop: number): boolean
  /** Puts it where others must go, those that have been the easiest to place so far; false where even that fails. */
  squeeze(plan: Plan, stop: number, penalties: Float64Array): boolean
}

/**
 * Insertion by ejection (Nagata and Bräysy, Operations Research Letters 37, 2009): a lexicographic search over sets of
 * up to three stops of a route, by the sum of how often each has been hard to place.
 */
export function ejector(terms: Terms, random: Random): Ejector {
  const { stops, vehicles, side, at, duration, ready, due, service, demand, capacity, needs, skills, timed } =
    terms
  const hop = (base: number, a: number, b: number): number => duration[base + at[a]! * side + at[b]!]!

  function fits(plan: Plan, stop: number, before: number, vehicle: number): boolean {
    if (!timed) return true
    const base = terms.base[vehicle]!
    const after = plan.next[before]!
    const start = Math.max(ready[stop]!, plan.earliest[before]! + service[before]! + hop(base, before, stop))
    return start <= due[stop]! && start + service[stop]! + hop(base, stop, after) <= plan.latest[after]!
  }

  function drop(plan: Plan, stop: number): void {
    const last = --plan.sizes[0]!
    const index = plan.absent.indexOf(stop)
    plan.absent[index] = plan.absent[last]!
  }

  function place(plan: Plan, stop: number): boolean {
    let [found, chosenBefore, chosenVehicle] = [0, -1, -1]
    for (let vehicle = 0; vehicle < vehicles; vehicle += 1) {
      if (plan.count[vehicle] === 0 || (needs[stop]! & ~skills[vehicle]!) !== 0) continue
      if (plan.load[vehicle]! + demand[stop]! > capacity[vehicle]! + 1e-9) continue
      const end = stops + 2 * vehicle + 1
      for (let before = end - 1; before !== end; before = plan.next[before]!)
        if (fits(plan, stop, before, vehicle) && random() * ++found < 1)
          [chosenBefore, chosenVehicle] = [before, vehicle]
    }
    if (found === 0) return false
    drop(plan, stop)
    insert(terms, plan, stop, chosenBefore, chosenVehicle)
    return true
  }

  const chosen = new Int32Array(MOST_EJECTED)
  const best = new Int32Array(MOST_EJECTED)

  function squeeze(plan: Plan, stop: number, penalties: Float64Array): boolean {
    let [bestSum, bestSize, bestBefore, bestVehicle, ties] = [Infinity, 0, -1, -1, 0]
    let [vehicle, base, end, place, overload] = [0, 0, 0, 0, 0]

    const record = (size: number, sum: number): void => {
      ties = sum < bestSum ? 1 : ties + 1
      if (ties > 1 && random() * ties >= 1) return
      ;[bestSum, bestSize, bestBefore, bestVehicle] = [sum, size, place, vehicle]
      for (let i = 0; i < size; i += 1) best[i] = chosen[i]!
    }

    /** `node` is next in line behind `last`, which starts at `start`; the stop itself has its turn right after `place`. */
    const go = (
      last: number,
      start: number,
      node: number,
      placed: boolean,
      size: number,
      sum: number,
      relief: number,
    ): void => {
      // prettier-ignore
      let [here, begin, next, done] = [last, start, node, placed]
      for (;;) {
        if (done && relief + 1e-9 >= overload && arrives(here, begin, next)) {
          record(size, sum)
          return
        }
        if (next === end) return
        if (size < MOST_EJECTED && sum + penalties[next]! <= bestSum) {
          chosen[size] = next
          const passed = next === place
          const [from, time] = passed ? afterStop(here, begin) : [here, begin]
          if (from >= 0)
            go(from, time, plan.next[next]!, done || passed, size + 1, sum + penalties[next]!, relief + demand[next]!) // prettier-ignore
        }
        begin = timed ? Math.max(ready[next]!, begin + service[here]! + hop(base, here, next)) : 0
        if (timed && begin > due[next]!) return
        here = next
        if (next === place) {
          ;[here, begin] = afterStop(here, begin)
          if (here < 0) return
          done = true
        }
        next = plan.next[next]!
      }
    }
    const arrives = (here: number, begin: number, next: number): boolean =>
      !timed || begin + service[here]! + hop(base, here, next) <= plan.latest[next]!
    const result: [number, number] = [0, 0]
    const afterStop = (here: number, begin: number): [number, number] => {
      const start = timed ? Math.max(ready[stop]!, begin + service[here]! + hop(base, here, stop)) : 0
      result[0] = timed && start > due[stop]! ? -1 : stop
      result[1] = start
      return result
    }

    for (vehicle = 0; vehicle < vehicles; vehicle += 1) {
      if (plan.count[vehicle] === 0 || (needs[stop]! & ~skills[vehicle]!) !== 0) continue
      if (demand[stop]! > capacity[vehicle]!) continue
      base = terms.base[vehicle]!
      end = stops + 2 * vehicle + 1
      overload = plan.load[vehicle]! + demand[stop]! - capacity[vehicle]!
      const first = end - 1
      for (place = first; place !== end; place = plan.next[place]!) {
        if (place !== first) go(first, plan.earliest[first]!, plan.next[first]!, false, 0, 0, 0)
        else {
          const [from, time] = afterStop(first, plan.earliest[first]!)
          if (from >= 0) go(from, time, plan.next[first]!, true, 0, 0, 0)
        }
      }
    }
    if (bestVehicle < 0) return false
    drop(plan, stop)
    let before = bestBefore
    for (let i = 0; i < bestSize; i += 1) {
      if (best[i] === before) before = plan.previous[before]!
      remove(terms, plan, best[i]!)
    }
    // A stop before `before` may be among the ejected as well.
    while (before < stops && plan.routeOf[before] !== bestVehicle) before = plan.previous[before]!
    link(plan, stop, before, bestVehicle)
    return true
  }

  function link(plan: Plan, stop: number, before: number, vehicle: number): void {
    refresh(terms, plan, vehicle)
    insert(terms, plan, stop, before, vehicle)
    refresh(terms, plan, vehicle)
  }

  return { place, squeeze }
}
