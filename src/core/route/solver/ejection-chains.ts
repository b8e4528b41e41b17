import { ejector } from './eject.ts'
import { perturbation } from './perturb.ts'
import type { Plan, Terms } from './plan.ts'
import type { Random } from './random.ts'

/** Random moves after each ejection (Nagata and Bräysy use a thousand). */
const PERTURBATIONS = 300

/**
 * Makes an incomplete plan complete without another route (Nagata and Bräysy 2009): absent stops are put back one by
 * one, ejecting others, those last that have been hard to place. Raises `penalties` as it goes; gives up when
 * `timeIsUp`, leaving the plan feasible with some stops absent.
 */
export type Complete = (plan: Plan, penalties: Float64Array, timeIsUp: () => boolean) => boolean

export function ejectionChains(terms: Terms, neighbours: Int32Array[], random: Random): Complete {
  const { place, squeeze } = ejector(terms, random)
  const perturb = perturbation(terms, neighbours, random)
  return (plan, penalties, timeIsUp) => {
    while (plan.sizes[0]! > 0) {
      if (timeIsUp()) return false
      const stop = plan.absent[plan.sizes[0]! - 1]!
      if (place(plan, stop)) continue
      penalties[stop]! += 1
      if (!squeeze(plan, stop, penalties)) return false
      perturb(plan, PERTURBATIONS)
    }
    return true
  }
}
