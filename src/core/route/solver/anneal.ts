import type { Budget } from './budget.ts'
import { ejector } from './eject.ts'
import { neighboursOf } from './neighbours.ts'
import { copyPlan, emptyPlan, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import { greedyInsertion } from './recreate.ts'
import { stringRemoval } from './ruin.ts'
import type { Terms } from './terms.ts'

/** The last temperature, in multiples of the mean leg. */
const COLD = 0.03
/** While stops are absent, each so many rounds one of them is squeezed in, others thrown out (not in the paper). */
const SQUEEZE_EVERY = 10

export interface Cooling {
  /** Ends when this share of the budget is spent, or after so many rounds, which then set the pace of cooling. */
  until: number
  rounds?: number
  /** The first temperature, in multiples of the mean leg (the paper: 100 where legs are about 10). */
  hot: number
  mostRoutes: number
  /** Asked after each change of the current plan; true ends the cooling. */
  found: () => boolean
}

export interface Annealer {
  readonly current: Plan
  /** How often each stop has been left out: how hard it is to place. */
  readonly absences: Float64Array
  /** Puts in what is absent, greedily. */
  fill(mostRoutes: number): void
  /** Changes the current plan until the cooling is over; gives the share of the budget that is spent then. */
  cool(cooling: Cooling): number
}

/**
 * Slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 54(2), 2020): ruin,
 * recreate, accept by simulated annealing. Incomplete plans compete by how hard their absent stops are to place.
 */
export function createAnnealer(terms: Terms, budget: Budget, random: Random): Annealer {
  const [current, trial] = [emptyPlan(terms), emptyPlan(terms)]
  const absences = new Float64Array(terms.stops).fill(1)
  const neighbours = neighboursOf(terms)
  const recreate = greedyInsertion(terms, random)
  const ruin = stringRemoval(terms, neighbours, random)
  const eject = ejector(terms, neighbours, random)
  let meanLeg = 0

  const weight = (plan: Plan): number => {
    let sum = 0
    for (let i = 0; i < plan.sizes[0]!; i += 1) sum += absences[plan.absent[i]!]!
    return sum
  }
  /** Complete plans compete by cost; incomplete ones by how hard their absent stops are to place, then by cost. */
  const accepts = (heat: number): boolean => {
    const [missing, before] = [trial.sizes[0]!, current.sizes[0]!]
    if (missing === 0 && before > 0) return true
    if (missing > 0) {
      if (before === 0) return false
      const [sum, sumBefore] = [weight(trial), weight(current)]
      if (sum !== sumBefore) return sum < sumBefore
    }
    return trial.total[0]! < current.total[0]! - heat * Math.log(1 - random())
  }

  return {
    current,
    absences,
    fill: (mostRoutes) => {
      recreate(current, mostRoutes)
      const legs = terms.stops - current.sizes[0]! + current.sizes[1]!
      meanLeg = current.total[0]! / Math.max(1, legs)
    },
    cool: ({ until, rounds = Infinity, hot, mostRoutes, found }) => {
      let share = budget.spend()
      const from = share
      let heat = 0
      for (let round = 0; round < rounds && share < until; round += 1) {
        if (round % 32 === 0) {
          const progress = rounds < Infinity ? round / rounds : (share - from) / (until - from)
          heat = meanLeg * hot * Math.pow(COLD / hot, progress)
        }
        copyPlan(trial, current)
        if (current.sizes[0]! > 0 && round % SQUEEZE_EVERY === 0) eject(trial, absences)
        else {
          ruin(trial)
          recreate(trial, mostRoutes)
        }
        for (let i = 0; i < trial.sizes[0]!; i += 1) absences[trial.absent[i]!]! += 1
        if (accepts(heat)) {
          copyPlan(current, trial)
          if (found()) break
        }
        share = budget.spend()
      }
      return share
    },
  }
}
