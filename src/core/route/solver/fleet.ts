import type { Annealer } from './anneal.ts'
import { copyPlan, refresh, remove, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Terms } from './terms.ts'

/** Share of the budget for putting every stop into some vehicle, and then for needing fewer vehicles. */
const COMPLETION_SHARE = 0.4
const FLEET_SHARE = 0.88
/**
 * Success comes early or not at all: several short coolings, each from another dissolved route, beat a long one. The
 * first takes so many rounds a stop, each next one more of them. They begin cooler than a search for the shortest way
 * does: what counts here is what is absent, and heat only loosens the rest.
 */
const ROUNDS_A_STOP = 60
const LONGER = 1.25
const HOT = 1.5

export interface Fleet {
  terms: Terms
  annealer: Annealer
  /** The best plan so far, replaced by better ones. */
  best: Plan
  random: Random
}

/** Tries to put what is absent into the vehicles that there are. */
export function completePlan(fleet: Fleet): void {
  attempts(fleet, fleet.terms.vehicles, COMPLETION_SHARE)
}

/** Tries to make the complete plan do with one vehicle fewer, again and again, until the load needs every one. */
export function reduceFleet(fleet: Fleet, fewest: number): void {
  while (fleet.best.sizes[1]! > fewest && attempts(fleet, fleet.best.sizes[1]! - 1, FLEET_SHARE));
}

/** Looks for a complete plan of at most so many routes; false once the share of the budget is spent. */
function attempts({ terms, annealer, best, random }: Fleet, mostRoutes: number, until: number): boolean {
  const { current, absences } = annealer
  const found = (): boolean => {
    if (current.sizes[0] === 0 || current.sizes[0]! < best.sizes[0]!) copyPlan(best, current)
    return current.sizes[0] === 0
  }
  for (let rounds = ROUNDS_A_STOP * terms.stops; ; rounds *= LONGER) {
    copyPlan(current, best)
    for (let stop = 0; stop < terms.stops; stop += 1) absences[stop] = 1 + 3 * random()
    while (current.sizes[1]! > mostRoutes) dissolve(terms, current, absences)
    const share = annealer.cool({ until, rounds, hot: HOT, mostRoutes, found })
    if (current.sizes[0] === 0) return true
    if (share >= until) return false
  }
}

/** Empties the route whose stops have been the easiest to place. */
function dissolve(terms: Terms, plan: Plan, absences: Float64Array): void {
  const sums = new Float64Array(terms.vehicles)
  for (let stop = 0; stop < terms.stops; stop += 1)
    if (plan.routeOf[stop]! >= 0) sums[plan.routeOf[stop]!]! += absences[stop]!
  let easiest = -1
  for (let r = 0; r < plan.sizes[1]!; r += 1) {
    const vehicle = plan.order[r]!
    if (easiest < 0 || sums[vehicle]! < sums[easiest]!) easiest = vehicle
  }
  for (let stop = 0; stop < terms.stops; stop += 1)
    if (plan.routeOf[stop] === easiest) remove(terms, plan, stop)
  refresh(terms, plan, easiest)
}
