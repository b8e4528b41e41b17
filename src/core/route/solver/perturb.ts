import { insert, refresh, remove, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Terms } from './terms.ts'

/** Changes a plan at random without making it worse in anything but cost. */
export type Perturb = (plan: Plan, attempts: number) => void

const NEAR = 30

/** Relocates stops, exchanges them, and swaps the tails of routes, each next to a near stop, wherever that is feasible. */
export function perturbation(terms: Terms, neighbours: Int32Array[], random: Random): Perturb {
  const { stops, side, at, duration, ready, due, service, demand, capacity, needs, skills, timed } = terms
  const hop = (base: number, a: number, b: number): number => duration[base + at[a]! * side + at[b]!]!

  /** Whether `stop` may stand between these two, given when the first is done and the second must begin. */
  const between = (plan: Plan, base: number, before: number, stop: number, after: number): boolean => {
    if (!timed) return true
    const start = Math.max(ready[stop]!, plan.departure[before]! + hop(base, before, stop))
    return start <= due[stop]! && start + service[stop]! + hop(base, stop, after) <= plan.latest[after]!
  }
  const allowed = (stop: number, vehicle: number): boolean => (needs[stop]! & ~skills[vehicle]!) === 0

  function relocate(plan: Plan, a: number, b: number): void {
    const [from, to] = [plan.routeOf[a]!, plan.routeOf[b]!]
    if (plan.count[from] === 1 || !allowed(a, to)) return
    if (plan.load[to]! + demand[a]! > capacity[to]! + 1e-9) return
    const before = random() < 0.5 ? b : plan.previous[b]!
    if (!between(plan, terms.base[to]!, before, a, plan.next[before]!)) return
    move(plan, a, before, to)
  }

  function move(plan: Plan, stop: number, before: number, vehicle: number): void {
    const from = plan.routeOf[stop]!
    remove(terms, plan, stop)
    plan.sizes[0]! -= 1 // it was put last on the list of absent stops, and leaves it at once
    refresh(terms, plan, from)
    insert(terms, plan, stop, before, vehicle)
  }

  function exchange(plan: Plan, a: number, b: number): void {
    const [r, s] = [plan.routeOf[a]!, plan.routeOf[b]!]
    if (!allowed(a, s) || !allowed(b, r)) return
    const change = demand[a]! - demand[b]!
    if (plan.load[s]! + change > capacity[s]! + 1e-9 || plan.load[r]! - change > capacity[r]! + 1e-9) return
    const [aBefore, bBefore] = [plan.previous[a]!, plan.previous[b]!]
    if (!between(plan, terms.base[s]!, bBefore, a, plan.next[b]!)) return
    if (!between(plan, terms.base[r]!, aBefore, b, plan.next[a]!)) return
    remove(terms, plan, a)
    remove(terms, plan, b)
    plan.sizes[0]! -= 2
    refresh(terms, plan, r)
    refresh(terms, plan, s)
    insert(terms, plan, a, bBefore, s)
    insert(terms, plan, b, aBefore, r)
  }

  /** Swaps what follows a with what follows b; only between interchangeable vehicles, whose times compare. */
  function swapTails(plan: Plan, a: number, b: number): void {
    const [r, s] = [plan.routeOf[a]!, plan.routeOf[b]!]
    if (terms.kind[r] !== terms.kind[s]) return
    const [aNext, bNext] = [plan.next[a]!, plan.next[b]!]
    const base = terms.base[r]!
    // An end's row is the same for both vehicles, so either end serves for the check.
    if (timed && plan.departure[a]! + hop(base, a, bNext) > plan.latest[bNext]!) return
    if (timed && plan.departure[b]! + hop(base, b, aNext) > plan.latest[aNext]!) return
    let [aTail, bTail] = [0, 0]
    for (let node = aNext; node < stops; node = plan.next[node]!) aTail += demand[node]!
    for (let node = bNext; node < stops; node = plan.next[node]!) bTail += demand[node]!
    if (plan.load[r]! - aTail + bTail > capacity[r]! + 1e-9) return
    if (plan.load[s]! - bTail + aTail > capacity[s]! + 1e-9) return
    const [aList, bList] = [tail(plan, aNext), tail(plan, bNext)]
    for (const stop of [...aList, ...bList]) remove(terms, plan, stop)
    plan.sizes[0]! -= aList.length + bList.length
    refresh(terms, plan, r)
    refresh(terms, plan, s)
    let before = a
    for (const stop of bList) {
      insert(terms, plan, stop, before, r)
      before = stop
    }
    before = b
    for (const stop of aList) {
      insert(terms, plan, stop, before, s)
      before = stop
    }
  }
  const tail = (plan: Plan, first: number): number[] => {
    const list: number[] = []
    for (let node = first; node < stops; node = plan.next[node]!) list.push(node)
    return list
  }

  return (plan, attempts) => {
    for (let i = 0; i < attempts; i += 1) {
      const a = Math.floor(random() * stops)
      const near = neighbours[a]!
      if (near.length < 2) return
      const b = near[1 + Math.floor(random() * Math.min(NEAR, near.length - 1))]!
      const [r, s] = [plan.routeOf[a]!, plan.routeOf[b]!]
      if (r < 0 || s < 0 || r === s) continue
      const dice = random()
      if (dice < 0.4) relocate(plan, a, b)
      else if (dice < 0.7) exchange(plan, a, b)
      else swapTails(plan, a, b)
    }
  }
}
