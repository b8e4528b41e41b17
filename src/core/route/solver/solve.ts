import { createAnnealer } from './anneal.ts'
import { createBudget, type BudgetOptions } from './budget.ts'
import { completePlan, reduceFleet } from './fleet.ts'
import { copyPlan, emptyPlan, solutionOf } from './plan.ts'
import { fewestVehicles, type Objective, type Problem, type Solution } from './problem.ts'
import type { Random } from './random.ts'
import { termsOf } from './terms.ts'

/** First temperature of the search for the shortest way, in multiples of the mean leg. */
const HOT = 5

export interface SolveOptions extends BudgetOptions {
  objective: Objective
  random: Random
}

/**
 * Plans routes: first all stops into the vehicles that there are, then perhaps into fewer, then the way as short as
 * it gets. A stop is left unassigned only where the search found no vehicle for it.
 */
export function solve(problem: Problem, options: SolveOptions): Solution {
  const { objective, random } = options
  const terms = termsOf(problem)
  const annealer = createAnnealer(terms, createBudget(options), random)
  const { current } = annealer
  annealer.fill(terms.vehicles)
  const best = emptyPlan(terms)
  copyPlan(best, current)
  const fleet = { terms, annealer, best, random }
  if (best.sizes[0]! > 0) completePlan(fleet)
  if (objective === 'vehicles' && best.sizes[0] === 0) reduceFleet(fleet, fewestVehicles(problem))
  copyPlan(current, best)
  const whole = best.sizes[0] === 0
  annealer.cool({
    until: 1,
    hot: HOT,
    mostRoutes: objective === 'vehicles' && whole ? Math.max(1, best.sizes[1]!) : terms.vehicles,
    found: () => {
      const [missing, before] = [current.sizes[0]!, best.sizes[0]!]
      if (missing < before || (missing === before && current.total[0]! < best.total[0]! - 1e-9))
        copyPlan(best, current)
      return false
    },
  })
  return solutionOf(terms, best)
}
