import { copyPlan, emptyPlan, refresh, remove, solutionOf, termsOf, type Plan, type Terms } from './plan.ts'
import { fewestVehicles, type Objective, type Problem, type Solution } from './problem.ts'
import type { Random } from './random.ts'
import { ejectionChains } from './ejection-chains.ts'
import { greedyInsertion } from './recreate.ts'
import { neighboursOf, stringRemoval } from './ruin.ts'

export interface SolveOptions {
  objective: Objective
  /** Milliseconds of any monotonic clock; the search ends when it reaches `until`. */
  now: () => number
  until: number
  random: Random
  /** Ends the search after this many rounds even if there is time: makes a run repeatable. */
  rounds?: number
}

/** Temperatures in multiples of the mean leg (the paper starts at 100 and ends at 1, with legs of about 10). */
const HOT = 5
const COLD = 0.03
/** Share of the time that reducing the number of vehicles may take, in so many attempts that each start afresh. */
const FLEET_SHARE = 0.7
const FLEET_ATTEMPTS = 5
/** Share of an attempt that is annealing. */
const ANNEALED = 0.75
const CLOCK_EVERY = 32

const cooling = (progress: number): number => HOT * Math.pow(COLD / HOT, progress)

/**
 * Slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 54(2), 2020): ruin,
 * recreate, accept by simulated annealing; fleet minimisation by absence counters. A stop is left unassigned only
 * where the search found no vehicle for it.
 */
export function solve(problem: Problem, options: SolveOptions): Solution {
  const { objective, now, until, random, rounds = Infinity } = options
  const terms = termsOf(problem)
  const recreate = greedyInsertion(terms, random)
  const neighbours = neighboursOf(terms)
  const ruin = stringRemoval(terms, neighbours, random)
  const [current, trial, best] = [emptyPlan(terms), emptyPlan(terms), emptyPlan(terms)]
  const absences = new Float64Array(terms.stops).fill(1)
  const begin = now()
  let spent = 0

  recreate(current, terms.vehicles)
  copyPlan(best, current)
  const meanLeg = current.total[0]! / Math.max(1, terms.stops - current.sizes[0]! + current.sizes[1]!)

  /** One phase of annealing. `found` is told of each complete plan and may change the current one. */
  const anneal = (
    share: number,
    heatAt: (progress: number) => number,
    mostRoutes: () => number,
    found: () => boolean,
  ): void => {
    const from = now()
    const end = Math.min(until, begin + (until - begin) * share)
    const firstRound = spent
    const lastRound = rounds * share
    let heat = meanLeg * heatAt(0)
    for (; spent < lastRound; spent += 1) {
      if (spent % CLOCK_EVERY === 0) {
        const time = now()
        if (time >= end) break
        const progress =
          rounds < Infinity ? (spent - firstRound) / (lastRound - firstRound) : (time - from) / (end - from)
        heat = meanLeg * heatAt(progress)
      }
      copyPlan(trial, current)
      ruin(trial)
      recreate(trial, mostRoutes())
      if (accept(trial, heat)) {
        copyPlan(current, trial)
        if (found()) break
      }
      for (let i = 0; i < trial.sizes[0]!; i += 1) absences[trial.absent[i]!]! += 1
    }
  }

  const weight = (plan: Plan): number => {
    let sum = 0
    for (let i = 0; i < plan.sizes[0]!; i += 1) sum += absences[plan.absent[i]!]!
    return sum
  }
  /** Complete plans compete by cost; incomplete ones by how hard their absent stops are to place. */
  const accept = (plan: Plan, heat: number): boolean => {
    const [missing, before] = [plan.sizes[0]!, current.sizes[0]!]
    if (missing === 0 && before > 0) return true
    if (missing > 0) {
      if (before === 0) return false
      const [sum, sumBefore] = [weight(plan), weight(current)]
      if (sum < sumBefore) return true
      if (sum > sumBefore) return false
    }
    return plan.total[0]! < current.total[0]! - heat * Math.log(1 - random())
  }
  const better = (a: Plan, b: Plan): boolean =>
    a.sizes[0]! !== b.sizes[0]! ? a.sizes[0]! < b.sizes[0]! : a.total[0]! < b.total[0]! - 1e-9

  if (objective === 'vehicles' && terms.stops > 0) {
    const fewest = fewestVehicles(problem)
    let routes = current.sizes[0] === 0 ? current.sizes[1]! : terms.vehicles
    const reduce = (): boolean => {
      if (current.sizes[0]! > 0) {
        if (better(current, best)) copyPlan(best, current)
        return false
      }
      copyPlan(best, current)
      routes = current.sizes[1]!
      if (routes <= fewest) return true
      dissolve(terms, current, absences)
      routes -= 1
      return false
    }
    // Success comes early or not at all: several short coolings, each from another dissolved route, beat a long one.
    // What a cooling leaves absent, ejection chains may still place.
    const complete = ejectionChains(terms, neighbours, random)
    let done = reduce()
    for (let attempt = 0; attempt < FLEET_ATTEMPTS && !done; attempt += 1) {
      if (attempt > 0) restart(terms, current, best, absences, random)
      const shareUntil = (part: number): number => (FLEET_SHARE * (attempt + part)) / FLEET_ATTEMPTS
      anneal(shareUntil(ANNEALED), cooling, () => routes, () => (done = reduce())) // prettier-ignore
      const end = begin + (until - begin) * shareUntil(1)
      const timeIsUp = (): boolean => (spent += 1) >= rounds * shareUntil(1) || now() >= end
      while (!done && complete(current, absences, timeIsUp)) done = reduce()
    }
    copyPlan(current, best)
  }
  const cap = objective === 'vehicles' && best.sizes[0] === 0 ? Math.max(1, best.sizes[1]!) : terms.vehicles
  anneal(
    1,
    cooling,
    () => cap,
    () => {
      if (better(current, best)) copyPlan(best, current)
      return false
    },
  )
  return solutionOf(terms, best)
}

/** Back to the best plan, another route dissolved, what was hard to place forgotten. */
function restart(terms: Terms, current: Plan, best: Plan, absences: Float64Array, random: Random): void {
  copyPlan(current, best)
  for (let stop = 0; stop < terms.stops; stop += 1) absences[stop] = 1 + 3 * random()
  if (current.sizes[0] === 0) dissolve(terms, current, absences)
}

/** Empties the route whose stops have been the easiest to place. */
function dissolve(terms: Terms, plan: Plan, absences: Float64Array): void {
  const sums = new Float64Array(terms.vehicles)
  for (let stop = 0; stop < terms.stops; stop += 1) sums[plan.routeOf[stop]!]! += absences[stop]!
  let easiest = -1
  for (let v = 0; v < terms.vehicles; v += 1)
    if (plan.count[v]! > 0 && (easiest < 0 || sums[v]! < sums[easiest]!)) easiest = v
  for (let stop = 0; stop < terms.stops; stop += 1)
    if (plan.routeOf[stop] === easiest) remove(terms, plan, stop)
  refresh(terms, plan, easiest)
}
